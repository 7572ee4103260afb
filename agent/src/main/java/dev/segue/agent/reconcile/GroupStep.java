// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** A step of a group; empty when there is nothing to say of it any more. */
@FunctionalInterface
interface GroupStep {
  Optional<Outcome> take() throws PortException;

  /** Takes the step; whatever goes wrong is its outcome. */
  static Optional<Outcome> guarded(GroupName group, GroupStep step) {
    try {
      return step.take();
    } catch (PortException e) {
      return Optional.of(new Outcome.Failed(e.code(), e.getMessage(), e.retryable()));
    } catch (RuntimeException | Error e) { // a turn that never ended would hold up the group
      LoggerFactory.getLogger(GroupStep.class)
          .error("{}: a bug of Segue; please report it", group, e);
      return Optional.of(
          new Outcome.Failed(ProblemCode.INTERNAL_ERROR, "internal error: " + e, false));
    }
  }
}
