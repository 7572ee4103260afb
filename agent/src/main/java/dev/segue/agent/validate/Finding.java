// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Problem;
import java.util.Comparator;

/**
 * A problem, and what looked at found it.
 *
 * @param group "" when it is about a file
 * @param release "" when it is about no release
 * @param object such as {@code apps/v1 Deployment web}; "" when it is about no rendered object
 */
public record Finding(
    Severity severity, Check check, String group, String release, String object, Problem problem)
    implements Comparable<Finding> {
  private static final Comparator<Finding> BY_PLACE =
      Comparator.comparing(Finding::problem)
          .thenComparing(Finding::severity)
          .thenComparing(Finding::check)
          .thenComparing(Finding::group)
          .thenComparing(Finding::release)
          .thenComparing(Finding::object);

  /** What people do about it. */
  public enum Severity {
    /** The agent refuses it, or it is not what was asked for. Ends with 1. */
    ERROR,
    /** The agent takes it; somebody should look at it. Ends with 0. */
    WARNING
  }

  /** A problem of a file. */
  public static Finding ofFile(Problem problem) {
    return new Finding(Severity.ERROR, Check.FILE, "", "", "", problem);
  }

  /**
   * A problem of a group's charts.
   *
   * @param release "" when it is of no single one
   */
  public static Finding ofCharts(String group, String release, Problem problem) {
    return new Finding(Severity.ERROR, Check.CHARTS, group, release, "", problem);
  }

  /** The same, about this problem. */
  public Finding with(Problem other) {
    return new Finding(severity, check, group, release, object, other);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** What it says, without its place and code. */
  String sentence() {
    String field = problem.field().isEmpty() ? "" : "field `" + problem.field() + "` ";
    String remedy = problem.remedy();
    String end = problem.message().endsWith(".") || problem.message().endsWith("?") ? " " : ". ";
    return field + problem.message() + (remedy.isEmpty() ? "" : end + remedy);
  }

  /** One line, as {@link Problem#toString}; a warning says that it is one after its code. */
  public String line() {
    // What charts render may hold anything; a terminal must not obey it.
    String line = problem.toString().replaceAll("\\p{Cntrl}", " ");
    String code = problem.code().id() + ": ";
    return isError() ? line : line.replaceFirst(code, code + "warning: ");
  }

  @Override
  public int compareTo(Finding other) {
    return BY_PLACE.compare(this, other);
  }
}
