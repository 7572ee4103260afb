// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rights in {@code deploy/base} are those that are used. */
final class DeployedRightsTest {
  private static final String FLUX_SOURCE = "source.toolkit.fluxcd.io/";

  @Test
  void orkestraDefect16TheAgentMayDoWhatItDoesAndNoMore() throws IOException {
    Set<String> kept = Set.of("create", "patch", "list", "delete");
    assertThat(DeployedObjects.rights(DeployedObjects.role("segue")))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("/configmaps", Set.of("create", "patch", "list", "watch", "delete")),
                Map.entry("/secrets", Set.of("get", "create", "patch", "list", "delete")),
                Map.entry(FLUX_SOURCE + "gitrepositories", kept),
                Map.entry(FLUX_SOURCE + "helmcharts", kept),
                Map.entry(FLUX_SOURCE + "helmrepositories", kept),
                Map.entry(FLUX_SOURCE + "ocirepositories", kept),
                Map.entry("helm.toolkit.fluxcd.io/helmreleases", Set.of("list", "watch")),
                Map.entry("argoproj.io/workflows", Set.of("list", "watch", "create", "patch")),
                Map.entry(
                    "segue.dev/applicationgroups",
                    Set.of("list", "watch", "create", "patch", "delete")),
                Map.entry("segue.dev/applicationgroups/status", Set.of("patch")),
                Map.entry("events.k8s.io/events", Set.of("create")),
                Map.entry("coordination.k8s.io/leases", Set.of("get", "create", "update"))));
  }

  @Test
  void orkestraDefect16AStepMayApplyReleasesAndReportAndNoMore() throws IOException {
    assertThat(DeployedObjects.rights(DeployedObjects.role("segue-workflow")))
        .isEqualTo(
            Map.of(
                "argoproj.io/workflowtaskresults",
                Set.of("create", "patch"),
                "helm.toolkit.fluxcd.io/helmreleases",
                Set.of("get", "list", "watch", "create", "patch", "delete")));
  }

  @Test
  void orkestraDefect16NothingIsGrantedEverywhereOrToEverybody() throws IOException {
    List<Manifest> objects = DeployedObjects.all();
    assertThat(objects)
        .extracting(Manifest::kind)
        .contains("Role", "RoleBinding", "ServiceAccount")
        .doesNotContain("ClusterRole", "ClusterRoleBinding");
    assertThat(objects).allSatisfy(o -> assertThat(o.fields().toString()).doesNotContain("*"));
    assertThat(objects)
        .filteredOn(object -> object.kind().equals("RoleBinding"))
        .allSatisfy(
            binding ->
                assertThat(binding.maps("subjects"))
                    .singleElement()
                    .satisfies(
                        subject ->
                            assertThat(subject)
                                .containsEntry("kind", "ServiceAccount")
                                .containsEntry("name", binding.name())));
  }
}
