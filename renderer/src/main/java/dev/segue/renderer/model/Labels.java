// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** The labels and annotations that Segue writes, and those of Flux that it relies on. */
public final class Labels {
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY} on every object that is Segue's; also its field manager. */
  public static final String SEGUE = "segue";

  /**
   * The group an object belongs to, shortened to a label's 63 characters by nobody: a group's name
   * fits.
   */
  public static final String GROUP = "segue.dev/group";

  /** The release (application) that a HelmRelease is. */
  public static final String RELEASE = "segue.dev/release";

  /**
   * The first 16 digits of the digest of what is desired: of one release, or of the whole Workflow.
   */
  public static final String DIGEST = "segue.dev/digest";

  /** The number of the attempt, from 1. */
  public static final String ATTEMPT = "segue.dev/attempt";

  /** Annotation: the source commit that a Workflow or release came from. */
  public static final String COMMIT = "segue.dev/commit";

  /** What a Workflow is made for, such as {@code rollback}. */
  public static final String PURPOSE = "segue.dev/purpose";

  /** Annotation: the source commit for which a running Workflow was stopped. */
  public static final String STOPPED_FOR = "segue.dev/stopped-for";

  /**
   * Annotation of all objects of a release while they are kept from being deleted: the Workflow
   * that does so. It makes every time another, so that Flux never takes it as done.
   */
  public static final String HELD_BY = "segue.dev/held-by";

  /**
   * Label, with the value {@code true}: a ConfigMap whose annotations are requests of people to a
   * group. It is watched with the group's releases and never collected.
   */
  public static final String REQUESTS = "segue.dev/requests";

  /**
   * Label of an ApplicationGroup, with the value {@link #GIT}: it shows a group that a file of Git
   * declares. One without it was applied by somebody.
   */
  public static final String SOURCE = "segue.dev/source";

  /** The value of {@link #SOURCE}. */
  public static final String GIT = "git";

  /** Annotation of what shows a group of Git: the file that declares it. */
  public static final String FILE = "segue.dev/file";

  /**
   * Flux: a new value asks for a pass; {@code status.lastHandledReconcileAt} echoes it at the
   * pass's end.
   */
  public static final String REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";

  /**
   * Flux: with the same value, resets the failure counts; {@code status.lastHandledResetAt} echoes
   * it.
   */
  public static final String RESET_AT = "reconcile.fluxcd.io/resetAt";

  /** Flux: with the same value, has Helm release although nothing is another. */
  public static final String FORCE_AT = "reconcile.fluxcd.io/forceAt";

  private Labels() {}
}
