// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.time.Duration;

/** How long things take: about what a small, idle cluster needs. */
final class Timings {
  /** From a change of a Workflow to the controller's pass. */
  static final Duration WORKFLOW_PASS = Duration.ofSeconds(1);

  /** From a pod's creation to its main container's start. */
  static final Duration POD_START = Duration.ofSeconds(2);

  /** From a main container's end to the pod's. */
  static final Duration POD_END = Duration.ofSeconds(1);

  /** Between two looks of a resource step; Argo's default. */
  static final Duration STATE_CHECK = Duration.ofSeconds(5);

  /** How often {@code kubectl delete} looks whether the object is gone. */
  static final Duration DELETE_CHECK = Duration.ofSeconds(1);

  /** From a change of a HelmRelease to the pass: the old status stands so long. */
  static final Duration HELM_REACTION = Duration.ofMillis(1500);

  /** For source, values and chart. */
  static final Duration HELM_PREPARATION = Duration.ofMillis(300);

  /** For an action of Helm, beside {@link #HELM_PER_OBJECT}. */
  static final Duration HELM_ACTION = Duration.ofSeconds(2);

  static final Duration HELM_PER_OBJECT = Duration.ofMillis(800);
  static final Duration HELM_ACTION_MOST = Duration.ofSeconds(20);

  /** The timeout of an action when the HelmRelease says none; Flux's default. */
  static final Duration HELM_TIMEOUT = Duration.ofMinutes(5);

  /** Between two passes when the HelmRelease says nothing. */
  static final Duration HELM_INTERVAL = Duration.ofMinutes(5);

  /** Between two tries while a source or a dependency is not ready; Flux's default. */
  static final Duration DEPENDENCY_RETRY = Duration.ofSeconds(30);

  /** Before the first retry after an error; it doubles until {@link #BACKOFF_MOST}. */
  static final Duration BACKOFF = Duration.ofMillis(750);

  static final Duration BACKOFF_MOST = Duration.ofMinutes(15);

  /** From a source's change until it is Ready. */
  static final Duration SOURCE_FETCH = Duration.ofMillis(700);

  /**
   * How long Helm's action must take for a step that lasts about {@code step}: a step sees it when
   * it looks next.
   */
  static Duration actionOfStep(Duration step) {
    double looked = step.minus(POD_START).minus(POD_END).toMillis();
    long whole = Math.max(1, Math.round(looked / STATE_CHECK.toMillis()));
    return STATE_CHECK
        .multipliedBy(whole)
        .minus(HELM_REACTION)
        .minus(HELM_PREPARATION)
        .minus(Duration.ofMillis(200));
  }

  /** The same for a step that deletes. */
  static Duration uninstallOfStep(Duration step) {
    Duration around = POD_START.plus(POD_END).plus(HELM_REACTION);
    Duration left = step.minus(around);
    return left.compareTo(DELETE_CHECK) < 0 ? DELETE_CHECK : left;
  }

  private Timings() {}
}
