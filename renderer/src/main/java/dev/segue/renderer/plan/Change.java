// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.model.LiveRelease;
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
  sealed interface Apply extends Change permits Install, Adopt, Upgrade, Yield, Repair {
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

  /**
   * The release takes over objects that are there: another release has them and yields them, or
   * nobody has them any more.
   *
   * @param there whether the release itself is there already
   */
  record Adopt(DesiredRelease desired, boolean there, List<String> reasons) implements Apply {
    public Adopt {
      reasons = List.copyOf(reasons);
    }

    @Override
    public boolean liveFailed() {
      return false;
    }

    @Override
    public String action() {
      return there ? "upgrade" : "install";
    }
  }

  /**
   * The release is there and is to be another.
   *
   * @param forced whether Helm must release again although Flux may see no change: its objects may
   *     still be kept from being deleted
   */
  record Upgrade(DesiredRelease desired, boolean liveFailed, boolean forced, List<String> reasons)
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
   * The release is to be another, and what it has no longer goes to releases of its own; none of it
   * is deleted.
   *
   * @param live as it is
   * @param holds whether its objects must be kept from being deleted first; otherwise it yielded
   *     before, in an attempt that did not reach its end
   */
  record Yield(DesiredRelease desired, LiveRelease live, boolean holds, List<String> reasons)
      implements Apply {
    public Yield {
      reasons = List.copyOf(reasons);
    }

    /** It was well when it yielded. */
    @Override
    public boolean liveFailed() {
      return false;
    }

    /** Whether an old failure must be forgotten before it yields. */
    public boolean resets() {
      return !holds && live.state() == LiveRelease.State.FAILED;
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

  /** A change that takes a release away. */
  sealed interface Removal extends Change permits Delete, Dissolve, Reclaim {
    DeployedRelease deployed();

    @Override
    default ReleaseName release() {
      return deployed().name();
    }

    @Override
    default String action() {
      return "delete";
    }
  }

  /** The release is no longer declared. */
  record Delete(DeployedRelease deployed, List<String> reasons) implements Removal {
    public Delete {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * The release goes and its objects stay: another release has them in its chart.
   *
   * @param live as it is
   * @param into that other release
   */
  record Dissolve(
      DeployedRelease deployed, LiveRelease live, ReleaseName into, List<String> reasons)
      implements Removal {
    public Dissolve {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * The release goes with its objects, although they are kept from being deleted with it now, since
   * an attempt to move them did not reach its end.
   *
   * @param live as it is
   */
  record Reclaim(DeployedRelease deployed, LiveRelease live, List<String> reasons)
      implements Removal {
    public Reclaim {
      reasons = List.copyOf(reasons);
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
