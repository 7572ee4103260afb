// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Rehearsed;
import dev.segue.renderer.status.Rehearsed.Case;
import dev.segue.renderer.status.Rehearsed.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What rehearsals came to, for a reviewer: {@code segue rehearse}. */
public final class RehearsalPage {
  private static final String SIMULATED =
      "Simulated: the agent's own Workflows on the embedded cluster, from what the status branch"
          + " records. No cluster was touched, nothing was written.";
  private static final int VERDICT = 5;

  private final List<Rehearsed> groups;
  private final List<GroupName> quiet;

  /**
   * @param groups with which something would be done, or that were asked for
   * @param quiet the others; with them nothing would be done
   */
  public RehearsalPage(List<Rehearsed> groups, List<GroupName> quiet) {
    this.groups = List.copyOf(groups);
    this.quiet = List.copyOf(quiet);
  }

  /** Returns the page as text, YAML or JSON. */
  public Answer of(Format format) {
    boolean fine = groups.stream().allMatch(Rehearsed::isFine);
    return new Answer(format.isForPeople() ? text(format) : format.write(data()), fine);
  }

  private String text(Format format) {
    StringBuilder text = new StringBuilder(SIMULATED).append('\n');
    for (Rehearsed group : groups) {
      text.append('\n').append(title(group)).append('\n');
      group.changes().forEach(entry -> text.append("  ").append(change(entry)).append('\n'));
      text.append('\n').append(table(group, format));
      remarks(group).forEach(line -> text.append("  ").append(line).append('\n'));
    }
    String rest = rest();
    if (!rest.isEmpty()) {
      text.append('\n').append(rest).append('\n');
    }
    return text.toString();
  }

  private static String title(Rehearsed group) {
    String from = group.from().isEmpty() ? "nothing" : Shown.shortened(group.from());
    return group.group()
        + ": "
        + from
        + " → "
        + Shown.shortened(group.to())
        + ", "
        + group.summary();
  }

  private static String change(AttemptRecord.Entry entry) {
    return entry.action()
        + " "
        + entry.release()
        + ": "
        + Shown.line(String.join("; ", entry.reasons()));
  }

  private static String table(Rehearsed group, Format format) {
    Table table = new Table("CASE", "ENDS", "NOT RUN", "ROLLED BACK", "LASTS", "VERDICT");
    for (Case each : group.cases()) {
      table.add(
          each.title(),
          ends(each),
          names(each.notRun()),
          names(each.rolledBack()),
          lasts(each),
          verdict(group, each));
    }
    return table.text("  ", VERDICT, cell -> paint(cell, format));
  }

  private static String paint(String cell, Format format) {
    if (format != Format.COLOURED) {
      return cell;
    }
    return "\u001b[" + (cell.equals("fine") ? "32" : "31") + "m" + cell + "\u001b[0m";
  }

  private static String ends(Case each) {
    if (each.end() == End.BACK) {
      return "back at " + Shown.shortened(each.at());
    }
    if (each.end() == End.HELD) {
      return each.there().isEmpty() ? "held, nothing is there" : "held as it is";
    }
    return each.end().text();
  }

  private static String names(List<ReleaseName> names) {
    return names.stream().map(ReleaseName::value).collect(Collectors.joining(", "));
  }

  private static String lasts(Case each) {
    return each.lasts().isZero() ? "" : duration(each.lasts());
  }

  private static String duration(Duration duration) {
    return GoDuration.format(Duration.ofSeconds(Math.round(duration.toMillis() / 1000.0)));
  }

  /** What a real API server refuses does not end well, whatever the simulation made of it. */
  private static String verdict(Rehearsed group, Case each) {
    boolean refused = each.failing().isEmpty() && !group.refusals().isEmpty();
    return each.isFine() && !refused ? "fine" : "not fine";
  }

  /** What the table alone does not tell, a line each. */
  private static List<String> remarks(Rehearsed group) {
    List<String> lines = new ArrayList<>(group.refusals().stream().map(Shown::line).toList());
    for (Case each : group.cases()) {
      if (!each.message().isEmpty()) {
        lines.add(each.title() + ": " + Shown.line(each.message()));
      }
    }
    lines.addAll(group.notes().stream().map(Shown::line).toList());
    if (!group.changes().isEmpty()) {
      lines.add(times(group));
    }
    return lines;
  }

