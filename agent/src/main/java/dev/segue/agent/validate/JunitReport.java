// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Findings as JUnit's XML: a suite for each file, in it a test case for the file itself and one for
 * each group and check. It has no times, so equal findings give equal bytes.
 */
public final class JunitReport {
  private static final String NO_FILE = "(no file)";

  private final StringBuilder xml = new StringBuilder();
  private final Validation validation;

  private JunitReport(Validation validation) {
    this.validation = validation;
  }

  /** Returns the XML document. */
  public static String of(Validation validation) {
    JunitReport report = new JunitReport(validation);
    report.write();
    return report.xml.toString();
  }

  /**
   * A test case.
   *
   * @param skipped why nothing was looked at; "" when something was
   */
  private record Case(String name, List<Finding> findings, String skipped) {
    boolean failed() {
      return findings.stream().anyMatch(Finding::isError);
    }

    boolean isSkipped() {
      return !skipped.isEmpty() && findings.isEmpty();
    }
  }

  private void write() {
    Map<String, List<Case>> suites = suites();
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    open("<testsuites", "segue validate", suites.values().stream().flatMap(List::stream).toList());
    suites.forEach(
        (file, cases) -> {
          open("  <testsuite", file, cases);
          cases.forEach(one -> write(file, one));
          xml.append("  </testsuite>\n");
        });
    xml.append("</testsuites>\n");
  }

  private Map<String, List<Case>> suites() {
    Map<String, List<Case>> suites = new TreeMap<>();
    validation.files().forEach(file -> suites.put(file, cases(file)));
    validation.findings().stream()
        .map(finding -> finding.problem().path())
        .forEach(file -> suites.computeIfAbsent(file.isEmpty() ? NO_FILE : file, this::cases));
    return suites;
  }

  private List<Case> cases(String file) {
    List<Case> cases = new java.util.ArrayList<>();
    String path = file.equals(NO_FILE) ? "" : file;
    cases.add(new Case("file", found(path, "", Check.FILE), ""));
    for (Validation.Group group : validation.groups()) {
      if (group.file().equals(file) && !group.name().isEmpty()) {
        for (Check check : List.of(Check.CHARTS, Check.IMAGES, Check.SCHEMAS)) {
          cases.add(
              new Case(
                  "group " + group.name() + ": " + check.text(),
                  found(path, group.name(), check),
                  group.looked().contains(check) ? "" : "not looked at"));
        }
      }
    }
    return cases;
  }

  private List<Finding> found(String path, String group, Check check) {
    return validation.findings().stream()
        .filter(finding -> finding.problem().path().equals(path))
        .filter(finding -> finding.group().equals(group) && finding.check() == check)
        .toList();
  }

  private void open(String element, String name, Collection<Case> cases) {
    xml.append(element);
    attribute("name", name);
    attribute("tests", Integer.toString(cases.size()));
    attribute("failures", Long.toString(cases.stream().filter(Case::failed).count()));
    attribute("errors", "0");
    attribute("skipped", Long.toString(cases.stream().filter(Case::isSkipped).count()));
    xml.append(">\n");
  }

  private void write(String file, Case one) {
    xml.append("    <testcase");
    attribute("classname", file);
    attribute("name", one.name());
    List<Finding> errors = one.findings().stream().filter(Finding::isError).toList();
    List<Finding> warnings = one.findings().stream().filter(finding -> !finding.isError()).toList();
    if (one.findings().isEmpty() && !one.isSkipped()) {
      xml.append("/>\n");
      return;
    }
    xml.append(">\n");
    if (one.isSkipped()) {
      xml.append("      <skipped");
      attribute("message", one.skipped());
      xml.append("/>\n");
    }
    if (!errors.isEmpty()) {
      xml.append("      <failure");
      attribute("type", errors.get(0).problem().code().id());
      attribute(
          "message",
          errors.size() == 1
              ? errors.get(0).line()
              : Validation.count(errors.size(), "problem") + "; first: " + errors.get(0).line());
      xml.append('>').append(escaped(Validation.lines(errors))).append("</failure>\n");
    }
    if (!warnings.isEmpty()) {
      xml.append("      <system-out>")
          .append(escaped(Validation.lines(warnings)))
          .append("</system-out>\n");
    }
    xml.append("    </testcase>\n");
  }

  private void attribute(String name, String value) {
    xml.append(' ').append(name).append("=\"").append(escaped(value)).append('"');
  }

  /** XML has no control characters, not even escaped. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isXml(c) ? c : ' ');
              }
            });
    return escaped.toString();
  }

  private static boolean isXml(int c) {
    return c == '\n' || (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }
}
