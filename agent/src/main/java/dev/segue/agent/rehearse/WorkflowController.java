// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Argo's controller: runs every Workflow of the store. */
final class WorkflowController implements ObjectStore.Listener {
  static final String GROUP = "argoproj.io";
  static final String KIND = "Workflow";

  private final ObjectStore store;
  private final SimulatedTime time;
  private final Consumer<String> log;
  private final Map<ObjectKey, WorkflowRun> runs = new HashMap<>();

  WorkflowController(ObjectStore store, SimulatedTime time, Consumer<String> log) {
    this.store = store;
    this.time = time;
    this.log = log;
  }

  @Override
  public void changed(ObjectKey key, @Nullable Manifest before, @Nullable Manifest after) {
    if (!key.kind().equals(KIND) || !key.group().equals(GROUP)) {
      return;
    }
    if (after == null) {
      WorkflowRun run = runs.remove(key);
      if (run != null) {
        run.forget();
      }
    } else if (before == null || !Objects.equals(before.at("spec"), after.at("spec"))) {
      runs.computeIfAbsent(key, k -> new WorkflowRun(k, store, time, log)).passSoon();
    }
  }
}
