// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.testing.Renders;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleaseObjectsTest {
  private static final Namespace SHOP = Namespace.parse("shop");
  private static final String CONFIG =
      """
      # Source: web/templates/config.yaml
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        stars: "*** not a secret ***"
        page: |
          ---
          # hook
      """;

  private static final String LIST =
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Service, metadata: {name: a}}
      - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: b}}
      """;

  private static String hook(String name, String events, String weight) {
    return """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: NAME
          annotations: {helm.sh/hook: "EVENTS", helm.sh/hook-weight: "WEIGHT"}
        """
        .replace("NAME", name)
        .replace("EVENTS", events)
        .replace("WEIGHT", weight);
  }

  private static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: a.b.c}
      """;

  @Test
  void whatIsRecordedIsWhatWasRendered() {
    HelmOutput output =
        new HelmOutput(
            List.of(CONFIG, LIST), List.of(hook("a", "pre-upgrade", "1")), List.of(CRD), List.of());
    DesiredGroup desired =
        Products.group("shop")
            .app("web", "1.0.0", new Values(Map.of()), List.of(), Values.EMPTY)
            .desired();
    Plan plan =
        Planner.plan(
            desired,
            Products.inventory(Products.group("shop").desired()),
            Map.of(),
            name -> Optional.empty());
    String text =
        Objects.requireNonNull(
            BundleRenderer.render(
                    plan, 1, Products.SETTINGS, Map.of(ReleaseName.parse("web"), output))
                .files()
                .get(RepoPath.parse("manifests/web.yaml")));
    ReleaseObjects recorded = ReleaseObjects.recorded(text, SHOP);
    ReleaseObjects rendered = ReleaseObjects.rendered(output, Renders.settings(Map.of()));
    assertThat(recorded.objects()).hasSize(5);
    ReleaseDiff diff = ReleaseDiff.of(Operation.UPGRADE, recorded, rendered);
    assertThat(diff.objects()).isEmpty();
    assertThat(diff.hooks()).hasSize(1);
    assertThat(ReleaseDiff.of(Operation.DELETE, recorded, ReleaseObjects.NONE).objects())
        .extracting(object -> object.kind() + " " + object.id().text())
        .containsExactly(
            "LEFT apiextensions.k8s.io/v1 CustomResourceDefinition a.b.c",
            "REMOVED rbac.authorization.k8s.io/v1 ClusterRole b",
            "REMOVED v1 ConfigMap shop/web",
            "REMOVED v1 Service shop/a");
  }

  @Test
  void saysWhatCannotBeRead() {
    ReleaseObjects recorded =
        ReleaseObjects.recorded(
            "---\n# hook\n# not shown: it may hold a Secret\n---\n" + CONFIG, SHOP);
    ReleaseObjects broken = Renders.objects(CONFIG, "a: {");
    assertThat(ReleaseDiff.of(Operation.UPGRADE, recorded, broken).notices())
        .containsExactly(
            "1 document after cannot be read as YAML; not compared",
            "1 document before cannot be read as YAML; not compared");
  }

  @Test
  void hooksRunInTheOrderOfTheirWeightsAndNames() {
    HelmOutput output =
        Renders.hooks(
            hook("c", "pre-upgrade", "1"),
            hook("b", "post-upgrade,pre-upgrade", "-5"),
            hook("a", "pre-upgrade", "1"),
            hook("d", "pre-install", "0"),
            hook("e", "test", "0"),
            hook("f", "pre-delete", "0"));
    assertThat(events(Operation.UPGRADE, output, Map.of()))
        .containsExactly("pre-upgrade b", "pre-upgrade a", "pre-upgrade c", "post-upgrade b");
    assertThat(events(Operation.INSTALL, output, Map.of("test", Map.of("enable", true))))
        .containsExactly("pre-install d", "test e");
    assertThat(events(Operation.DELETE, output, Map.of())).containsExactly("pre-delete f");
    assertThat(events(Operation.LEAVE, output, Map.of())).isEmpty();
    assertThat(events(Operation.UPGRADE, output, Map.of("upgrade", Map.of("disableHooks", true))))
        .isEmpty();
  }

  private static List<String> events(
      Operation operation, HelmOutput output, Map<String, Object> inlined) {
    ReleaseObjects objects = ReleaseObjects.rendered(output, Renders.settings(inlined));
    return ReleaseDiff.of(operation, objects, objects).hooks().stream()
        .map(hook -> hook.event() + " " + hook.id().name())
        .toList();
  }

  @Test
  void whatIsTakenOverOrGivenAwayIsNeitherMadeNorDeleted() {
    String other = CONFIG.replace("name: web", "name: other");
    assertThat(
            ReleaseDiff.of(Operation.ADOPT, Renders.objects(CONFIG, other), Renders.objects(CONFIG))
                .objects())
        .isEmpty();
    assertThat(
            ReleaseDiff.of(Operation.YIELD, Renders.objects(CONFIG, other), Renders.objects(CONFIG))
                .objects())
        .extracting(ObjectChange::kind)
        .containsExactly(ObjectChange.Kind.LEFT);
  }
}
