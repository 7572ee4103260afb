// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BundleRendererTest {
  @Test
  void rendersOneTaskForEachReleaseInOrder() {
    Manifest workflow =
        workflow(Products.group("shop").app("db").app("web", "db", "~cache").app("cache"));
    assertThat(tasks(workflow))
        .extracting(task -> task.get("name"))
        .containsExactly("cache", "db", "web");
    assertThat(tasks(workflow).get(2).get("depends"))
        .isEqualTo(
            "(cache.Succeeded || cache.Failed || cache.Errored || cache.Skipped || cache.Omitted) && db.Succeeded");
    assertThat(workflow.map("spec").get("templates"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(2);
  }

  @Test
  void givesEachStepTheTokenOfItsAttemptAndTheVersionThatFluxWillReport() {
    Manifest workflow = workflow(Products.group("shop").app("web"));
    Map<String, @Nullable Object> task = tasks(workflow).get(0);
    Manifest release = new Manifest(mapping(parameter(task, "manifest")).data());
    assertThat(release.annotation("reconcile.fluxcd.io/requestedAt")).contains(workflow.name());
    assertThat(release.annotation("reconcile.fluxcd.io/resetAt")).contains(workflow.name());
    assertThat(release.at("spec", "suspend")).isEqualTo(false);
    assertThat(parameter(task, "version")).isEqualTo("1.0.0+111111111111");
    assertThat(at(template(workflow, "release"), "resource").toString())
        .contains(
            "status.lastHandledResetAt==" + workflow.name() + ",status.conditions.0.type==Ready");
  }

  @Test
  void waitsForTheNewTokenBeforeReadingAReleaseThatFailed() {
    DesiredGroup desired = Products.group("shop").app("db").app("web", "db").desired();
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(desired));
    live.put(
        ReleaseName.parse("db"),
        Products.live(desired.release(ReleaseName.parse("db")), LiveRelease.State.FAILED));
    live.remove(ReleaseName.parse("web"));
    Manifest workflow =
        render(Planner.plan(desired, Products.inventory(desired), live, name -> Optional.empty()))
            .workflow()
            .orElseThrow();
    assertThat(tasks(workflow))
        .extracting(task -> task.get("name"))
        .containsExactly("Reset-db", "db", "web");
    assertThat(tasks(workflow).get(1).get("depends")).isEqualTo("Reset-db.Succeeded");
    assertThat(at(template(workflow, "reset"), "resource").toString())
        .doesNotContain("failureCondition");
  }

  @Test
  void keepsValuesFromArgosTemplating() {
    Values values =
        new Values(
            Map.of(
                "note",
                "{{workflow.name}} {{=1+1}}",
                "deep",
                List.of("}}{{inputs.parameters.manifest}}")));
    Manifest workflow =
        workflow(Products.group("shop").app("web", "1.0.0", values, List.of(), Values.EMPTY));
    String manifest = parameter(tasks(workflow).get(0), "manifest");
    assertThat(manifest).doesNotContain("{{").doesNotContain("}}");
    assertThat(new Values(new Manifest(mapping(manifest).data()).map("spec", "values")))
        .isEqualTo(values);
  }

  @Test
  void movesLargeValuesToAnImmutableConfigMapCalledAfterItsContent() {
    Values values = new Values(Map.of("text", "x".repeat(5000)));
    RenderedBundle bundle =
        bundle(Products.group("shop").app("web", "1.0.0", values, List.of(), Values.EMPTY));
    assertThat(bundle.values()).hasSize(1);
    Manifest configMap = bundle.values().get(0);
    assertThat(configMap.kind()).isEqualTo("ConfigMap");
    assertThat(configMap.at("immutable")).isEqualTo(true);
    assertThat(bundle.helmReleases().get(0).maps("spec", "valuesFrom").get(0))
        .containsEntry("name", configMap.name());
    assertThat(bundle.helmReleases().get(0).at("spec", "values")).isNull();
  }

  @Test
  void showsASensitiveValueNowhereButInItsSecret() {
    Values values =
        new Values(Map.of("auth", Map.of("password", "correct-horse", "user", "admin"), "size", 3));
    DesiredGroup desired =
        Products.group("shop")
            .app("web", "1.0.0", values, List.of("auth.password"), Values.EMPTY)
            .desired();
    HelmOutput output =
        new HelmOutput(
            List.of(
                "kind: Secret\ndata:\n  p: Y29ycmVjdC1ob3JzZQ==\n",
                "kind: Deployment\nenv: correct-horse\n"),
            List.of(),
            List.of(),
            List.of());
    RenderedBundle bundle =
        BundleRenderer.render(
            plan(desired), 1, Products.SETTINGS, Map.of(ReleaseName.parse("web"), output));
    assertThat(bundle.values()).extracting(Manifest::kind).containsExactly("ConfigMap", "Secret");
    assertThat(bundle.files().values())
        .allSatisfy(
            text ->
                assertThat(text)
                    .doesNotContain("correct-horse")
                    .doesNotContain("Y29ycmVjdC1ob3JzZQ=="));
    assertThat(YamlWriter.write(bundle.workflow().orElseThrow().fields()))
        .doesNotContain("correct-horse");
    assertThat(bundle.files().get(RepoPath.parse("manifests/web.yaml")))
        .contains("env: \"***\"")
        .contains("p: \"***\"");
  }

  @Test
  void fitsThreeHundredReleasesOfFiftyKilobytesOfValues() {
    Products product = Products.group("core");
    for (int i = 0; i < 300; i++) {
      Values values = new Values(Map.of("index", i, "text", "y".repeat(50_000)));
      product.app(
          "nf-" + i,
          "1.0.0",
          values,
          List.of(),
          Values.EMPTY,
          i == 0 ? new String[0] : new String[] {"nf-" + (i - 1)});
    }
    RenderedBundle bundle = bundle(product);
    assertThat(bundle.problems()).isEmpty();
    assertThat(
            YamlWriter.write(bundle.workflow().orElseThrow().fields())
                .getBytes(StandardCharsets.UTF_8)
                .length)
        .isLessThan(BundleRenderer.MAX_WORKFLOW_BYTES);
  }

  @Test
  void saysAtPlanTimeWhatDoesNotFit() {
    Values values = new Values(Map.of("text", "y".repeat(1_100_000)));
    assertThat(
            bundle(Products.group("shop").app("web", "1.0.0", values, List.of(), Values.EMPTY))
                .problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.VALUES_TOO_LARGE));
  }

  @Test
  void movesASourceOnlyWhenItsOwnChartChanges() {
    DesiredGroup before = Products.group("shop").app("a").app("b").desired();
    DesiredGroup after =
        Products.group("shop").app("a").at(Products.COMMIT_2).app("b", "1.1.0", Map.of()).desired();
    List<Manifest> first = render(plan(before)).sources();
    List<Manifest> second = render(plan(after)).sources();
    assertThat(second).filteredOn(source -> source.name().startsWith("shop.a-")).isSubsetOf(first);
    assertThat(second)
        .filteredOn(source -> source.name().startsWith("shop.b-"))
        .doesNotContainAnyElementsOf(first);
  }

  @Test
  void rendersARegistryChartByItsDigest() {
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InRegistry(
                URI.create("oci://registry.example/charts/web"), "1.2.3", Digest.of("m"), "pull"),
            "web",
            "v1.2.3+build",
            Digest.of("c"),
            List.of(),
            List.of());
    RenderedBundle bundle = bundle(Products.group("shop").app("web").chart("web", chart));
    assertThat(bundle.sources().get(0).text("spec", "ref", "digest"))
        .contains(Digest.of("m").toString());
    assertThat(bundle.helmReleases().get(0).text("spec", "chartRef", "kind"))
        .contains("OCIRepository");
    assertThat(parameter(tasks(bundle.workflow().orElseThrow()).get(0), "version"))
        .isEqualTo("1.2.3+" + Digest.of("m").prefix(12));
  }

  @Test
  void rendersARepositoryChartAtItsExactVersion() {
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InRepository(
                URI.create("https://charts.example/stable"), "web", "1.4.2", Digest.of("a"), null),
            "web",
            "1.4.2",
            Digest.of("c"),
            List.of(),
            List.of());
    RenderedBundle bundle = bundle(Products.group("shop").app("web").chart("web", chart));
    assertThat(bundle.sources())
        .extracting(Manifest::kind)
        .containsExactly("HelmRepository", "HelmChart");
    Manifest helmChart = bundle.sources().get(1);
    assertThat(helmChart.map("spec"))
        .containsEntry("chart", "web")
        .containsEntry("version", "1.4.2")
        .containsEntry(
            "sourceRef", Map.of("kind", "HelmRepository", "name", bundle.sources().get(0).name()));
    assertThat(bundle.helmReleases().get(0).map("spec", "chartRef"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("kind", "HelmChart", "name", helmChart.name()));
    assertThat(parameter(tasks(bundle.workflow().orElseThrow()).get(0), "version"))
        .isEqualTo("1.4.2");
  }

  @Test
  void rendersOneChartOfAPinnedSourceForAllReleasesOfIt() {
    RenderedBundle bundle = bundle(Products.group("shop").app("web").app("db"));
    assertThat(bundle.sources())
        .extracting(Manifest::kind)
        .containsExactly("GitRepository", "GitRepository", "HelmChart", "HelmChart");
    Manifest release = bundle.helmReleases().get(1);
    assertThat(release.name()).isEqualTo("shop.web");
    assertThat(release.map("spec")).doesNotContainKey("chart");
    Manifest chart =
        bundle.sources().stream()
            .filter(object -> References.of(release).stream().anyMatch(ref -> same(ref, object)))
            .findFirst()
            .orElseThrow();
    assertThat(chart.name()).startsWith("shop.web-1-0-0-");
    assertThat(chart.map("spec"))
        .containsEntry("chart", "./charts/web")
        .containsEntry("reconcileStrategy", "Revision")
        .doesNotContainKey("version");
    assertThat(bundle.sources())
        .filteredOn(object -> References.of(chart).stream().anyMatch(ref -> same(ref, object)))
        .singleElement()
        .satisfies(source -> assertThat(source.kind()).isEqualTo("GitRepository"));
  }

  /** What a rollback needs stays in the cluster: an upgrade makes other objects beside the old. */
  @Test
  void leavesTheOldChartAsItIsWhenANewVersionComes() {
    for (String version : List.of("1.4.2", "1.4.3")) {
      assertThat(repositoryChart(version))
          .extracting(Manifest::name)
          .doesNotContainAnyElementsOf(
              repositoryChart("1.4.1").stream().map(Manifest::name).toList());
    }
    assertThat(repositoryChart("1.4.1")).isEqualTo(repositoryChart("1.4.1"));
    assertThat(repositoryChart("1.4.1").get(0).text("spec", "interval")).contains("8760h");
  }

  private static List<Manifest> repositoryChart(String version) {
    URI url = URI.create("https://charts.example/stable");
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InRepository(url, "web", version, Digest.of("archive"), null),
            "web",
            version,
            Digest.of(version),
            List.of(),
            List.of());
    return bundle(Products.group("shop").app("web").chart("web", chart)).sources();
  }

  private static boolean same(Manifest one, Manifest other) {
    return one.kind().equals(other.kind())
        && one.apiVersion().equals(other.apiVersion())
        && one.namespace().equals(other.namespace())
        && one.name().equals(other.name());
  }

  @Test
  void givesTheArtifactOnlyTheChartsFolders() {
    assertThat(
            Sources.ignoreAllBut(
                List.of(RepoPath.parse("charts/lib"), RepoPath.parse("charts/web"))))
        .isEqualTo("/*\n!/charts\n/charts/*\n!/charts/lib\n!/charts/web\n");
    assertThat(Sources.ignoreAllBut(List.of(RepoPath.ROOT))).isNull();
  }

  @Test
  void orkestraDefect04NamesComeFromTheApplicationAloneWhateverTheChartIsCalled() {
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InGit(
                Products.COMMIT_1, RepoPath.parse("charts/x"), List.of(RepoPath.parse("charts/x"))),
            "quite-another-name",
            "1.0.0",
            Digest.of("c"),
            List.of(),
            List.of());
    RenderedBundle bundle =
        bundle(Products.group("shop").app("web").app("edge", "web").chart("web", chart));
    assertThat(bundle.helmReleases())
        .extracting(Manifest::name)
        .containsExactly("shop.web", "shop.edge");
    assertThat(tasks(bundle.workflow().orElseThrow()).get(1).get("depends"))
        .isEqualTo("web.Succeeded");
  }

  @Test
  void orkestraDefect11OneChartTwiceInANamespaceGivesTwoReleases() {
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InGit(
                Products.COMMIT_1, RepoPath.parse("charts/x"), List.of(RepoPath.parse("charts/x"))),
            "x",
            "1.0.0",
            Digest.of("c"),
            List.of(),
            List.of());
    RenderedBundle bundle =
        bundle(
            Products.group("shop").app("one").app("two").chart("one", chart).chart("two", chart));
    assertThat(bundle.helmReleases()).extracting(Manifest::name).doesNotHaveDuplicates();
    assertThat(bundle.helmReleases())
        .extracting(r -> r.text("spec", "releaseName").orElseThrow())
        .containsExactly("one", "two");
    assertThat(bundle.sources())
        .extracting(Manifest::kind)
        .containsExactly("GitRepository", "HelmChart");
  }

  @Test
  void orkestraDefect13LongNamesFitAndStayApart() {
    GroupName group = GroupName.parse("g".repeat(63));
    String one = Names.helmRelease(group, ReleaseName.parse("a".repeat(52) + "1"));
    String two = Names.helmRelease(group, ReleaseName.parse("a".repeat(52) + "2"));
    assertThat(one).hasSizeLessThanOrEqualTo(63).isNotEqualTo(two);
    assertThat(Names.workflow(group, Digest.of("x"), Integer.MAX_VALUE))
        .hasSizeLessThanOrEqualTo(63);
    assertThat(Names.helmRelease(GroupName.parse("a-b"), ReleaseName.parse("c")))
        .isNotEqualTo(Names.helmRelease(GroupName.parse("a"), ReleaseName.parse("b-c")));
  }

  private static Manifest workflow(Products product) {
    return bundle(product).workflow().orElseThrow();
  }

  private static RenderedBundle bundle(Products product) {
    return render(plan(product.desired()));
  }

  private static RenderedBundle render(Plan plan) {
    return BundleRenderer.render(plan, 1, Products.SETTINGS, Map.of());
  }

  private static Plan plan(DesiredGroup desired) {
    return Planner.plan(
        desired,
        Inventory.empty(desired.group().name(), Products.NAMESPACE),
        Map.of(),
        name -> Optional.empty());
  }

  @SuppressWarnings("unchecked") // the renderer's own maps
  private static List<Map<String, @Nullable Object>> tasks(Manifest workflow) {
    return (List<Map<String, @Nullable Object>>) at(template(workflow, "product"), "dag", "tasks");
  }

  private static Map<String, @Nullable Object> template(Manifest workflow, String name) {
    return workflow.maps("spec", "templates").stream()
        .filter(t -> name.equals(t.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private static String parameter(Map<String, @Nullable Object> task, String name) {
    for (Object parameter : (List<?>) at(task, "arguments", "parameters")) {
      if (at(parameter, "name").equals(name)) {
        return (String) at(parameter, "value");
      }
    }
    throw new AssertionError("no parameter " + name);
  }

  private static Object at(Object node, String... path) {
    Object found = node;
    for (String key : path) {
      found = java.util.Objects.requireNonNull(((Map<?, ?>) found).get(key), key);
    }
    return found;
  }

  private static YamlNode.Mapping mapping(String yaml) {
    return (YamlNode.Mapping) YamlReader.read(yaml).documents().get(0);
  }
}