  private static String times(Rehearsed group) {
    List<ReleaseName> changed =
        group.changes().stream().map(AttemptRecord.Entry::release).distinct().toList();
    List<ReleaseName> unknown =
        changed.stream().filter(release -> !group.timed().containsKey(release)).toList();
    String known =
        group.timed().entrySet().stream()
            .map(entry -> entry.getKey() + " " + duration(entry.getValue()))
            .collect(Collectors.joining(", "));
    String text = "a step lasts";
    if (!known.isEmpty()) {
      text += ", by the median of its last ones: " + known;
    }
    if (!unknown.isEmpty()) {
      text +=
          (known.isEmpty() ? " " : "; ")
              + duration(group.otherwise())
              + " where there is no history ("
              + (unknown.size() == changed.size() ? "all" : names(unknown))
              + ")";
    }
    return text;
  }

  private String rest() {
    if (quiet.isEmpty()) {
      return groups.isEmpty() ? "No group is declared or released." : "";
    }
    String names = quiet.stream().map(GroupName::value).collect(Collectors.joining(", "));
    return "Nothing would be done with " + names + ".";
  }

  /** Returns the page for a comment on a pull request. */
  public String markdown() {
    StringBuilder text = new StringBuilder("### Rehearsal\n\n");
    text.append(SIMULATED).append('\n');
    for (Rehearsed group : groups) {
      text.append("\n**").append(cell(title(group))).append("**\n\n");
      group.changes().forEach(e -> text.append("- ").append(cell(change(e))).append('\n'));
      text.append("\n| case | ends | not run | rolled back | lasts | verdict |\n");
      text.append("|---|---|---|---|---|---|\n");
      for (Case each : group.cases()) {
        text.append("| ")
            .append(
                String.join(
                    " | ",
                    cell(each.title()),
                    cell(ends(each)),
                    cell(names(each.notRun())),
                    cell(names(each.rolledBack())),
                    lasts(each),
                    verdict(group, each).replace("not fine", "**not fine**")))
            .append(" |\n");
      }
      text.append('\n');
      remarks(group).forEach(line -> text.append("- ").append(cell(line)).append('\n'));
    }
    String rest = rest();
    if (!rest.isEmpty()) {
      text.append('\n').append(rest).append('\n');
    }
    return text.toString();
  }

  /** Text from Git ends no cell, begins no markup and calls nobody. */
  private static String cell(String text) {
    return Shown.line(text)
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("`", "\\`")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("[", "\\[")
        .replace("@", "@\u200b");
  }

  private Map<String, @Nullable Object> data() {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("apiVersion", "segue.dev/v1alpha1");
    data.put("kind", "Rehearsal");
    data.put("simulated", true);
    data.put("fine", groups.stream().allMatch(Rehearsed::isFine));
    data.put("items", groups.stream().map(RehearsalPage::item).toList());
    data.put("unchanged", quiet.stream().map(GroupName::value).toList());
    return data;
  }

  private static Map<String, @Nullable Object> item(Rehearsed group) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("name", group.group().value());
    item.put("from", group.from());
    item.put("to", group.to());
    item.put("summary", group.summary());
    item.put("plan", group.plan().stream().map(RehearsalPage::entry).toList());
    Map<String, @Nullable Object> timed = new LinkedHashMap<>();
    group.timed().forEach((release, took) -> timed.put(release.value(), duration(took)));
    item.put("steps", timed);
    item.put("otherSteps", duration(group.otherwise()));
    item.put("refusals", group.refusals());
    item.put("notes", group.notes());
    item.put("fine", group.isFine());
    item.put("cases", group.cases().stream().map(RehearsalPage::caseData).toList());
    return item;
  }

  private static Map<String, @Nullable Object> entry(AttemptRecord.Entry entry) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", entry.release().value());
    map.put("action", entry.action());
    map.put("chart", entry.chart());
    map.put("from", entry.from());
    map.put("version", entry.version());
    map.put("reasons", entry.reasons());
    return map;
  }

  private static Map<String, @Nullable Object> caseData(Case each) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("failing", values(each.failing()));
    map.put("ends", each.end().text());
    map.put("at", each.at());
    map.put("released", values(each.there()));
    map.put("notRun", values(each.notRun()));
    map.put("rolledBack", values(each.rolledBack()));
    map.put("seconds", Math.round(each.lasts().toMillis() / 1000.0));
    map.put("fine", each.isFine());
    map.put("message", each.message());
    return map;
  }

  private static List<String> values(List<ReleaseName> names) {
    return names.stream().map(ReleaseName::value).toList();
  }
}
