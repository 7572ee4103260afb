// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.RequestsFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.status.Waits;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How groups stand, and why: {@code segue status}. */
public final class Overview {
  private static final int READY = 2;

  private final StatusBranch branch;
  private final String name;
  private final InstantSource clock;

  /**
   * @param name the branch's
   */
  public Overview(StatusBranch branch, String name, InstantSource clock) {
    this.branch = branch;
    this.name = name;
    this.clock = clock;
  }

  /** What the branch says of a group; the report is empty when its status cannot be read. */
  private record Told(
      GroupName group,
      Optional<StatusReport> report,
      Optional<AttemptRecord> next,
      Requests requests) {
    static Told of(GroupFolder folder) throws RepoException {
      return new Told(folder.group(), folder.report(), folder.next(), folder.requestsIfReadable());
    }

    boolean isFine() {
      return report
          .filter(r -> r.ready().status() == Condition.Status.TRUE || r.phase() == Phase.REMOVED)
          .isPresent();
    }

    List<String> why() {
      List<String> lines = new ArrayList<>();
      report.ifPresent(
          r -> {
            lines.addAll(Waits.ofGroup(r, requests, next));
            lines.addAll(Waits.lines(Waits.of(r)));
          });
      return lines;
    }
  }

  /**
   * Returns how these groups stand, in their order; all when none is named, then without their
   * releases.
   *
   * @param why whether to say what each release and group waits for
   * @param at an RFC 3339 time, or the first digits of a commit of the branch or the source; null
   *     for now
   */
  public Answer of(List<GroupName> groups, boolean why, @Nullable String at, Format format)
      throws RepoException, RefusedException {
    Moment moment =
        at == null
            ? Moment.now(branch, name, clock.instant())
            : Moment.at(
                branch,
                name,
                at,
                groups.stream()
                    .map(GroupName::value)
                    .collect(Collectors.toCollection(TreeSet::new)));
    List<Told> all = new ArrayList<>();
    if (groups.isEmpty()) {
      for (GroupFolder folder : GroupFolder.all(moment.snapshot())) {
        all.add(Told.of(folder));
      }
    }
    for (GroupName group : groups) {
      all.add(Told.of(GroupFolder.of(moment.snapshot(), group)));
    }
    boolean fine = all.stream().allMatch(Told::isFine);
    if (!format.isForPeople()) {
      return new Answer(format.write(data(moment, all, why)), fine);
    }
    StringBuilder text = new StringBuilder();
    if (at != null) {
      text.append("Commit ").append(moment.commit()).append(" of branch ").append(name);
      text.append(", written at ").append(moment.time()).append(":\n");
    }
    if (groups.isEmpty()) {
      text.append(all.isEmpty() ? "no group has a status yet\n" : table(all, moment, format));
      if (why) {
        all.stream().filter(told -> !told.why().isEmpty()).forEach(told -> why(told, text));
      }
    } else {
      all.forEach(told -> details(told, moment, why, format, text));
    }
    return new Answer(text.toString(), fine);
  }

  private static String table(List<Told> all, Moment moment, Format format) {
    Table table =
        new Table("GROUP", "PHASE", "READY", "REASON", "ATTEMPT", "COMMIT", "AGE", "MESSAGE");
    for (Told told : all) {
      if (told.report().isEmpty()) {
        table.add(told.group().value(), "", "", "", "", "", "", "its `status.yaml` cannot be read");
        continue;
      }
      StatusReport report = told.report().get();
      Condition ready = report.ready();
      table.add(
          told.group().value(),
          report.phase().text(),
          ready.status().text(),
          ready.reason(),
          Integer.toString(report.attempt().number()),
          Shown.shortened(report.commit()),
          Shown.age(ready.lastTransitionTime(), moment.time()),
          ready.message());
    }
    return table.text("", READY, format::paint);
  }

  private static void why(Told told, StringBuilder text) {
    text.append('\n').append(told.group()).append(":\n");
    told.why().forEach(line -> text.append("  ").append(shownWithIndent(line)).append('\n'));
  }

  /** Only the spaces before the first word are ours. */
  private static String shownWithIndent(String line) {
    int indent = line.length() - line.stripLeading().length();
    return " ".repeat(indent) + Shown.line(line);
  }

