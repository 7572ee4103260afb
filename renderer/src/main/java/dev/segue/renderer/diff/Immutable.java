// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.FieldChange.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What of an object cannot change while it is there: what the API server's own validation refuses
 * ({@code pkg/apis} of Kubernetes 1.34).
 */
final class Immutable {
  private static final String APPS = "apps";

  /** What of a StatefulSet's spec can change. */
  private static final Set<String> STATEFUL_SET =
      Set.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  /** What a field means when it is not there. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "podManagementPolicy", "OrderedReady",
          "volumeMode", "Filesystem",
          "serviceName", "",
          "apiVersion", "v1",
          "kind", "PersistentVolumeClaim",
          "type", "Opaque",
          "reclaimPolicy", "Delete",
          "volumeBindingMode", "Immediate",
          "preemptionPolicy", "PreemptLowerPriority",
          "completionMode", "NonIndexed");

  /** By group and kind the fields that never change. */
  private static final Map<String, List<List<String>>> FIELDS =
      Map.ofEntries(
          Map.entry("apps/Deployment", List.of(List.of("spec", "selector"))),
          Map.entry("apps/DaemonSet", List.of(List.of("spec", "selector"))),
          Map.entry("apps/ReplicaSet", List.of(List.of("spec", "selector"))),
          Map.entry(
              "batch/Job",
              List.of(
                  List.of("spec", "selector"),
                  List.of("spec", "template"),
                  List.of("spec", "completions"),
                  List.of("spec", "completionMode"),
                  List.of("spec", "podFailurePolicy"),
                  List.of("spec", "backoffLimitPerIndex"),
                  List.of("spec", "managedBy"),
                  List.of("spec", "successPolicy"))),
          Map.entry("rbac.authorization.k8s.io/RoleBinding", List.of(List.of("roleRef"))),
          Map.entry("rbac.authorization.k8s.io/ClusterRoleBinding", List.of(List.of("roleRef"))),
          Map.entry("/Secret", List.of(List.of("type"))),
          Map.entry("/ResourceQuota", List.of(List.of("spec", "scopes"))),
          Map.entry(
              "/PersistentVolume",
              List.of(
                  List.of("spec", "csi"),
                  List.of("spec", "nfs"),
                  List.of("spec", "hostPath"),
                  List.of("spec", "local"),
                  List.of("spec", "volumeMode"))),
          Map.entry(
              "storage.k8s.io/StorageClass",
              List.of(
                  List.of("provisioner"),
                  List.of("parameters"),
                  List.of("reclaimPolicy"),
                  List.of("volumeBindingMode"))),
          Map.entry(
              "storage.k8s.io/CSIDriver",
              List.of(List.of("spec", "attachRequired"), List.of("spec", "volumeLifecycleModes"))),
          Map.entry(
              "scheduling.k8s.io/PriorityClass",
              List.of(List.of("value"), List.of("preemptionPolicy"))),
          Map.entry("node.k8s.io/RuntimeClass", List.of(List.of("handler"))),
          Map.entry("networking.k8s.io/IngressClass", List.of(List.of("spec", "controller"))),
          Map.entry("discovery.k8s.io/EndpointSlice", List.of(List.of("addressType"))),
          Map.entry(
              "apiextensions.k8s.io/CustomResourceDefinition",
              List.of(
                  List.of("spec", "scope"),
                  List.of("spec", "names", "kind"),
                  List.of("spec", "names", "plural"))));

  private Immutable() {}

  /** Returns why the API server will refuse the change; empty when nothing is known against it. */
  static Optional<String> reason(Pair pair) {
    String key = pair.id().group() + "/" + pair.id().kind();
    Stream<FieldChange> refused =
        switch (key) {
          case "apps/StatefulSet" ->
              pair.under("spec").filter(field -> !STATEFUL_SET.contains(second(field)));
          case "/PersistentVolumeClaim" ->
              pair.under("spec").filter(field -> isRefused(pair, field));
          case "/Service" -> service(pair);
          case "/Pod" -> pair.under("spec").filter(field -> !isOfPodThatChanges(field));
          case "/ConfigMap", "/Secret" -> sealed(pair);
          default -> Stream.empty();
        };
    List<FieldChange> fields =
        Stream.concat(refused, listed(pair, key)).filter(field -> !isDefault(field)).toList();
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(Pair.named(fields.stream()) + " cannot change" + remedy(pair, fields));
  }

  private static Stream<FieldChange> listed(Pair pair, String key) {
    return FIELDS.getOrDefault(key, List.of()).stream()
        .flatMap(path -> pair.under(path.toArray(String[]::new)));
  }

  private static String remedy(Pair pair, List<FieldChange> fields) {
    if (pair.id().is("batch", "Job")) {
      return " while the Job is there, finished or not";
    }
    if (pair.id().is(APPS, "StatefulSet")) {
      return "; delete the StatefulSet with `--cascade=orphan` first";
    }
    boolean chosen = pair.id().is("", "PersistentVolumeClaim") || pair.id().is("", "Service");
    return chosen && fields.stream().allMatch(field -> field.kind() == Kind.ADDED)
        ? ", unless it is what the cluster chose"
        : "";
  }

  private static String second(FieldChange field) {
    return key(field, 1);
  }

  private static String key(FieldChange field, int place) {
    return field.path().segments().size() > place
            && field.path().segments().get(place) instanceof FieldPath.Key key
        ? key.name()
        : "";
  }

  private static boolean isDefault(FieldChange field) {
    Object value =
        field.kind() == Kind.ADDED
            ? field.after()
            : field.kind() == Kind.REMOVED ? field.before() : null;
    return value != null && value.equals(DEFAULTS.get(field.path().lastKey()));
  }

  /** A claim grows where its class lets it. */
  private static boolean isRefused(Pair pair, FieldChange field) {
    if (field.path().isUnder("spec", "resources", "requests")) {
      return Quantity.isLess(
          pair.after().at("spec", "resources", "requests", "storage"),
          pair.before().at("spec", "resources", "requests", "storage"));
    }
    return !field.path().isUnder("spec", "volumeAttributesClassName")
        && !(field.path().isUnder("spec", "volumeName") && field.kind() == Kind.ADDED);
  }

  /** An address that is not asked for any longer stays as it is. */
  private static Stream<FieldChange> service(Pair pair) {
    boolean external =
        Stream.of(pair.before(), pair.after())
            .anyMatch(service -> service.text("spec", "type").equals("ExternalName"));
    return external
        ? Stream.empty()
        : Stream.concat(pair.under("spec", "clusterIP"), pair.under("spec", "loadBalancerClass"))
            .filter(field -> field.after() != null && !Objects.equals(field.after(), ""));
  }

  private static boolean isOfPodThatChanges(FieldChange field) {
    String second = second(field);
    return second.equals("tolerations")
        || second.equals("activeDeadlineSeconds")
        || second.equals("schedulingGates")
        || ((second.equals("containers") || second.equals("initContainers"))
            && field.path().segments().size() == 4
            && field.path().lastKey().equals("image"));
  }

  private static Stream<FieldChange> sealed(Pair pair) {
    return Boolean.TRUE.equals(pair.before().at("immutable"))
        ? Stream.of("data", "binaryData", "immutable").flatMap(pair::under)
        : Stream.empty();
  }
}
