// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.List;

/** What happens to one release, and why. */
public sealed interface Change {
  ReleaseName release();

  /** In the order in which a reader wants them; empty for {@link Keep} only. */
  List<String> reasons();

  /**
   * The word for it in plans and status: {@code install}, {@code upgrade}, {@code repair}, {@code
   * keep}, {@code delete}, {@code orphan}.
   */
  String action();

  /** A change that gives Flux a spec. */
  sealed interface Apply extends Change permits Install, Upgrade, Repair {
    DesiredRelease desired();

    /**
     * Whether Flux says now that the release failed: then its old failure must not be taken for the
     * new one.
     */
    boolean liveFailed();

    @Override
    default ReleaseName release() {
      return desired().name();
    }
  }

  /** The release is not there. */
  record Install(DesiredRelease desired, List<String> reasons) implements Apply {
    public Install {
      reasons = List.copyOf(reasons);
    }

    @Override
    public boolean liveFailed() {
      return false;
    }

    @Override
    public String action() {
      return "install";
    }
  }

  /** The release is there and is to be another. */
  record Upgrade(DesiredRelease desired, boolean liveFailed, List<String> reasons)
      implements Apply {
    public Upgrade {
      reasons = List.copyOf(reasons);
    }

    @Override
    public String action() {
      return "upgrade";
    }
  }

  /**
   * The release was asked to be what it is to be, and is not.
   *
   * @param forced whether Helm must release again although nothing changed: what Helm deployed is
   *     no longer what it was
   */
  record Repair(DesiredRelease desired, boolean liveFailed, boolean forced, List<String> reasons)
      implements Apply {
    public Repair {
      reasons = List.copyOf(reasons);
    }

    @Override
    public String action() {
      return "repair";
    }
  }

  /** Nothing is to be done. */
  record Keep(DesiredRelease desired) implements Change {
    @Override
    public ReleaseName release() {
      return desired.name();
    }

    @Override
    public List<String> reasons() {
      return List.of();
    }

    @Override
    public String action() {
      return "keep";
    }
  }

  /** The release is no longer declared. */
  record Delete(DeployedRelease deployed, List<String> reasons) implements Change {
    public Delete {
      reasons = List.copyOf(reasons);
    }

    @Override
    public ReleaseName release() {
      return deployed.name();
    }

    @Override
    public String action() {
      return "delete";
    }
  }

  /** The release is no longer declared, stays as it is and is nobody's from now on. */
  record Orphan(DeployedRelease deployed, List<String> reasons) implements Change {
    public Orphan {
      reasons = List.copyOf(reasons);
    }

    @Override
    public ReleaseName release() {
      return deployed.name();
    }

    @Override
    public String action() {
      return "orphan";
    }
  }
}
