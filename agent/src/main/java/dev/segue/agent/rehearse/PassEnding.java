// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;

/**
 * How a pass of helm-controller over a release ends: with exactly one of {@code done}, {@code
 * again}, {@code againAfterError}.
 */
interface PassEnding {
  /**
   * Helm wrote the release's objects and a revision of it.
   *
   * @param well whether they became ready
   */
  void released(ReleaseSpec spec, List<Manifest> manifest, boolean well);

  /** Helm deleted the release. */
  void uninstalled(ReleaseSpec spec);

  /** The release's objects are as they were rendered again. */
  void corrected(ReleaseSpec spec);

  void done();

  void again(Duration delay);

  /** Again, later each time. */
  void againAfterError();

  void say(String what);
}
