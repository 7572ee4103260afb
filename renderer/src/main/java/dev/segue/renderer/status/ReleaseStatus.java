// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.ReleaseName;
import java.util.List;
import java.util.Locale;

/**
 * How one release stands.
 *
 * @param action what the attempt does with it: install, upgrade, repair, keep, delete, orphan
 * @param task its task in the Workflow; "" when nothing is done
 * @param version the chart's version that is wanted
 * @param revision the version that was read back after the release; "" when it was not
 * @param startedAt RFC 3339; "" when not yet
 * @param finishedAt RFC 3339; "" when not yet
 */
public record ReleaseStatus(
    ReleaseName name,
    String action,
    State state,
    String task,
    String chart,
    String version,
    String revision,
    List<ReleaseName> dependencies,
    List<ReleaseName> softDependencies,
    String startedAt,
    String finishedAt,
    String message) {
  public ReleaseStatus {
    dependencies = List.copyOf(dependencies);
    softDependencies = List.copyOf(softDependencies);
  }

  ReleaseStatus withoutMessage() {
    return new ReleaseStatus(
        name,
        action,
        state,
        task,
        chart,
        version,
        revision,
        dependencies,
        softDependencies,
        startedAt,
        finishedAt,
        "");
  }

  /** How far it is. */
  public enum State {
    /** Its turn has not come. */
    PENDING,
    /** Its step runs. */
    RUNNING,
    /** It is what the commit wants. */
    RELEASED,
    FAILED,
    /** It was not tried, since what it needs failed. */
    OMITTED,
    DELETED,
    /** It is no longer wanted, and left as it is. */
    ORPHANED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is what was wanted of it. */
    boolean isDone() {
      return switch (this) {
        case RELEASED, DELETED, ORPHANED -> true;
        case PENDING, RUNNING, FAILED, OMITTED -> false;
      };
    }

    /** Whether nothing more will come of it in its attempt. */
    boolean hasEnded() {
      return this != PENDING && this != RUNNING;
    }

    /** Whether it has left the group. */
    public boolean isGone() {
      return this == DELETED || this == ORPHANED;
    }
  }
}
