// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds of objects that tests look for on an API server. */
public final class Kinds {
  public static final ResourceDefinitionContext GROUP =
      kind("segue.dev", "v1alpha1", "ApplicationGroup", "applicationgroups");
  public static final ResourceDefinitionContext HELM_RELEASE =
      kind("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases");
  public static final ResourceDefinitionContext WORKFLOW =
      kind("argoproj.io", "v1alpha1", "Workflow", "workflows");

  private Kinds() {}

  private static ResourceDefinitionContext kind(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
