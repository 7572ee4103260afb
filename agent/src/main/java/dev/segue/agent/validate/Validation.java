// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What came of looking at files.
 *
 * @param files as the user knows them; sorted
 * @param groups sorted by file and line
 * @param findings sorted, each once
 * @param notes what was not looked at, a sentence without a full stop each
 */
public record Validation(
    List<String> files, List<Group> groups, List<Finding> findings, List<String> notes) {
  public Validation {
    files = files.stream().sorted().toList();
    groups = groups.stream().sorted().toList();
    findings = List.copyOf(new TreeSet<>(findings));
    notes = List.copyOf(notes);
  }

  /**
   * A group that the files declare.
   *
   * @param name "" when it cannot be read
   * @param line 1 being the first; 0 for the file as a whole
   * @param releases how many were rendered
   * @param looked which of its charts, images and schemas were looked at
   */
  public record Group(String file, int line, String name, int releases, Set<Check> looked)
      implements Comparable<Group> {
    public Group {
      looked =
          looked.isEmpty()
              ? java.util.Collections.unmodifiableSet(EnumSet.noneOf(Check.class))
              : java.util.Collections.unmodifiableSet(EnumSet.copyOf(looked));
    }

    @Override
    public int compareTo(Group other) {
      return java.util.Comparator.comparing(Group::file)
          .thenComparingInt(Group::line)
          .thenComparing(Group::name)
          .compare(this, other);
    }
  }

  public long errors() {
    return findings.stream().filter(Finding::isError).count();
  }

  long warnings() {
    return findings.size() - errors();
  }

  /** One line: how much was looked at and what was found. */
  public String summary() {
    int releases = groups.stream().mapToInt(Group::releases).sum();
    boolean charts = groups.stream().anyMatch(group -> group.looked().contains(Check.CHARTS));
    return count(files.size(), "file")
        + ", "
        + count(groups.size(), "group")
        + (charts ? ", " + count(releases, "release") + " rendered" : "")
        + ", "
        + count(errors(), "problem")
        + (warnings() == 0 ? "" : ", " + count(warnings(), "warning"));
  }

  /** A number with its noun, such as {@code 2 files}. */
  public static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** The findings as people read them, one on a line. */
  public String text() {
    return lines(findings);
  }

  static String lines(Collection<Finding> findings) {
    StringBuilder text = new StringBuilder();
    findings.forEach(finding -> text.append(finding.line()).append('\n'));
    return text.toString();
  }
}
