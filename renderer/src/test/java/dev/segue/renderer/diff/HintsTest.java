// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.testing.Renders;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** By what the API server and the controllers of Kubernetes 1.34 do. */
class HintsTest {
  private static final String TEMPLATE = "template: {spec: {containers: [{name: c, image: i:1}]}}";
  private static final String NEW = TEMPLATE.replace("i:1", "i:2");

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void tellsWhatAChangeDoes(String name, String before, String after, List<String> hints) {
    ReleaseDiff diff =
        ReleaseDiff.of(Operation.UPGRADE, Renders.objects(before), Renders.objects(after));
    assertThat(diff.hints())
        .extracting(hint -> hint.kind() + " " + hint.reason().replaceAll("`[^`]*` changes: ", ""))
        .containsExactlyElementsOf(hints);
  }

  private static Arguments spec(
      String name, String kind, String before, String after, String... hints) {
    String head = "apiVersion: " + api(kind) + "\nkind: " + kind + "\nmetadata: {name: x}\n";
    return arguments(
        name, head + "spec: {" + before + "}\n", head + "spec: {" + after + "}\n", List.of(hints));
  }

  private static Arguments plain(
      String name, String kind, String before, String after, String... hints) {
    String head = "apiVersion: " + api(kind) + "\nkind: " + kind + "\nmetadata: {name: x}\n";
    return arguments(name, head + before + "\n", head + after + "\n", List.of(hints));
  }

  private static String api(String kind) {
    return switch (kind) {
      case "Deployment", "StatefulSet", "DaemonSet" -> "apps/v1";
      case "Job" -> "batch/v1";
      case "RoleBinding" -> "rbac.authorization.k8s.io/v1";
      case "IngressClass" -> "networking.k8s.io/v1";
      case "StorageClass" -> "storage.k8s.io/v1";
      case "CustomResourceDefinition" -> "apiextensions.k8s.io/v1";
      default -> "v1";
    };
  }

  static Stream<Arguments> changes() {
    return Stream.of(deployments(), sets(), refusals(), definitions()).flatMap(all -> all);
  }

  private static Stream<Arguments> deployments() {
    String restart = "RESTART its pods are replaced a few at a time";
    return Stream.of(
        spec("one replica rolls", "Deployment", TEMPLATE, NEW, restart),
        spec("replicas alone", "Deployment", "replicas: 1", "replicas: 3"),
        spec(
            "recreate",
            "Deployment",
            "strategy: {type: Recreate}, " + TEMPLATE,
            "strategy: {type: Recreate}, " + NEW,
            "DOWNTIME strategy Recreate stops all pods before new ones start"),
        spec(
            "recreate without new pods",
            "Deployment",
            "replicas: 1, strategy: {type: Recreate}, " + TEMPLATE,
            "replicas: 2, strategy: {type: Recreate}, " + TEMPLATE),
        spec(
            "no surge",
            "Deployment",
            TEMPLATE,
            "strategy: {rollingUpdate: {maxSurge: 0}}, " + NEW,
            "DOWNTIME of 1 replica 1 may be unavailable"),
        spec(
            "all may be unavailable",
            "Deployment",
            TEMPLATE,
            "replicas: 3, strategy: {rollingUpdate: {maxUnavailable: 100%}}, " + NEW,
            "DOWNTIME of 3 replicas 3 may be unavailable"),
        spec(
            "half may be unavailable",
            "Deployment",
            TEMPLATE,
            "replicas: 3, strategy: {rollingUpdate: {maxUnavailable: 50%}}, " + NEW,
            restart),
        spec(
            "to nothing",
            "Deployment",
            TEMPLATE,
            "replicas: 0, " + NEW,
            "DOWNTIME is scaled to 0 replicas"),
        spec("nothing stays", "Deployment", "replicas: 0, " + TEMPLATE, "replicas: 0, " + NEW),
        spec(
            "selector",
            "Deployment",
            "selector: {matchLabels: {a: x}}",
            "selector: {matchLabels: {a: y}}",
            "REFUSED `spec.selector.matchLabels.a` cannot change"));
  }

