// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The pass of helm-controller over a release that is deleted. What fails is tried again, and the
 * HelmRelease stays until it is done.
 */
final class Uninstall {
  private static final String ACTION = "uninstall";

  private final ObjectKey key;
  private final ObjectStore store;
  private final SimulatedTime time;
  private final Conduct conduct;
  private final PassEnding ending;

  Uninstall(
      ObjectKey key, ObjectStore store, SimulatedTime time, Conduct conduct, PassEnding ending) {
    this.key = key;
    this.store = store;
    this.time = time;
    this.conduct = conduct;
    this.ending = ending;
  }

  void run(Manifest release) {
    boolean skip =
        Boolean.TRUE.equals(release.at("spec", "suspend"))
            || release.text("status", "storageNamespace").isEmpty();
    ending.say(ACTION);
    ReleaseSpec spec = new ReleaseSpec(release, key.namespace());
    if (skip) {
      later(Duration.ZERO, now -> done());
    } else if (!conduct.staysWhenDeleted(release)) {
      later(
          conduct.lasts(release, ACTION, Timings.HELM_ACTION),
          now -> {
            ending.uninstalled(spec);
            done();
          });
    } else {
      Duration timeout = spec.timeout(ACTION);
      later(timeout, now -> fail(now, spec, timeout));
    }
  }

  private void done() {
    ending.say("uninstalled");
    ending.done();
    store.update(key, r -> Fields.with(r, null, "metadata", "finalizers"));
  }

  private void fail(Manifest release, ReleaseSpec spec, Duration timeout) {
    ReleaseStatus status = new ReleaseStatus(release);
    String message =
        "Helm uninstall failed for release "
            + spec.fullName()
            + ": not everything is gone after "
            + Timestamps.go(timeout)
            + ": context deadline exceeded";
    status.mark(Conditions.READY, "False", "UninstallFailed", message, time.now());
    store.updateStatus(key, status.toStatus());
    ending.say(message);
    ending.againAfterError();
  }

  private void later(Duration delay, Consumer<Manifest> next) {
    time.schedule(delay, () -> store.get(key).ifPresent(next));
  }
}
