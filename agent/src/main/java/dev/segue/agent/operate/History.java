// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was done to a group, attempt by attempt: {@code segue history}. */
public final class History {
  private static final int RESULT = 2;
  private static final int STATE = 4;

  private final StatusBranch branch;
  private final String name;

  /**
   * @param name the branch's
   */
  public History(StatusBranch branch, String name) {
    this.branch = branch;
    this.name = name;
  }

  /** Returns the last attempts of a group, newest first, {@code most} at most. */
  public Answer last(GroupName group, int most, Format format)
      throws RepoException, RefusedException {
    List<AttemptRecord> history = folder(group).history(most);
    if (!format.isForPeople()) {
      Map<String, @Nullable Object> data = new LinkedHashMap<>();
      data.put("apiVersion", "segue.dev/v1alpha1");
      data.put("kind", "AttemptList");
      data.put("group", group.value());
      data.put(
          "items",
          history.stream().map(record -> Overview.parsed(HistoryFile.write(record))).toList());
      return new Answer(format.write(data), true);
    }
    if (history.isEmpty()) {
      return new Answer(group + ": no attempt is told of it yet\n", true);
    }
    Table table =
        new Table(
            "ATTEMPT",
            "PURPOSE",
            "RESULT",
            "COMMIT",
            "PLANNED",
            "STARTED",
            "FINISHED",
            "TOOK",
            "APPROVED BY",
            "MESSAGE");
    for (AttemptRecord record : history) {
      table.add(
          Integer.toString(record.attempt().number()),
          record.attempt().purpose().text(),
          record.attempt().result().text(),
          Shown.shortened(record.attempt().commit()),
          record.plannedAt(),
          record.startedAt(),
          record.finishedAt(),
          Shown.between(record.startedAt(), record.finishedAt()),
          record.approvedBy(),
          record.message());
    }
    return new Answer(table.text("", RESULT, format::paint), true);
  }

  /** Returns one attempt with its releases. */
  public Answer attempt(GroupName group, int number, Format format)
      throws RepoException, RefusedException {
    GroupFolder folder = folder(group);
    AttemptRecord record =
        folder
            .attempt(number)
            .orElseThrow(
                () ->
                    new RefusedException(
                        group
                            + ": no attempt "
                            + number
                            + " is told of it; `segue history "
                            + group
                            + "` shows those that are"));
    if (!format.isForPeople()) {
      return new Answer(format.write(Overview.parsed(HistoryFile.write(record))), true);
    }
    return new Answer(text(record, format), true);
  }

  private static String text(AttemptRecord record, Format format) {
    StringBuilder text = new StringBuilder();
    text.append(record.group()).append(", attempt ").append(record.attempt().number());
    text.append(": ").append(record.attempt().purpose().text()).append(' ');
    text.append(format.paint(record.attempt().result().text())).append('\n');
    entry(text, "message", record.message());
    entry(text, "commit", record.attempt().commit());
    if (!record.sourceCommit().equals(record.attempt().commit())) {
      entry(text, "watched", record.sourceCommit());
    }
    entry(text, "file", record.file());
    entry(text, "digest", record.attempt().digest());
    entry(text, "plan", record.plan());
    entry(text, "approved", record.approvedBy().isEmpty() ? "" : "by " + record.approvedBy());
    entry(text, "workflow", record.attempt().workflow());
    entry(text, "planned", record.plannedAt());
    entry(text, "started", record.startedAt());
    String took = Shown.between(record.startedAt(), record.finishedAt());
    entry(text, "finished", record.finishedAt() + (took.isEmpty() ? "" : ", after " + took));
    Table table =
        new Table("RELEASE", "ACTION", "FROM", "VERSION", "STATE", "STARTED", "FINISHED", "WHY");
    List<AttemptRecord.Entry> done =
        record.releases().stream().filter(release -> !release.action().equals("keep")).toList();
    for (AttemptRecord.Entry release : done) {
      String reasons = String.join("; ", release.reasons());
      table.add(
          release.release().value(),
          release.action(),
          release.from(),
          release.version(),
          release.state().text(),
          release.startedAt(),
          release.finishedAt(),
          release.message().isEmpty() ? reasons : reasons + "; " + release.message());
    }
    int kept = record.releases().size() - done.size();
    text.append(done.isEmpty() ? "" : table.text("  ", STATE, format::paint));
    return text.append(kept == 0 ? "" : "  " + kept + " kept as they were\n").toString();
  }

  private static void entry(StringBuilder text, String key, String value) {
    if (!value.isEmpty()) {
      text.append("  %-9s ".formatted(key)).append(Shown.line(value)).append('\n');
    }
  }

  private GroupFolder folder(GroupName group) throws RepoException, RefusedException {
    return GroupFolder.of(Moment.now(branch, name, Instant.EPOCH).snapshot(), group);
  }
}
