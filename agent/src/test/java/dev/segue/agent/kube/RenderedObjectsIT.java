// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.render.RenderedBundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that is rendered, given to a real API server that refuses every field it does not know. */
final class RenderedObjectsIT extends AtAnApiServer {
  /** What Argo takes for a task that others depend on. */
  private static final Pattern TASK_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,127}");

  private static final Pattern TASK_RESULT =
      Pattern.compile("([A-Za-z0-9-]+)\\.(Succeeded|Failed|Errored|Skipped|Omitted)");

  @BeforeEach
  void needRealCrds() {
    Assumptions.assumeTrue(target.realCrds(), "the stand-ins of the CRDs take every field");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/example-repo/products/podtato-head.yaml",
        "/example-repo/products/core5g.yaml",
        "/groups/every-feature.yaml"
      })
  void theApiServerTakesEveryObjectOfAFirstRelease(String file) throws Exception {
    RenderedBundle bundle = new RenderedProduct(namespace).first(read(file));
    accept(bundle);
    assertThat(RenderedProduct.applied(bundle.workflow().orElseThrow()))
        .hasSameSizeAs(bundle.helmReleases());
  }

  @Test
  void theApiServerTakesRepairsUpgradesAndDeletions() throws Exception {
    String before = read("/groups/every-feature.yaml");
    String after = before.replaceFirst("(?s)  - name: inlined.*", "").replace("parallelism: 3", "");
    RenderedBundle bundle =
        new RenderedProduct(namespace).next(before, after, ReleaseName.parse("broken"));
    assertThat(RenderedProduct.tasks(bundle.workflow().orElseThrow()))
        .extracting(task -> String.valueOf(task.get("name")))
        .contains("Reset-broken", "broken", "Delete-inlined", "Release-5gc");
    accept(bundle);
  }

  /** Values of a size that is kept apart, and one under each name that is as long as it may be. */
  @Test
  void theApiServerTakesLargeValuesUnderLongNames() throws Exception {
    String large =
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: %s}
        spec:
          applications:
          - name: %s
            spec:
              chart: {path: charts/x}
              release: {values: {text: "%s", secret: "%s"}, sensitiveValues: [secret]}
        """
            .formatted("g".repeat(63), "r".repeat(53), "x".repeat(300_000), "s".repeat(300_000));
    RenderedBundle bundle = new RenderedProduct(namespace).first(large);
    assertThat(bundle.problems()).isEmpty();
    assertThat(bundle.values()).extracting(Manifest::kind).containsExactly("ConfigMap", "Secret");
    accept(bundle);
  }

  private void accept(RenderedBundle bundle) throws ClusterException {
    Manifest workflow = bundle.workflow().orElseThrow();
    cluster.apply(bundle.prerequisites());
    cluster.apply(bundle.helmReleases());
    cluster.apply(
        RenderedProduct.applied(workflow).stream()
            .filter(object -> object.fields().containsKey("spec"))
            .toList());
    assertThat(cluster.create(workflow)).isTrue();
    isWhatArgoTakes(workflow);
  }

  /** Argo checks this only when it begins; the API server does not. */
  private static void isWhatArgoTakes(Manifest workflow) {
    Set<String> templates = new HashSet<>();
    workflow
        .maps("spec", "templates")
        .forEach(template -> assertThat(templates.add(name(template))).isTrue());
    assertThat(templates).contains(workflow.text("spec", "entrypoint").orElseThrow());
    Set<String> tasks = new HashSet<>();
    for (Map<?, ?> task : RenderedProduct.tasks(workflow)) {
      assertThat(name(task)).matches(TASK_NAME);
      assertThat(templates).contains(String.valueOf(task.get("template")));
      if (task.get("depends") instanceof String depends) {
        Matcher results = TASK_RESULT.matcher(depends);
        while (results.find()) {
          assertThat(tasks)
              .as("%s stands before %s", results.group(1), name(task))
              .contains(results.group(1));
        }
        assertThat(results.replaceAll("")).matches("[ ()&|]*");
      }
      assertThat(tasks.add(name(task))).as("%s stands once", name(task)).isTrue();
    }
  }

  private static String name(Map<?, ?> named) {
    return String.valueOf(named.get("name"));
  }

  private static String read(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RenderedObjectsIT.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
