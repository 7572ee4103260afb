// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code history/<attempt>.yaml}: an attempt written and read back. */
public final class HistoryFile {
  private HistoryFile() {}

  /** Where an attempt is told, relative to its group's folder. */
  public static RepoPath path(int attempt) {
    return RepoPath.parse("history/" + attempt + ".yaml");
  }

  public static String write(AttemptRecord record) {
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("apiVersion", "segue.dev/v1alpha1");
    file.put("kind", "Attempt");
    file.put("metadata", Map.of("name", record.group().value()));
    file.put("attempt", StatusFile.attempt(record.attempt()));
    file.put("sourceCommit", record.sourceCommit());
    file.put("file", record.file());
    file.put("plan", record.plan());
    file.put("approvedBy", record.approvedBy());
    file.put("plannedAt", record.plannedAt());
    file.put("startedAt", record.startedAt());
    file.put("finishedAt", record.finishedAt());
    file.put("message", record.message());
    file.put("releases", record.releases().stream().map(HistoryFile::entry).toList());
    return YamlWriter.write(file);
  }

  private static Map<String, @Nullable Object> entry(AttemptRecord.Entry entry) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", entry.release().value());
    map.put("action", entry.action());
    map.put("chart", entry.chart());
    map.put("from", entry.from());
    map.put("version", entry.version());
    map.put("reasons", entry.reasons());
    map.put("state", entry.state().text());
    map.put("startedAt", entry.startedAt());
    map.put("finishedAt", entry.finishedAt());
    map.put("message", entry.message());
    return map;
  }

  /** Returns the attempt of such a file; empty when it is none. */
  public static Optional<AttemptRecord> read(String text) {
    return FileReader.read(text, HistoryFile::record);
  }

  private static AttemptRecord record(Manifest file) {
    return new AttemptRecord(
        GroupName.parse(file.name()),
        StatusFile.readAttempt(file.map("attempt")),
        file.text("sourceCommit").orElse(""),
        file.text("file").orElse(""),
        file.text("plan").orElse(""),
        file.text("approvedBy").orElse(""),
        file.text("plannedAt").orElse(""),
        file.text("startedAt").orElse(""),
        file.text("finishedAt").orElse(""),
        file.text("message").orElse(""),
        file.maps("releases").stream().map(HistoryFile::readEntry).toList());
  }

  private static AttemptRecord.Entry readEntry(Map<String, @Nullable Object> map) {
    return new AttemptRecord.Entry(
        ReleaseName.parse(PlainData.text(map, "name")),
        PlainData.text(map, "action"),
        PlainData.text(map, "chart"),
        PlainData.text(map, "from"),
        PlainData.text(map, "version"),
        PlainData.texts(map.get("reasons")),
        State.valueOf(PlainData.text(map, "state").toUpperCase(Locale.ROOT)),
        PlainData.text(map, "startedAt"),
        PlainData.text(map, "finishedAt"),
        PlainData.text(map, "message"));
  }
}
