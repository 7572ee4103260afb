// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a release besides what its HelmRelease says. */
interface Conduct {
  /** How its next install or upgrade goes wrong; null when it goes well. */
  @Nullable Fault fault(Manifest release);

  /** Whether its objects do not go when they are deleted. */
  boolean staysWhenDeleted(Manifest release);

  /** What of its objects somebody changed; empty for nothing. */
  Optional<Drift> drift(Manifest release);

  /**
   * How long an action of Helm takes.
   *
   * @param action install, upgrade or uninstall
   * @param otherwise where nothing else is known
   */
  Duration lasts(Manifest release, String action, Duration otherwise);

  /**
   * Whether values that are not there count as none, instead of being waited for.
   *
   * @param holder what is not there, for people
   */
  boolean doesWithout(String holder);
}
