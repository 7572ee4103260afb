// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.rehearse.Node.Output;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a resource step: does what argoexec does (workflow/executor/resource.go of Argo
 * Workflows). It acts once, then looks at the live object at once and at every interval, the
 * failure condition first, and reads the outputs afresh at the end.
 */
final class StepPod {
  private final ResourceStep step;
  private final String namespace;
  private final ObjectStore store;
  private final SimulatedTime time;
  private final Watcher watcher;
  private boolean over;

  /**
   * @param namespace the pod's, taken for objects that name none
   */
  StepPod(
      ResourceStep step, String namespace, ObjectStore store, SimulatedTime time, Watcher watcher) {
    this.step = step;
    this.namespace = namespace;
    this.store = store;
    this.time = time;
    this.watcher = watcher;
  }

  /** Is told what becomes of the pod. */
  interface Watcher {
    void running();

    /**
     * @param exitCode of the main container; null when the pod was ended from outside
     */
    void ended(boolean succeeded, String message, @Nullable Integer exitCode, List<Output> outputs);
  }

  void start() {
    time.schedule(Timings.POD_START, ifNotOver(this::run));
    step.deadline()
        .ifPresent(
            deadline ->
                time.schedule(
                    deadline,
                    ifNotOver(
                        () ->
                            end(
                                false,
                                "Pod was active on the node longer than the specified deadline",
                                null,
                                List.of()))));
  }

  /** Ends the pod without a word to its watcher. */
  void kill() {
    over = true;
  }

  private Runnable ifNotOver(Runnable action) {
    return () -> {
      if (!over) {
        action.run();
      }
    };
  }

  private void run() {
    watcher.running();
    try {
      Optional<StateCondition> success = condition("success", step.successCondition());
      Optional<StateCondition> failure = condition("fail", step.failureCondition());
      Manifest object = step.object();
      ObjectKey key = ObjectKey.of(object, namespace);
      switch (step.action()) {
        case "apply" -> store.apply(key, object);
        case "create" -> store.create(key, object);
        case "delete" -> store.delete(key);
        default -> requireFound(key);
      }
      if (step.action().equals("delete")) {
        awaitEnd(key);
      } else if (success.isEmpty() && failure.isEmpty()) {
        succeed(key);
      } else {
        look(key, success, failure);
      }
    } catch (RejectedException | IllegalArgumentException e) {
      fail(e.getMessage());
    }
  }

  private static Optional<StateCondition> condition(String which, String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(StateCondition.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          which + " condition '" + text + "' failed to parse: " + e.getMessage(), e);
    }
  }

  private void requireFound(ObjectKey key) throws RejectedException {
    if (store.get(key).isEmpty()) {
      throw new RejectedException("Error from server (NotFound): " + key + " not found");
    }
  }

  private void awaitEnd(ObjectKey key) {
    if (step.waits() && store.get(key).isPresent()) {
      time.schedule(Timings.DELETE_CHECK, ifNotOver(() -> awaitEnd(key)));
    } else {
      end(true, "", 0, List.of());
    }
  }

  private void look(
      ObjectKey key, Optional<StateCondition> success, Optional<StateCondition> failure) {
    Optional<Manifest> live = store.get(key);
    if (live.isEmpty()) {
      fail(
          "The resource has been deleted while its status was still being checked. Will not be"
              + " retried: "
              + key
              + " not found");
      return;
    }
    Map<String, @Nullable Object> fields = live.get().fields();
    Optional<StateCondition.Requirement> failed =
        failure.flatMap(condition -> condition.firstMetBy(fields));
    if (failed.isPresent()) {
      fail("failure condition '" + failed.get() + "' evaluated true");
    } else if (success.map(condition -> condition.isMetBy(fields)).orElse(true)) {
      succeed(key);
    } else {
      time.schedule(Timings.STATE_CHECK, ifNotOver(() -> look(key, success, failure)));
    }
  }

  private void succeed(ObjectKey key) {
    List<Output> outputs = new ArrayList<>();
    try {
      for (Map<String, @Nullable Object> parameter : step.outputs()) {
        Map<String, @Nullable Object> from = Fields.typed(parameter.get("valueFrom"));
        Optional<Manifest> live = store.get(key);
        if (live.isEmpty()) {
          throw new IllegalArgumentException(key + " not found");
        }
        String value = Evidence.of(live.get(), from);
        outputs.add(new Output(Fields.text(parameter.get("name")), value, from));
      }
    } catch (IllegalArgumentException e) {
      fail(e.getMessage());
      return;
    }
    end(true, "", 0, outputs);
  }

  private void fail(@Nullable String reason) {
    end(false, "main: Error (exit code 1): " + (reason == null ? "" : reason), 1, List.of());
  }

  private void end(
      boolean succeeded, String message, @Nullable Integer exitCode, List<Output> outputs) {
    over = true;
    Duration rest = exitCode == null ? Duration.ZERO : Timings.POD_END;
    time.schedule(rest, () -> report(succeeded, message, exitCode, outputs));
  }

  private void report(
      boolean succeeded, String message, @Nullable Integer exitCode, List<Output> outputs) {
    watcher.ended(succeeded, message, exitCode, outputs);
  }
}
