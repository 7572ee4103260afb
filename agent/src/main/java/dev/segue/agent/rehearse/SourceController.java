// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Flux's source-controller: marks sources Ready soon after they change or are asked for, and makes
 * the charts of HelmCharts. A chart that was made stays, whatever becomes of its source.
 */
final class SourceController implements ObjectStore.Listener {
  private final ObjectStore store;
  private final SimulatedTime time;
  private final ChartSources charts;

  SourceController(ObjectStore store, SimulatedTime time, ChartSources charts) {
    this.store = store;
    this.time = time;
    this.charts = charts;
  }

  @Override
  public void changed(ObjectKey key, @Nullable Manifest before, @Nullable Manifest after) {
    if (!key.group().equals(ChartSources.GROUP)) {
      return;
    }
    if (after == null) {
      charts.forget(key);
    } else if (before == null || isAsked(before, after)) {
      reconcile(key);
    }
  }

  private static boolean isAsked(Manifest before, Manifest after) {
    return !Objects.equals(before.at("spec"), after.at("spec"))
        || !before.annotation(Labels.REQUESTED_AT).equals(after.annotation(Labels.REQUESTED_AT));
  }

  private void reconcile(ObjectKey key) {
    time.schedule(Timings.SOURCE_FETCH, () -> store.get(key).ifPresent(o -> fetch(key, o)));
  }

  private void fetch(ObjectKey key, Manifest object) {
    if (key.kind().equals(ChartSources.CHART)) {
      make(key, object);
      return;
    }
    String revision =
        object
            .text("spec", "ref", "commit")
            .map(commit -> "sha1:" + commit)
            .or(() -> object.text("spec", "ref", "digest"))
            .orElse("");
    String message =
        revision.isEmpty() ? "stored artifact" : "stored artifact for revision '" + revision + "'";
    ready(key, object, "Succeeded", message, revision);
    for (Manifest chart : store.list(ChartSources.GROUP, ChartSources.CHART)) {
      ObjectKey waiting = ObjectKey.of(chart);
      if (chart.at("status", "artifact") == null
          && ChartSources.source(waiting, chart).equals(key)) {
        reconcile(waiting);
      }
    }
  }

  private void make(ObjectKey key, Manifest helmChart) {
    ObjectKey source = ChartSources.source(key, helmChart);
    Manifest found = store.get(source).orElse(null);
    if (found == null) {
      failed(
          key,
          helmChart,
          "SourceUnavailable",
          "failed to get source: " + ChartSources.notFound(source));
    } else if (!new Conditions(found.at("status", "conditions")).isTrue(Conditions.READY)) {
      failed(
          key,
          helmChart,
          "NoSourceArtifact",
          "no artifact available for " + source.kind() + " source '" + source.name() + "'");
    } else {
      make(key, helmChart, source.kind().equals("GitRepository"));
    }
  }

  private void make(ObjectKey key, Manifest helmChart, boolean packaged) {
    try {
      ChartSources.Found found = charts.keep(key, helmChart);
      ready(
          key,
          helmChart,
          packaged ? "ChartPackageSucceeded" : "ChartPullSucceeded",
          (packaged ? "packaged '" : "pulled '")
              + found.chart().name()
              + "' chart with version '"
              + found.version()
              + "'",
          found.version());
    } catch (ChartException e) {
      if (e.retryable()) {
        failed(key, helmChart, "ChartPullError", "chart pull error: " + e.getMessage());
        time.schedule(Timings.DEPENDENCY_RETRY, () -> store.get(key).ifPresent(o -> fetch(key, o)));
      } else {
        stalled(key, helmChart, "invalid chart reference: " + e.getMessage());
      }
    } catch (ChartSources.NotReadyException | IllegalArgumentException e) {
      stalled(key, helmChart, "invalid chart reference: " + e.getMessage());
    }
  }

  private void ready(
      ObjectKey key, Manifest object, String reason, String message, String revision) {
    Map<String, @Nullable Object> status = status(object);
    status.put("observedGeneration", generation(object));
    status.put("conditions", conditions(object, "True", reason, message, false));
    if (!revision.isEmpty()) {
      status.put("artifact", Map.of("revision", revision));
    }
    store.updateStatus(key, status);
  }

  /** As Flux leaves it: the artifact stays, and so does the generation that was last observed. */
  private void failed(ObjectKey key, Manifest object, String reason, String message) {
    Map<String, @Nullable Object> status = status(object);
    status.put("conditions", conditions(object, "False", reason, message, false));
    store.updateStatus(key, status);
  }

  private void stalled(ObjectKey key, Manifest object, String message) {
    Map<String, @Nullable Object> status = status(object);
    status.put("observedGeneration", generation(object));
    status.put("conditions", conditions(object, "False", "InvalidChartReference", message, true));
    store.updateStatus(key, status);
  }

  private static Map<String, @Nullable Object> status(Manifest object) {
    Map<String, @Nullable Object> status = new LinkedHashMap<>(object.map("status"));
    object
        .annotation(Labels.REQUESTED_AT)
        .ifPresent(token -> status.put("lastHandledReconcileAt", token));
    return status;
  }

  private Object conditions(
      Manifest object, String ready, String reason, String message, boolean stalled) {
    String now = Timestamps.of(time.now());
    Conditions conditions = new Conditions(object.at("status", "conditions"));
    conditions.remove(Conditions.STALLED);
    if (stalled) {
      conditions.set(Conditions.STALLED, "True", reason, message, now, generation(object));
    }
    conditions.set(Conditions.READY, ready, reason, message, now, generation(object));
    return conditions.toStatus();
  }

  private static long generation(Manifest object) {
    return object.number("metadata", "generation").orElse(1L);
  }
}