  private static Stream<Arguments> sets() {
    return Stream.of(
        spec(
            "one pod",
            "StatefulSet",
            TEMPLATE,
            NEW,
            "DOWNTIME its only pod stops before the new one starts"),
        spec(
            "several pods",
            "StatefulSet",
            "replicas: 3, " + TEMPLATE,
            "replicas: 3, " + NEW,
            "RESTART its pods restart one after the other, the last first"),
        spec(
            "on delete",
            "StatefulSet",
            TEMPLATE,
            "updateStrategy: {type: OnDelete}, " + NEW,
            "NOT_APPLIED OnDelete leaves the pods until somebody deletes them"),
        spec(
            "partition",
            "StatefulSet",
            TEMPLATE,
            "replicas: 3, updateStrategy: {rollingUpdate: {partition: 2}}, " + NEW,
            "RESTART partition 2 leaves the pods below it as they are"),
        spec(
            "what can change",
            "StatefulSet",
            "replicas: 1, minReadySeconds: 1",
            "replicas: 2, minReadySeconds: 2, ordinals: {start: 1}, revisionHistoryLimit: 3"),
        spec(
            "claims",
            "StatefulSet",
            "volumeClaimTemplates: [{metadata: {name: d}, spec: {resources: {requests: {storage: 1Gi}}}}]",
            "volumeClaimTemplates: [{metadata: {name: d}, spec: {resources: {requests: {storage: 2Gi}}}}]",
            "REFUSED `spec.volumeClaimTemplates[d].spec.resources.requests.storage` cannot change;"
                + " delete the StatefulSet with `--cascade=orphan` first"),
        spec(
            "what is the default anyway",
            "StatefulSet",
            "replicas: 1",
            "replicas: 1, podManagementPolicy: OrderedReady"),
        spec(
            "claims of pods that go",
            "StatefulSet",
            "replicas: 3, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}",
            "replicas: 2, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}",
            "DATA from 3 to 2 replicas: `whenScaled: Delete` deletes claims"),
        spec(
            "daemons",
            "DaemonSet",
            TEMPLATE,
            NEW,
            "RESTART its pods restart on one node after the other"));
  }

  private static Stream<Arguments> refusals() {
    return Stream.of(
        spec(
            "job",
            "Job",
            TEMPLATE,
            NEW,
            "REFUSED `spec.template.spec.containers[c].image` cannot change while the Job is"
                + " there, finished or not"),
        spec("job that may", "Job", "backoffLimit: 1", "backoffLimit: 2, parallelism: 2"),
        spec("service", "Service", "type: NodePort", "type: ClusterIP"),
        spec(
            "headless",
            "Service",
            "type: ClusterIP",
            "clusterIP: None",
            "REFUSED `spec.clusterIP` cannot change, unless it is what the cluster chose"),
        spec("no longer asked for", "Service", "clusterIP: None", "type: ClusterIP"),
        spec(
            "claim that shrinks",
            "PersistentVolumeClaim",
            "resources: {requests: {storage: 1Gi}}",
            "resources: {requests: {storage: 500Mi}}",
            "REFUSED `spec.resources.requests.storage` cannot change"),
        spec(
            "claim that grows",
            "PersistentVolumeClaim",
            "resources: {requests: {storage: 1Gi}}",
            "resources: {requests: {storage: 1.5Gi}}"),
        spec(
            "claim of another class",
            "PersistentVolumeClaim",
            "storageClassName: a",
            "storageClassName: b",
            "REFUSED `spec.storageClassName` cannot change"),
        plain(
            "role of a binding",
            "RoleBinding",
            "roleRef: {kind: Role, name: a}",
            "roleRef: {kind: Role, name: b}",
            "REFUSED `roleRef.name` cannot change"),
        plain(
            "immutable",
            "ConfigMap",
            "immutable: true\ndata: {a: x}",
            "immutable: true\ndata: {a: y}",
            "REFUSED `data.a` cannot change"),
        plain("not immutable", "ConfigMap", "data: {a: x}", "immutable: true\ndata: {a: y}"),
        plain(
            "type of a secret",
            "Secret",
            "type: Opaque",
            "type: kubernetes.io/tls",
            "REFUSED `type` cannot change"),
        plain(
            "class",
            "StorageClass",
            "provisioner: a",
            "provisioner: b",
            "REFUSED `provisioner` cannot change"),
        spec(
            "controller",
            "IngressClass",
            "controller: a",
            "controller: b",
            "REFUSED `spec.controller` cannot change"));
  }

