// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Tenancy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What of the agent's configuration is rendered.
 *
 * @param namespace of the Flux and Argo objects of groups that name none
 * @param serviceAccount that the Workflow's steps run as
 * @param parallelism the most steps at a time for groups that say nothing; 0 for no limit
 * @param timeToLive how long a finished Workflow is kept
 * @param podGarbageCollection Argo's strategy, such as {@code OnPodSuccess}
 * @param sourceUrl the source repository as Flux reaches it, without credentials
 * @param sourceBranch the branch to find pinned commits on; "" when a tag or a commit is watched
 * @param sourceSecretRef the Secret that Flux reads it with; null when it needs none
 * @param statusUrl the repository with the status branch as Flux reaches it, without credentials
 * @param statusBranch the status branch, such as {@code segue/lab}
 * @param statusSecretRef the Secret that Flux reads that with; null when it needs none
 * @param tenancy what files may release, and as whom
 */
public record RenderSettings(
    Namespace namespace,
    String serviceAccount,
    int parallelism,
    Duration timeToLive,
    String podGarbageCollection,
    String sourceUrl,
    String sourceBranch,
    @Nullable String sourceSecretRef,
    String statusUrl,
    String statusBranch,
    @Nullable String statusSecretRef,
    Tenancy tenancy) {
  /** As the other, where everybody may release everything. */
  public RenderSettings(
      Namespace namespace,
      String serviceAccount,
      int parallelism,
      Duration timeToLive,
      String podGarbageCollection,
      String sourceUrl,
      String sourceBranch,
      @Nullable String sourceSecretRef,
      String statusUrl,
      String statusBranch,
      @Nullable String statusSecretRef) {
    this(
        namespace,
        serviceAccount,
        parallelism,
        timeToLive,
        podGarbageCollection,
        sourceUrl,
        sourceBranch,
        sourceSecretRef,
        statusUrl,
        statusBranch,
        statusSecretRef,
        Tenancy.NONE);
  }

  /** Returns these settings with other limits. */
  public RenderSettings with(Tenancy other) {
    return new RenderSettings(
        namespace,
        serviceAccount,
        parallelism,
        timeToLive,
        podGarbageCollection,
        sourceUrl,
        sourceBranch,
        sourceSecretRef,
        statusUrl,
        statusBranch,
        statusSecretRef,
        other);
  }

  /** Returns where the Flux and Argo objects of {@code group} are. */
  public Namespace namespaceOf(ApplicationGroup group) {
    return group.namespace() == null ? namespace : group.namespace();
  }
}
