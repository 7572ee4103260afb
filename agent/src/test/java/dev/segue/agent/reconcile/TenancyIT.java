// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent's configuration forbids is not released, and told before. */
final class TenancyIT {
  private static final String ROLE =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: all}
      """;
  private static final String ELSEWHERE =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: x, namespace: kube-system}
      """;

  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static Tenancy tenant(String path, String namespace, @Nullable String account) {
    return new Tenancy(
        false,
        null,
        List.of(new Tenant("shop", List.of(path), List.of(namespace), List.of(), account)));
  }

  private List<String> foreseen() throws Exception {
    return lab.preview().stream()
        .map(GroupPreview::problems)
        .flatMap(List::stream)
        .map(Object::toString)
        .toList();
  }

  private List<String> accounts() {
    return lab.objects("shop", "HelmRelease").stream()
        .map(release -> release.text("spec", "serviceAccountName").orElse("none"))
        .toList();
  }

  @Test
  void whatTheFileMustNotAskForIsForeseenAndNotReleased() throws Exception {
    lab.tenancy(tenant("products", "bank", null)).group("shop", "db", "web").push();
    assertThat(foreseen())
        .hasSize(2)
        .allMatch(problem -> problem.contains("SG1702") && problem.contains("products/shop.yaml:"));
    lab.start().release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("shop").ready().reason()).isEqualTo("AccessDenied");
    assertThat(lab.status("shop").problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains("SG1702"));
    assertThat(lab.events()).isEmpty();
    assertThat(lab.statusFile("site.yaml").orElseThrow()).contains("- bank");

    lab.tenancy(tenant("teams", "shop", null)).start().release();
    assertThat(lab.status("shop").problems()).singleElement().asString().contains("SG1701");

    lab.tenancy(tenant("products", "shop", null)).start().release();
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
  }

  @Test
  void whatChartsMustNotBringIsForeseenAndNotReleased() throws Exception {
    lab.tenancy(tenant("products", "shop", null)).group("shop", "db", "web").push();
    lab.start().release();
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    List<String> workflows = lab.workflows("shop");

    lab.chart("wide", "1.0.0")
        .file("charts/wide/templates/role.yaml", ROLE)
        .file("charts/wide/templates/secret.yaml", ELSEWHERE)
        .group("shop", "db", "web@wide")
        .push();
    assertThat(foreseen())
        .hasSize(2)
        .anyMatch(problem -> problem.contains("SG1703"))
        .anyMatch(problem -> problem.contains("SG1704"));
    lab.release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.INVALID);
    assertThat(lab.status("shop").ready().reason()).isEqualTo("AccessDenied");
    assertThat(lab.workflows("shop")).isEqualTo(workflows);
    assertThat(lab.status("shop").problems()).hasSize(2);

    lab.group("shop", "db", "web").push();
    lab.release();
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
  }

  @Test
  void theAccountIsPartOfTheRelease() throws Exception {
    lab.group("shop", "db", "web").push();
    lab.start().release();
    assertThat(accounts()).containsOnly("none");

    lab.tenancy(new Tenancy(false, "least", List.of()));
    assertThat(lab.preview()).allMatch(GroupPreview::changes);
    lab.start().release();
    assertThat(accounts()).containsExactly("least", "least");
    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);

    lab.tenancy(tenant("products", "shop", "shop")).start().release();
    assertThat(accounts()).containsExactly("shop", "shop");

    lab.spec("serviceAccountName: other").group("shop", "db", "web").push();
    lab.release();
    assertThat(lab.status("shop").problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains("SG1706"));
    assertThat(lab.objects("shop", "HelmRelease"))
        .extracting(Manifest::name)
        .containsExactly("shop.db", "shop.web");

    lab.tenancy(Tenancy.NONE).start().release();
    assertThat(accounts()).containsExactly("other", "other");
  }

  @Test
  void whatIsNotAllowedAnyMoreMayStillGo() throws Exception {
    lab.group("shop", "db").group("stays", "other").push();
    lab.start().release();

    lab.tenancy(tenant("teams", "shop", null)).remove("products/shop.yaml").push();
    lab.start().release();
    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(lab.objects("stays", "HelmRelease")).hasSize(1);
  }
}
