// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects of a kind are found on an API server.
 *
 * @param group "" for the core
 */
record Resource(String group, String version, String kind, String plural, boolean namespaced) {
  static final Resource CONFIG_MAP = core("ConfigMap", "configmaps");
  static final Resource SECRET = core("Secret", "secrets");
  static final Resource LEASE = new Resource("coordination.k8s.io", "v1", "Lease", "leases", true);
  static final Resource HELM_RELEASE =
      new Resource("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases", true);
  static final Resource WORKFLOW =
      new Resource("argoproj.io", "v1alpha1", "Workflow", "workflows", true);
  static final Resource GROUP =
      new Resource("segue.dev", "v1alpha1", "ApplicationGroup", "applicationgroups", true);
  static final Resource ORKESTRA_GROUP =
      new Resource(
          "orkestra.azure.microsoft.com",
          "v1alpha1",
          "ApplicationGroup",
          "applicationgroups",
          false);
  static final Resource EVENT = new Resource("events.k8s.io", "v1", "Event", "events", true);
  static final Resource GIT_REPOSITORY = source("GitRepository", "gitrepositories");
  static final Resource HELM_CHART = source("HelmChart", "helmcharts");
  static final Resource HELM_REPOSITORY = source("HelmRepository", "helmrepositories");
  static final Resource OCI_REPOSITORY = source("OCIRepository", "ocirepositories");

  private static Resource core(String kind, String plural) {
    return new Resource("", "v1", kind, plural, true);
  }

  private static Resource source(String kind, String plural) {
    return new Resource("source.toolkit.fluxcd.io", "v1", kind, plural, true);
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The path of the kind's objects in that namespace, or in all when it is null. */
  String path(@Nullable String namespace) {
    String root = (group.isEmpty() ? "api/" : "apis/") + apiVersion();
    return root + (namespace == null ? "" : "/namespaces/" + namespace) + "/" + plural;
  }

  /** What brings the kind, for a person to install. */
  String remedy() {
    return switch (group) {
      case "helm.toolkit.fluxcd.io" ->
          "Install Flux's helm-controller with its CRDs (Flux 2.3 or newer)";
      case "source.toolkit.fluxcd.io" ->
          "Install Flux's source-controller with its CRDs (Flux 2.6 or newer)";
      case "argoproj.io" -> "Install Argo Workflows with its CRDs";
      case "segue.dev" -> "Apply deploy/crds";
      default -> "Install the CRD \"" + plural + "." + group + "\"";
    };
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }
}
