// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a group is handled over time; none of it changes what is released.
 *
 * @param deletion of all its releases when no file declares it any more, and of one whose
 *     application is gone and says nothing itself
 * @param suspend nothing is begun, whatever Git or the cluster says
 * @param windows when changes may begin; empty for always
 * @param deadline how long the Workflow of a release may take; null for as long as its steps may
 */
public record Lifecycle(
    OnFailure onFailure,
    Deletion deletion,
    DriftPolicy drift,
    Approval approval,
    boolean suspend,
    List<ReleaseWindow> windows,
    @Nullable Duration deadline) {
  /** What holds where the file says nothing. */
  public static final Lifecycle DEFAULT =
      new Lifecycle(
          OnFailure.ROLLBACK,
          Deletion.REMOVE,
          DriftPolicy.CORRECT,
          Approval.AUTOMATIC,
          false,
          List.of(),
          null);

  public Lifecycle {
    windows = List.copyOf(windows);
  }
}
