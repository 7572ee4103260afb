// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a HelmRelease v2 during a pass. */
final class ReleaseStatus {
  private final Map<String, @Nullable Object> fields;
  private final Conditions conditions;
  private final List<Map<String, @Nullable Object>> history;
  private final long generation;

  ReleaseStatus(Manifest release) {
    this(release, release);
  }

  /**
   * Returns the status of {@code release}, for a pass that works on the spec of {@code begunWith}:
   * what has changed since is not observed.
   */
  ReleaseStatus(Manifest release, Manifest begunWith) {
    this.fields = Fields.copyOf(release.map("status"));
    this.conditions = new Conditions(fields.get("conditions"));
    this.history = new ArrayList<>();
    release.maps("status", "history").forEach(snapshot -> history.add(Fields.copyOf(snapshot)));
    this.generation = begunWith.number("metadata", "generation").orElse(1L);
  }

  /**
   * Returns the status of a release as another cluster left it.
   *
   * @param ready whether all was well; otherwise its upgrade failed and Flux gave up
   */
  static ReleaseStatus left(
      ReleaseSpec spec, String chart, String version, boolean ready, Instant now) {
    ReleaseStatus status = new ReleaseStatus(spec.release());
    String values = Digest.of("left").toString(); // Helm's own of the values is not told
    status.put("storageNamespace", spec.releaseNamespace());
    status.record(
        new Snapshot(
            true, ready, spec.releaseName(), spec.releaseNamespace(), chart, version, values),
        now);
    if (ready) {
      status.mark(
          Conditions.RELEASED, "True", "UpgradeSucceeded", "released before this began", now);
    } else {
      status.mark(Conditions.STALLED, "True", "RetriesExceeded", "failed before this began", now);
      status.mark(Conditions.RELEASED, "False", "UpgradeFailed", "failed before this began", now);
    }
    status.summarize(spec, now);
    status.observeGeneration();
    return status;
  }

  Conditions conditions() {
    return conditions;
  }

  void mark(String type, String status, String reason, String message, Instant now) {
    conditions.set(type, status, reason, message, Timestamps.of(now), generation);
  }

  /**
   * Makes Ready say what Released says, as after every action, and takes the common metadata for
   * written, whatever came of the action (release.go, summarize).
   */
  void summarize(ReleaseSpec spec, Instant now) {
    String metadata = spec.commonMetadataDigest();
    put("observedCommonMetadataDigest", metadata.isEmpty() ? null : metadata);
    Optional<String> status = conditions.get(Conditions.RELEASED, "status");
    if (status.isEmpty()) {
      return;
    }
    if (status.get().equals("True")) {
      conditions.remove(Conditions.STALLED);
    }
    mark(
        Conditions.READY,
        status.get(),
        conditions.get(Conditions.RELEASED, "reason").orElse(""),
        conditions.get(Conditions.RELEASED, "message").orElse(""),
        now);
  }

  String text(String field) {
    return Fields.text(fields.get(field));
  }

  long number(String field) {
    return fields.get(field) instanceof Number number ? number.longValue() : 0;
  }

  void put(String field, @Nullable Object value) {
    if (value == null) {
      fields.remove(field);
    } else {
      fields.put(field, value);
    }
  }

  /**
   * Whether the annotation asks for something with the token of this very pass, for the first time.
   * Its value is taken as handled in {@code field} in any case (meta.HandleAnnotationRequest of
   * Flux).
   */
  boolean takesRequest(Manifest release, String annotation, String field) {
    Optional<String> asked = release.annotation(annotation);
    if (asked.isEmpty()) {
      return false;
    }
    String token = asked.get();
    boolean handled = token.equals(text(field)) || token.equals(text("lastHandledReconcileAt"));
    put(field, token);
    return !handled && release.annotation(Labels.REQUESTED_AT).filter(token::equals).isPresent();
  }

  void observeGeneration() {
    fields.put("observedGeneration", generation);
  }

  /** The failures of the current action's kind, which count against its retries. */
  void countFailure(boolean install) {
    String field = install ? "installFailures" : "upgradeFailures";
    put("failures", number("failures") + 1);
    put(field, number(field) + 1);
  }

  void clearFailures() {
    List.of("failures", "installFailures", "upgradeFailures").forEach(fields::remove);
  }

  /** Returns a field of the newest snapshot; empty when nothing was ever released. */
  Optional<String> latest(String field) {
    return history.isEmpty()
        ? Optional.empty()
        : Optional.of(Fields.text(history.get(0).get(field)));
  }

  void clearHistory() {
    history.clear();
  }

  /** Puts a snapshot on top; a deployed one supersedes the deployed ones below it. */
  void record(Snapshot snapshot, Instant now) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    long version = history.isEmpty() ? 1 : versionOf(history.get(0)) + 1;
    String first =
        history.isEmpty() ? Timestamps.of(now) : Fields.text(history.get(0).get("firstDeployed"));
    entry.put("action", snapshot.install() ? "install" : "upgrade");
    entry.put("chartName", snapshot.chartName());
    entry.put("chartVersion", snapshot.chartVersion());
    entry.put("configDigest", snapshot.configDigest());
    entry.put("digest", Digest.of(snapshot + "/" + version).toString());
    entry.put("firstDeployed", first);
    entry.put("lastDeployed", Timestamps.of(now));
    entry.put("name", snapshot.name());
    entry.put("namespace", snapshot.namespace());
    entry.put("status", snapshot.deployed() ? "deployed" : "failed");
    entry.put("version", version);
    if (snapshot.deployed()) {
      history.stream()
          .filter(below -> "deployed".equals(below.get("status")))
          .forEach(below -> below.put("status", "superseded"));
    }
    history.add(0, entry);
  }

  /** Forgets what lies below the last release before the newest one. */
  void truncateHistory() {
    for (int i = 1; i < history.size(); i++) {
      if ("superseded".equals(history.get(i).get("status"))) {
        history.subList(i + 1, history.size()).clear();
        return;
      }
    }
  }

  private static long versionOf(Map<String, @Nullable Object> snapshot) {
    return snapshot.get("version") instanceof Number number ? number.longValue() : 0;
  }

  Map<String, @Nullable Object> toStatus() {
    Map<String, @Nullable Object> status = new LinkedHashMap<>(fields);
    status.put("conditions", conditions.toStatus());
    if (history.isEmpty()) {
      status.remove("history");
    } else {
      status.put("history", history);
    }
    return status;
  }

  /** What one action of Helm left in its storage. */
  record Snapshot(
      boolean install,
      boolean deployed,
      String name,
      String namespace,
      String chartName,
      String chartVersion,
      String configDigest) {}
}