  private static Stream<Arguments> definitions() {
    String one = "versions: [{name: v1, served: true, storage: true}]";
    String two =
        "versions: [{name: v1, served: true, storage: false}, {name: v2, served: true, storage: true}]";
    return Stream.of(
        spec("a version more", "CustomResourceDefinition", one, two),
        spec(
            "a version less",
            "CustomResourceDefinition",
            two,
            one,
            "REFUSED version v2 is removed although objects may be stored in it",
            "NOTE objects are stored in version v1 from now on; those that are there stay as"
                + " stored until they are written"),
        spec(
            "scope",
            "CustomResourceDefinition",
            "scope: Cluster",
            "scope: Namespaced",
            "REFUSED `spec.scope` cannot change"));
  }

  private static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: a.b.c}
      spec: {scope: Cluster}
      """;

  @Test
  void saysThatHelmUpgradesNoDefinitionUnlessFluxIsToldSo() {
    String other = CRD + "x: 1\n";
    assertThat(hints(Renders.crds(CRD), Renders.crds(other), Map.of()))
        .containsExactly(
            "NOT_APPLIED Helm never upgrades what stands in `crds/`; set `upgrade.crds:"
                + " CreateReplace`");
    assertThat(
            hints(
                Renders.crds(CRD),
                Renders.crds(other),
                Map.of("upgrade", Map.of("crds", "CreateReplace"))))
        .isEmpty();
    assertThat(hints(Renders.crds(CRD), Renders.output(), Map.of()))
        .containsExactly("NOT_APPLIED Helm never deletes what stood in `crds/`");
    assertThat(hints(Renders.crds(CRD), Renders.crds(CRD, CRD.replace("a.b.c", "d.b.c")), Map.of()))
        .containsExactly(
            "NOT_APPLIED an upgrade creates nothing that stands in `crds/`; set `upgrade.crds:"
                + " Create`");
  }

  @Test
  void warnsOfObjectsThatGoWithTheirData() {
    String claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: d}\n";
    String kept =
        claim.replace("{name: d}", "{name: k, annotations: {helm.sh/resource-policy: keep}}");
    ReleaseDiff diff =
        ReleaseDiff.of(Operation.DELETE, Renders.objects(claim, kept, CRD), ReleaseObjects.NONE);
    assertThat(diff.hints())
        .extracting(hint -> hint.kind() + " " + hint.object().name())
        .containsExactlyInAnyOrder("DATA a.b.c", "DATA d");
    assertThat(diff.count(ObjectChange.Kind.LEFT)).isEqualTo(1);
    assertThat(ReleaseDiff.of(Operation.YIELD, Renders.objects(claim), Renders.objects()).hints())
        .isEmpty();
  }

  @Test
  void anAutoscalerSaysHowManyThereAre() {
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {strategy: {rollingUpdate: {maxUnavailable: 1}}, TEMPLATE}
        """
            .replace("TEMPLATE", TEMPLATE);
    String scaler =
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec: {minReplicas: 2, scaleTargetRef: {kind: Deployment, name: web}}
        """;
    String after = deployment.replace("i:1", "i:2");
    assertThat(hints(Renders.output(deployment), Renders.output(after), Map.of()).get(0))
        .startsWith("DOWNTIME");
    assertThat(
            hints(Renders.output(deployment, scaler), Renders.output(after, scaler), Map.of())
                .get(0))
        .startsWith("RESTART");
  }

  private static List<String> hints(
      HelmOutput before, HelmOutput after, Map<String, Object> inlined) {
    return ReleaseDiff.of(
            Operation.UPGRADE,
            ReleaseObjects.rendered(before, Renders.settings(inlined)),
            ReleaseObjects.rendered(after, Renders.settings(inlined)))
        .hints()
        .stream()
        .map(hint -> hint.kind() + " " + hint.reason())
        .toList();
  }
}
