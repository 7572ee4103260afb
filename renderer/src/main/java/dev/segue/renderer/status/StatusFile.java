// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code status.yaml}: a report written and read back. */
public final class StatusFile {
  private StatusFile() {}

  public static String write(StatusReport report) {
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("apiVersion", "segue.dev/v1alpha1");
    file.put("kind", "GroupStatus");
    file.put("metadata", Map.of("name", report.group().value()));
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    file.put("status", status);
    status.put("phase", report.phase().text());
    status.put("commit", report.commit());
    status.put("file", report.file());
    status.put("attempt", attempt(report.attempt()));
    status.put("held", report.held() == null ? null : held(report.held()));
    status.put("conditions", report.conditions().stream().map(StatusFile::condition).toList());
    status.put("releases", report.releases().stream().map(StatusFile::release).toList());
    status.put("problems", report.problems());
    return YamlWriter.write(file);
  }

  static Map<String, @Nullable Object> attempt(Attempt attempt) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("number", attempt.number());
    map.put("purpose", attempt.purpose().text());
    map.put("result", attempt.result().text());
    map.put("commit", attempt.commit());
    map.put("digest", attempt.digest());
    map.put("workflow", attempt.workflow());
    return map;
  }

  private static Map<String, @Nullable Object> held(Held held) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("commit", held.commit());
    map.put("digest", held.digest());
    map.put("attempt", held.attempt());
    map.put("reason", held.reason());
    return map;
  }

  private static Map<String, @Nullable Object> condition(Condition condition) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("type", condition.type());
    map.put("status", condition.status().text());
    map.put("reason", condition.reason());
    map.put("message", condition.message());
    map.put("lastTransitionTime", condition.lastTransitionTime());
    return map;
  }

  private static Map<String, @Nullable Object> release(ReleaseStatus release) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", release.name().value());
    map.put("action", release.action());
    map.put("state", release.state().text());
    map.put("task", release.task());
    map.put("chart", release.chart());
    map.put("version", release.version());
    map.put("revision", release.revision());
    map.put("dependencies", release.dependencies().stream().map(ReleaseName::value).toList());
    map.put(
        "softDependencies", release.softDependencies().stream().map(ReleaseName::value).toList());
    map.put("startedAt", release.startedAt());
    map.put("finishedAt", release.finishedAt());
    map.put("message", release.message());
    return map;
  }

  /** Returns the report of such a file; empty when it is none, as after somebody's edit. */
  public static Optional<StatusReport> read(String text) {
    return FileReader.read(text, StatusFile::report);
  }

  /**
   * @throws IllegalArgumentException when it is none: whoever has a report relies on its condition
   *     Ready
   */
  private static StatusReport report(Manifest file) {
    StatusReport report = fields(file);
    if (report.condition("Ready").isEmpty()) {
      throw new IllegalArgumentException("a report must have the condition Ready");
    }
    return report;
  }

  private static StatusReport fields(Manifest file) {
    return new StatusReport(
        GroupName.parse(file.name()),
        Phase.parse(file.text("status", "phase").orElse("")),
        file.text("status", "commit").orElse(""),
        file.text("status", "file").orElse(""),
        readAttempt(file.map("status", "attempt")),
        file.at("status", "held") == null ? null : readHeld(file.map("status", "held")),
        file.maps("status", "conditions").stream().map(StatusFile::readCondition).toList(),
        file.maps("status", "releases").stream().map(StatusFile::readRelease).toList(),
        PlainData.texts(file.at("status", "problems")));
  }

  static Attempt readAttempt(Map<String, @Nullable Object> map) {
    return new Attempt(
        number(map.get("number")),
        Purpose.valueOf(PlainData.text(map, "purpose").toUpperCase(Locale.ROOT)),
        Attempt.Result.valueOf(PlainData.text(map, "result").toUpperCase(Locale.ROOT)),
        PlainData.text(map, "commit"),
        PlainData.text(map, "digest"),
        PlainData.text(map, "workflow"));
  }

  private static Held readHeld(Map<String, @Nullable Object> map) {
    return new Held(
        PlainData.text(map, "commit"),
        PlainData.text(map, "digest"),
        number(map.get("attempt")),
        PlainData.text(map, "reason"));
  }

  private static int number(@Nullable Object value) {
    return value instanceof Long number ? Math.toIntExact(number) : 0;
  }

  private static Condition readCondition(Map<String, @Nullable Object> map) {
    return new Condition(
        PlainData.text(map, "type"),
        Condition.Status.valueOf(PlainData.text(map, "status").toUpperCase(Locale.ROOT)),
        PlainData.text(map, "reason"),
        PlainData.text(map, "message"),
        PlainData.text(map, "lastTransitionTime"));
  }

  private static ReleaseStatus readRelease(Map<String, @Nullable Object> map) {
    return new ReleaseStatus(
        ReleaseName.parse(PlainData.text(map, "name")),
        PlainData.text(map, "action"),
        State.valueOf(PlainData.text(map, "state").toUpperCase(Locale.ROOT)),
        PlainData.text(map, "task"),
        PlainData.text(map, "chart"),
        PlainData.text(map, "version"),
        PlainData.text(map, "revision"),
        PlainData.texts(map.get("dependencies")).stream().map(ReleaseName::parse).toList(),
        PlainData.texts(map.get("softDependencies")).stream().map(ReleaseName::parse).toList(),
        PlainData.text(map, "startedAt"),
        PlainData.text(map, "finishedAt"),
        PlainData.text(map, "message"));
  }
}
