// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Markdown for people: the status branch's first page and each group's plan. */
public final class Pages {
  private static final int MOST_GROUPS = 50;

  /** Within code a backslash cannot be escaped, and before a pipe it would end the cell. */
  private static final Pattern CODE_WITH_BACKSLASH = Pattern.compile("`[^`]*\\\\[^`]*`");

  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_\\[\\]|~]");

  private Pages() {}

  /**
   * The page that opens with the status branch. It is written with every status, so of more than 50
   * groups it says how many are Ready, and shows 50 of the others.
   *
   * @param reports of all groups, by name
   */
  public static String readme(String cluster, List<StatusReport> reports) {
    StringBuilder page = new StringBuilder();
    page.append("# Cluster ").append(code(cluster)).append("\n\n");
    page.append(
        "Written by Segue after what it read back from the cluster. Do not edit: the next status replaces it.\n\n");
    if (reports.size() > MOST_GROUPS) {
      page.append(overview(reports));
      return page.toString();
    }
    page.append(rows(reports));
    for (StatusReport report : reports) {
      page.append("\n## ").append(report.group()).append("\n\n");
      if (!report.releases().isEmpty()) {
        page.append(Picture.of(report.releases()));
      }
      report.problems().forEach(problem -> page.append("\n- ").append(cell(problem)));
      if (!report.problems().isEmpty()) {
        page.append('\n');
      }
    }
    return page.toString();
  }

  private static String overview(List<StatusReport> reports) {
    StringBuilder page = new StringBuilder("Of ").append(reports.size()).append(" groups ");
    Map<Status, Long> counts =
        reports.stream()
            .collect(Collectors.groupingBy(r -> r.ready().status(), Collectors.counting()));
    page.append(counts.getOrDefault(Status.TRUE, 0L)).append(" are Ready, ");
    page.append(counts.getOrDefault(Status.FALSE, 0L)).append(" are not, and of ");
    page.append(counts.getOrDefault(Status.UNKNOWN, 0L))
        .append(" it is not known yet. Each has its plan in [groups](groups).\n");
    List<StatusReport> others =
        reports.stream()
            .filter(report -> report.ready().status() != Status.TRUE)
            .sorted(Comparator.comparing(report -> report.ready().status() != Status.FALSE))
            .toList();
    if (!others.isEmpty()) {
      page.append(
          others.size() > MOST_GROUPS ? "\nThe first " + MOST_GROUPS + " of these:\n\n" : "\n");
      page.append(rows(others.subList(0, Math.min(MOST_GROUPS, others.size()))));
    }
    return page.toString();
  }

  private static String rows(List<StatusReport> reports) {
    StringBuilder page = new StringBuilder();
    page.append("| Group | Ready | Reason | Releases | Attempt | Commit | Message |\n");
    page.append("|---|---|---|---|---|---|---|\n");
    for (StatusReport report : reports) {
      Condition ready = report.ready();
      page.append("| [")
          .append(report.group())
          .append("](groups/")
          .append(report.group())
          .append("/plan.md) | ");
      page.append(symbol(ready.status())).append(' ').append(ready.status().text()).append(" | ");
      page.append(cell(ready.reason()))
          .append(" | ")
          .append(counts(report))
          .append(" | ")
          .append(report.attempt().number());
      page.append(" | `")
          .append(cell(CommitId.shortened(report.commit())))
          .append("` | ")
          .append(cell(ready.message()))
          .append(" |\n");
    }
    return page.toString();
  }

  /** The plan of an attempt: counts, table, picture, critical path, blast radius. */
  public static String plan(Plan plan, StatusReport report, List<String> notices) {
    StringBuilder page = new StringBuilder();
    page.append("# Plan for `")
        .append(report.group())
        .append("`, attempt ")
        .append(report.attempt().number())
        .append("\n\n");
    page.append("**")
        .append(plan.isEmpty() ? "Nothing to do" : Reports.summary(plan))
        .append(".** ");
    page.append("Commit `")
        .append(plan.desired().commit())
        .append("`, file ")
        .append(code(report.file()))
        .append(", ");
    page.append("digest `")
        .append(plan.digest().hex())
        .append("`, Workflow `")
        .append(report.workflow())
        .append("`.\n\n");
    page.append(table(plan, report.releases()));
    page.append('\n').append(Picture.of(report.releases()));
    page.append("\nCritical path: ").append(criticalPath(plan)).append("\n\n");
    page.append("Blast radius (unchanged, downstream of a change): ")
        .append(joined(plan.blastRadius()))
        .append("\n");
    page.append(handovers(plan));
    if (!notices.isEmpty()) {
      page.append("\n## Notices\n\n");
      notices.forEach(notice -> page.append("- ").append(cell(notice)).append('\n'));
    }
    return page.toString();
  }

  /**
   * What becomes of each release, after what, and why: a Markdown table.
   *
   * @param releases of {@link Reports#releases}
   */
  public static String table(Plan plan, List<ReleaseStatus> releases) {
    StringBuilder table = new StringBuilder();
    table.append("| # | Release | Action | Chart | After | Why |\n|---|---|---|---|---|---|\n");
    Map<ReleaseName, Change> changes = new TreeMap<>();
    plan.changes().forEach(change -> changes.put(change.release(), change));
    Map<ReleaseName, Step> steps = new TreeMap<>();
    plan.steps().stream()
        .filter(step -> step.phase() == Step.Phase.LAST)
        .forEach(step -> steps.put(step.change().release(), step));
    int number = 1;
    for (ReleaseStatus release : releases) {
      table
          .append("| ")
          .append(number++)
          .append(" | ")
          .append(release.name())
          .append(" | ")
          .append(release.action())
          .append(" | ")
          .append(cell(release.chart() + " " + release.version()))
          .append(" | ")
          .append(
              release.action().equals("delete") ? after(steps.get(release.name())) : after(release))
          .append(" | ")
          .append(cell(reasons(changes.get(release.name()))))
          .append(" |\n");
    }
    return table.toString();
  }

  /** Which objects change hands, and the steps that see to it; "" when none do. */
  public static String handovers(Plan plan) {
    List<String> steps =
        plan.steps().stream()
            .filter(step -> plan.handovers() > 0)
            .filter(step -> step.phase() != Step.Phase.LAST)
            .map(step -> '`' + step.task() + '`')
            .toList();
    return steps.isEmpty()
        ? ""
        : "\nObjects change hands and none is deleted; before the changes themselves come "
            + String.join(", ", steps)
            + ".\n";
  }

  private static String criticalPath(Plan plan) {
    List<ReleaseName> path = plan.criticalPath(release -> plan.timeout(release).toSeconds());
    if (path.isEmpty()) {
      return "none";
    }
    long seconds = path.stream().mapToLong(release -> plan.timeout(release).toSeconds()).sum();
    return path.stream().map(ReleaseName::value).collect(Collectors.joining(" → "))
        + " ("
        + path.size()
        + (path.size() == 1 ? " step, at most " : " steps, at most ")
        + (seconds + 59) / 60
        + " min by their timeouts)";
  }

  private static String reasons(@Nullable Change change) {
    return change == null ? "" : String.join("; ", change.reasons());
  }

  /** What a release waits for, soft dependencies named as such. */
  public static String after(ReleaseStatus release) {
    String hard =
        release.dependencies().stream().map(ReleaseName::value).collect(Collectors.joining(", "));
    String soft =
        release.softDependencies().stream()
            .map(name -> name + " (soft)")
            .collect(Collectors.joining(", "));
    return hard + (hard.isEmpty() || soft.isEmpty() ? "" : ", ") + soft;
  }

  /** What goes waits for what stood on it, not for what it stood on. */
  private static String after(@Nullable Step step) {
    return step == null
        ? ""
        : step.waits().stream()
            .map(wait -> wait.task() + (wait.soft() ? " (soft)" : ""))
            .collect(Collectors.joining(", "));
  }

  public static String joined(Set<ReleaseName> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().map(ReleaseName::value).collect(Collectors.joining(", "));
  }

  private static String counts(StatusReport report) {
    long released = report.releases().stream().filter(r -> r.state() == State.RELEASED).count();
    return released + " of " + report.releases().stream().filter(r -> !r.state().isGone()).count();
  }

  private static String symbol(Status status) {
    return switch (status) {
      case TRUE -> "🟢";
      case FALSE -> "🔴";
      case UNKNOWN -> "🔵";
    };
  }

  /**
   * Text from outside must not break a table, nor be more than text: no link, picture, HTML or
   * emphasis. What it has in backquotes stays code.
   */
  public static String cell(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    boolean paired = line.chars().filter(c -> c == '`').count() % 2 == 0;
    if (!paired || line.contains("``") || CODE_WITH_BACKSLASH.matcher(line).find()) {
      return escaped(line);
    }
    StringBuilder cell = new StringBuilder();
    boolean code = false;
    for (String part : line.split("`", -1)) {
      cell.append(code ? '`' + part.replace("|", "\\|") + '`' : escaped(part));
      code = !code;
    }
    return cell.toString();
  }

  private static String escaped(String text) {
    return SPECIAL.matcher(text).replaceAll("\\\\$0").replace("&", "&amp;").replace("<", "&lt;");
  }

  /** In a line of its own making, where backquotes cannot be escaped. */
  public static String code(String text) {
    return "`" + text.replaceAll("[\\s\\p{Cntrl}`]+", " ") + "`";
  }
}