  private static void details(
      Told told, Moment moment, boolean why, Format format, StringBuilder text) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    if (told.report().isEmpty()) {
      text.append(told.group()).append(": its `status.yaml` cannot be read\n");
      return;
    }
    StatusReport report = told.report().get();
    Condition ready = report.ready();
    text.append(told.group()).append(": ").append(report.phase().text()).append(", Ready ");
    text.append(format.paint(ready.status().text())).append(" (");
    text.append(Shown.line(ready.reason())).append(") for ");
    text.append(Shown.age(ready.lastTransitionTime(), moment.time())).append('\n');
    entry(text, "message", ready.message());
    entry(text, "commit", report.commit() + " in " + report.file());
    entry(text, "attempt", attempt(report));
    if (report.held() != null) {
      entry(text, "held", report.held().commit() + ": " + report.held().reason());
      entry(text, "", "segue retry " + told.group());
    }
    told.next().ifPresent(next -> waiting(next, ready, text));
    asked(Waits.open(report, told.requests(), told.next()))
        .forEach(line -> entry(text, "asked", line));
    report.problems().forEach(problem -> entry(text, "problem", problem));
    if (!report.releases().isEmpty()) {
      text.append(releases(report, format));
    }
    if (why && !told.why().isEmpty()) {
      text.append("  why\n");
      told.why().forEach(line -> text.append("    ").append(shownWithIndent(line)).append('\n'));
    }
  }

  private static String attempt(StatusReport report) {
    if (report.attempt().number() == 0) {
      return "none yet";
    }
    String workflow = report.workflow().isEmpty() ? "" : ", Workflow " + report.workflow();
    return report.attempt().number()
        + ", "
        + report.attempt().purpose().text()
        + " "
        + report.attempt().result().text()
        + workflow;
  }

  private static void waiting(AttemptRecord next, Condition ready, StringBuilder text) {
    long changes =
        next.releases().stream().filter(release -> !release.action().equals("keep")).count();
    entry(
        text,
        "waits",
        "plan " + next.plan() + ", " + changes + (changes == 1 ? " change" : " changes"));
    if (ready.reason().equals("AwaitingApproval")) {
      entry(text, "", "segue approve " + next.group() + " " + next.plan());
    }
  }

  /** What people ask, a line each. */
  private static List<String> asked(Requests requests) {
    List<String> lines = new ArrayList<>();
    if (requests.suspend() != null) {
      lines.add("suspended" + Shown.by(requests.suspend().by(), requests.suspend().at()));
    }
    if (requests.approve() != null) {
      Requests.Approve approve = requests.approve();
      lines.add("plan " + approve.digest() + " approved" + Shown.by(approve.by(), approve.at()));
    }
    if (requests.retry() != null) {
      Requests.Retry retry = requests.retry();
      lines.add("another try after attempt " + retry.attempt() + Shown.by(retry.by(), retry.at()));
    }
    if (requests.rollback() != null) {
      Requests.Rollback rollback = requests.rollback();
      lines.add("back to commit " + rollback.to() + Shown.by(rollback.by(), rollback.at()));
    }
    return lines;
  }

  private static void entry(StringBuilder text, String key, String value) {
    text.append("  %-8s ".formatted(key)).append(Shown.line(value)).append('\n');
  }

  private static String releases(StatusReport report, Format format) {
    Table table = new Table("RELEASE", "STATE", "ACTION", "CHART", "VERSION", "SINCE");
    report
        .releases()
        .forEach(
            release ->
                table.add(
                    release.name().value(),
                    release.state().text(),
                    release.action(),
                    release.chart(),
                    release.version(),
                    release.finishedAt().isEmpty() ? release.startedAt() : release.finishedAt()));
    return table.text("  ", 1, format::paint);
  }

  private Map<String, @Nullable Object> data(Moment moment, List<Told> all, boolean why) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("apiVersion", "segue.dev/v1alpha1");
    data.put("kind", "GroupStatusList");
    data.put("branch", name);
    data.put("commit", moment.commit().hex());
    data.put("time", moment.time().toString());
    data.put("items", all.stream().map(told -> item(told, why)).toList());
    return data;
  }

  private static Map<String, @Nullable Object> item(Told told, boolean why) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("name", told.group().value());
    item.put(
        "status",
        told.report().map(r -> PlainData.at(parsed(StatusFile.write(r)), "status")).orElse(null));
    item.put("waiting", told.next().map(next -> parsed(HistoryFile.write(next))).orElse(null));
    item.put(
        "requests",
        PlainData.at(parsed(RequestsFile.write(told.group(), told.requests())), "spec"));
    if (why) {
      item.put(
          "why",
          told.report().map(r -> Waits.ofGroup(r, told.requests(), told.next())).orElse(List.of()));
      item.put(
          "waits",
          told.report()
              .map(r -> Waits.of(r).stream().map(Overview::waits).toList())
              .orElse(List.of()));
    }
    return item;
  }

  private static Map<String, @Nullable Object> waits(Waits.Wait wait) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", wait.release().name().value());
    map.put("state", wait.release().state().text());
    map.put("waitsFor", names(wait, false));
    map.put("waitsForTheEndOf", names(wait, true));
    map.put("message", wait.release().message());
    return map;
  }

  private static List<String> names(Waits.Wait wait, boolean soft) {
    return wait.on().entrySet().stream()
        .filter(on -> on.getValue() == soft)
        .map(Map.Entry::getKey)
        .map(ReleaseName::value)
        .toList();
  }

  /** What one of our own files says, as plain data. */
  static Map<String, @Nullable Object> parsed(String file) {
    return ((YamlNode.Mapping) YamlReader.read(file).documents().get(0)).data();
  }
}
