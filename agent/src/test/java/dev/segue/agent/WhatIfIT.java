// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.SiteLab;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An option counts more than what the status branch records of its site, and it is told. */
final class WhatIfIT {
  private static final String OPTION = "cluster.kubeVersion=v1.30.0";
  private static final String NOTICE =
      "what if: `--set cluster.kubeVersion` says otherwise than the status branch of site-a, so"
          + " this is not the plan of the agent there: do not approve its digest";

  @TempDir private static Path cache;
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private SiteLab lab;

  @BeforeEach
  void release() throws Exception {
    lab = new SiteLab(folder, cache);
    lab.file("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    lab.file(
        "charts/web/templates/map.yaml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        data: {colour: "{{ .Values.colour }}"}
        """);
    lab.file(
        "products/shop.yaml",
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
          - name: web
            spec:
              chart: {path: charts/web}
              release: {targetNamespace: shop, values: {colour: red}}
        """);
    lab.commit();
    lab.release();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private CommandLineRun run(Map<String, String> environment, String... command) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("HOME", "/nowhere");
    return CommandLineRun.here(all, lab.arguments(command));
  }

  private CommandLineRun plan(String... options) {
    return run(
        Map.of(), Stream.concat(Stream.of("plan"), Stream.of(options)).toArray(String[]::new));
  }

  private void changeTheChart() throws Exception {
    lab.replace(
        "charts/web/templates/map.yaml",
        "colour:",
        "k8s: {{ .Capabilities.KubeVersion }}, colour:");
    lab.commit();
  }

  @Test
  void anOptionCountsMoreThanTheRecordAndThePlanSaysSo() throws Exception {
    changeTheChart();

    CommandLineRun text = plan("--set", OPTION);

    assertThat(text.out()).contains("  notice: " + NOTICE + "\n", "+ data.k8s: v1.30.0");
    assertThat(text.err()).isEmpty();
    assertThat(plan("--set", OPTION, "-o", "markdown").out()).contains("what if: ");
    assertThat(plan("--set", OPTION, "-o", "json").out()).contains("what if: ");
    assertThat(plan("--set", OPTION, "--all-clusters").err()).isEqualTo(NOTICE + "\n");
    assertThat(run(Map.of(), "rehearse", "--set", OPTION).err()).contains(NOTICE);
  }

  @Test
  void isToldWhereNothingWouldBeDone() {
    CommandLineRun run = plan("--set", "workflow.parallelism=3");

    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo(NOTICE.replace("cluster.kubeVersion", "workflow.parallelism") + "\n");
  }

  @Test
  void nothingIsSaidOfWhatTheRecordSaysToo() throws Exception {
    changeTheChart();

    CommandLineRun same = plan("--set", "workflow.parallelism=10", "--set", "cluster.name=site-a");

    assertThat(same).isEqualTo(plan());
    assertThat(same.out() + same.err()).doesNotContain("what if");
  }

  @Test
  void whatElseIsConfiguredHereDoesNotCount() throws Exception {
    changeTheChart();

    CommandLineRun run = run(Map.of("SEGUE_CLUSTER_KUBE_VERSION", "v1.30.0"), "plan");

    assertThat(run).isEqualTo(plan());
    assertThat(run.out()).doesNotContain("v1.30.0");
  }
}
