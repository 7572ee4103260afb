// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Flux's source-controller: marks sources Ready soon after they change. Charts themselves are
 * looked up when a release needs them.
 */
final class SourceController implements ObjectStore.Listener {
  private final ObjectStore store;
  private final SimulatedTime time;

  SourceController(ObjectStore store, SimulatedTime time) {
    this.store = store;
    this.time = time;
  }

  @Override
  public void changed(ObjectKey key, @Nullable Manifest before, @Nullable Manifest after) {
    boolean isNew =
        after != null && (before == null || !Objects.equals(before.at("spec"), after.at("spec")));
    if (isNew && key.group().equals(ChartSources.GROUP)) {
      time.schedule(Timings.SOURCE_FETCH, () -> store.get(key).ifPresent(o -> fetch(key, o)));
    }
  }

  private void fetch(ObjectKey key, Manifest source) {
    long generation = source.number("metadata", "generation").orElse(1L);
    String revision =
        source
            .text("spec", "ref", "commit")
            .map(commit -> "sha1:" + commit)
            .or(() -> source.text("spec", "ref", "digest"))
            .orElse("");
    Conditions conditions = new Conditions(source.at("status", "conditions"));
    conditions.set(
        Conditions.READY,
        "True",
        "Succeeded",
        revision.isEmpty() ? "stored artifact" : "stored artifact for revision '" + revision + "'",
        Timestamps.of(time.now()),
        generation);
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", generation);
    status.put("conditions", conditions.toStatus());
    if (!revision.isEmpty()) {
      status.put("artifact", Map.of("revision", revision));
    }
    store.updateStatus(key, status);
  }
}
