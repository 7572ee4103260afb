// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.tenancy;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import java.util.Set;

/** The kinds that every API server has (Kubernetes 1.34), by where their objects are. */
final class BuiltInKinds {
  private static final Set<String> GROUPS =
      Set.of(
          "",
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "apiregistration.k8s.io",
          "apps",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "autoscaling",
          "batch",
          "certificates.k8s.io",
          "coordination.k8s.io",
          "discovery.k8s.io",
          "events.k8s.io",
          "extensions",
          "flowcontrol.apiserver.k8s.io",
          "internal.apiserver.k8s.io",
          "networking.k8s.io",
          "node.k8s.io",
          "policy",
          "rbac.authorization.k8s.io",
          "resource.k8s.io",
          "scheduling.k8s.io",
          "storage.k8s.io",
          "storagemigration.k8s.io");

  /** Groups of which every kind is in no namespace. */
  private static final Set<String> OF_THE_CLUSTER =
      Set.of(
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "apiregistration.k8s.io",
          "authentication.k8s.io",
          "flowcontrol.apiserver.k8s.io",
          "internal.apiserver.k8s.io",
          "node.k8s.io",
          "scheduling.k8s.io",
          "storagemigration.k8s.io");

  private static final Set<String> CLUSTER =
      Set.of(
          "ComponentStatus",
          "Namespace",
          "Node",
          "PersistentVolume",
          "CertificateSigningRequest.certificates.k8s.io",
          "ClusterTrustBundle.certificates.k8s.io",
          "ClusterRole.rbac.authorization.k8s.io",
          "ClusterRoleBinding.rbac.authorization.k8s.io",
          "CSIDriver.storage.k8s.io",
          "CSINode.storage.k8s.io",
          "StorageClass.storage.k8s.io",
          "VolumeAttachment.storage.k8s.io",
          "VolumeAttributesClass.storage.k8s.io",
          "DeviceClass.resource.k8s.io",
          "DeviceTaintRule.resource.k8s.io",
          "ResourceSlice.resource.k8s.io",
          "IngressClass.networking.k8s.io",
          "IPAddress.networking.k8s.io",
          "ServiceCIDR.networking.k8s.io",
          "PodSecurityPolicy.policy",
          "PodSecurityPolicy.extensions",
          "SelfSubjectAccessReview.authorization.k8s.io",
          "SelfSubjectRulesReview.authorization.k8s.io",
          "SubjectAccessReview.authorization.k8s.io");

  private BuiltInKinds() {}

  /** Returns where objects of the kind are; unknown for one that an API server need not have. */
  static Scope scope(ApiKind kind) {
    if (!GROUPS.contains(kind.group())) {
      return Scope.UNKNOWN;
    }
    boolean cluster = OF_THE_CLUSTER.contains(kind.group()) || CLUSTER.contains(kind.qualified());
    return cluster ? Scope.CLUSTER : Scope.NAMESPACED;
  }
}
