// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.agent.testing.QuickJava;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Helm in a real worker process. */
final class RenderIT {
  @TempDir Path cache;
  private final MemoryRepo repo = new MemoryRepo();
  private HelmChartStore store;

  @BeforeEach
  void open() throws ChartException {
    store = Stores.store(repo, cache);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private HelmOutput render(String path) throws ChartException {
    return Stores.render(store, Stores.git(store, path), Map.of());
  }

  @Test
  void mergesValuesAndGivesReleaseAndNamespace() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0");

    HelmOutput output =
        Stores.render(store, Stores.git(store, "charts/web"), Map.of("color", "dé\"😀\n"));

    assertThat(output.manifests())
        .singleElement()
        .asString()
        .startsWith("# Source: web/templates/configmap.yaml\n")
        .contains("name: web-web", "namespace: shop", "color: \"dé\\\"😀\\n\"");
    assertThat(output.hooks()).isEmpty();
    assertThat(output.notices()).isEmpty();
  }

  @Test
  void showsHooksAndCrdsAsHelmHasThem() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0")
        .write(
            "charts/web/crds/thing.yaml",
            """
            kind: CustomResourceDefinition
            apiVersion: apiextensions.k8s.io/v1
            metadata: {name: things}
            spec: {description: 'see {{ .Values }}'}
            """)
        .write(
            "charts/web/templates/hook.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: migrate
              annotations:
                helm.sh/hook: pre-install,pre-upgrade
                helm.sh/hook-weight: "1"
            """)
        .write(
            "charts/web/templates/unknown.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: never
              annotations: {"helm.sh/hook": crd-install}
            """);

    HelmOutput output = render("charts/web");

    assertThat(output.manifests()).hasSize(1);
    assertThat(output.hooks())
        .singleElement()
        .asString()
        .contains("helm.sh/hook: pre-install,pre-upgrade", "helm.sh/hook-weight: \"1\"");
    assertThat(output.crds())
        .singleElement()
        .asString()
        .startsWith("# Source: web/crds/thing.yaml\n")
        .contains("see {{ .Values }}");
  }

  @Test
  void tellsAFailingTemplateByFileAndLineInOneLine() {
    repo.chart("charts/web", "web", "1.0.0")
        .write(
            "charts/web/templates/bad.yaml",
            "a: 1\nb: {{ required \"color is missing\" .Values.x }}\n");

    assertThatExceptionOfType(ChartException.class)
        .isThrownBy(() -> render("charts/web"))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(ProblemCode.CHART_DOES_NOT_RENDER);
              assertThat(e.retryable()).isFalse();
              assertThat(e.getMessage())
                  .contains("release \"web\"", "web/templates/bad.yaml:2", "color is missing")
                  .doesNotContain("\n")
                  .doesNotContain("segue-render");
            });
  }

  @Test
  void tellsValuesThatTheSchemaRefuses() {
    repo.chart("charts/web", "web", "1.0.0")
        .write(
            "charts/web/values.schema.json",
            "{\"properties\": {\"color\": {\"type\": \"integer\"}}}");

    assertThatExceptionOfType(ChartException.class)
        .isThrownBy(() -> render("charts/web"))
        .withMessageContaining("color")
        .extracting(ChartException::code)
        .isEqualTo(ProblemCode.CHART_DOES_NOT_RENDER);
  }

  @Test
  void killsAWorkerThatOverrunsAndRendersOnWithANewOne() throws Exception {
    store.close();
    HelmChartStore.Settings usual = Stores.settings(cache);
    store =
        new HelmChartStore(
            repo,
            Stores.NO_CREDENTIALS,
            new HelmChartStore.Settings(
                usual.cache(),
                usual.cacheBytes(),
                Duration.ofMillis(1500),
                usual.workerIdle(),
                usual.downloadDeadline(),
                usual.freshness(),
                false,
                usual.clock()));
    repo.chart("charts/good", "good", "1.0.0")
        .chart("charts/endless", "endless", "1.0.0")
        .write(
            "charts/endless/templates/x.yaml",
            "{{ range until 2000000 }}{{ range until 2000000 }}{{ end }}{{ end }}");
    ResolvedChart good = Stores.git(store, "charts/good");
    Stores.render(store, good, Map.of());
    long first = store.workerPid();

    assertThatExceptionOfType(ChartException.class)
        .isThrownBy(() -> render("charts/endless"))
        .extracting(ChartException::code)
        .isEqualTo(ProblemCode.CHART_RENDER_TIMEOUT);

    assertThat(Stores.render(store, good, Map.of("color", "red")).manifests()).hasSize(1);
    assertThat(ProcessHandle.of(first)).isEmpty();
    assertThat(store.workerPid()).isNotEqualTo(first);
  }

  @Test
  void aBystanderOfAnEndlessChartIsRenderedAllTheSame() throws Exception {
    store.close();
    HelmChartStore.Settings usual = Stores.settings(cache);
    store =
        new HelmChartStore(
            repo,
            Stores.NO_CREDENTIALS,
            new HelmChartStore.Settings(
                usual.cache(),
                usual.cacheBytes(),
                Duration.ofMillis(1500),
                usual.workerIdle(),
                usual.downloadDeadline(),
                usual.freshness(),
                false,
                Clock.systemUTC()));
    repo.chart("charts/good", "good", "1.0.0")
        .chart("charts/endless", "endless", "1.0.0")
        .write(
            "charts/endless/templates/x.yaml",
            "{{ range until 2000000 }}{{ range until 2000000 }}{{ end }}{{ end }}");
    ResolvedChart good = Stores.git(store, "charts/good");
    CompletableFuture<Void> endless =
        CompletableFuture.runAsync(
            () -> {
              try {
                render("charts/endless");
              } catch (ChartException e) {
                throw new java.util.concurrent.CompletionException(e);
              }
            });

    for (int i = 0; !endless.isDone(); i++) {
      assertThat(Stores.render(store, good, Map.of("color", "c" + i)).manifests()).hasSize(1);
    }
    assertThat(endless).isCompletedExceptionally();
  }

  @Test
  void chartsOfOneClusterThatHangLeaveRoomForThoseOfAnother() throws Exception {
    HelmChartStore.Settings usual = Stores.settings(cache);
    HelmChartStore.Settings settings =
        new HelmChartStore.Settings(
            usual.cache(),
            usual.cacheBytes(),
            Duration.ofSeconds(15),
            usual.workerIdle(),
            usual.downloadDeadline(),
            usual.freshness(),
            false,
            Clock.systemUTC());
    repo.chart("charts/good", "good", "1.0.0")
        .chart("charts/endless", "endless", "1.0.0")
        .write(
            "charts/endless/templates/x.yaml",
            "{{ range until 2000000 }}{{ range until 2000000 }}{{ end }}{{ end }}");
    try (SharedCharts shared = SharedCharts.open(settings);
        HelmChartStore ill = new HelmChartStore(repo, Stores.NO_CREDENTIALS, settings, shared);
        HelmChartStore well = new HelmChartStore(repo, Stores.NO_CREDENTIALS, settings, shared)) {
      ResolvedChart good = Stores.git(well, "charts/good");
      Stores.render(well, good, Map.of());
      ResolvedChart endless = Stores.git(ill, "charts/endless");
      AtomicInteger ended = new AtomicInteger();
      CountDownLatch begun = new CountDownLatch(3);
      for (int i = 0; i < 3; i++) {
        Map<String, String> values = Map.of("color", "c" + i);
        new DaemonThreads("hangs")
            .newThread(
                () -> {
                  begun.countDown();
                  try {
                    Stores.render(ill, endless, values);
                  } catch (ChartException e) {
                    ended.incrementAndGet();
                  }
                })
            .start();
      }
      begun.await();

      for (int i = 0; i < 20; i++) { // while as many of them as may be come into the worker
        assertThat(Stores.render(well, good, Map.of("color", "c" + i)).manifests()).hasSize(1);
      }

      assertThat(ended).as("none of those that hang was waited for").hasValue(0);
      assertThat(ill.workerPid()).isEqualTo(well.workerPid());
    }
  }

  @Test
  void aChartThatTakesAllMemoryIsRefusedAndDoesNotStayInTheWay() throws Exception {
    store.close();
    store = Stores.alone(repo, cache);
    repo.chart("charts/good", "good", "1.0.0")
        .chart("charts/bomb", "bomb", "1.0.0")
        .write(
            "charts/bomb/templates/x.yaml",
            "{{ $s := \"0123456789\" }}{{ range until 40 }}{{ $s = print $s $s }}{{ end }}x: {{ $s }}");
    ResolvedChart good = Stores.git(store, "charts/good");
    CompletableFuture<Void> bomb =
        CompletableFuture.runAsync(
            () ->
                assertThatExceptionOfType(ChartException.class)
                    .isThrownBy(() -> render("charts/bomb"))
                    .extracting(ChartException::code)
                    .isEqualTo(ProblemCode.CHART_TOO_LARGE));

    for (int i = 0; !bomb.isDone(); i++) { // a worker that ends takes away what others read
      assertThat(Stores.render(store, good, Map.of("color", "c" + i)).manifests()).hasSize(1);
    }
    bomb.get();
    assertThat(render("charts/good").manifests()).hasSize(1);
  }

  /** Definitions of 8 MiB, which operators for monitoring come with, in folders of sub-charts. */
  @Test
  void rendersAChartWithAsManyDefinitionsAsLargePublicChartsHave() throws ChartException {
    repo.chart("charts/operator", "operator", "1.0.0");
    for (int chart = 0; chart < 4; chart++) {
      String folder = "charts/operator/charts/crds" + chart;
      repo.write(
          folder + "/Chart.yaml", "{apiVersion: v2, name: crds" + chart + ", version: 1.0.0}");
      for (int crd = 0; crd < 8; crd++) {
        repo.write(folder + "/crds/c" + crd + ".yaml", definition("c" + chart + "x" + crd));
      }
    }

    assertThat(render("charts/operator").crds()).hasSize(32);
  }

  /** A definition of 256 KiB. */
  private static String definition(String name) {
    StringBuilder text = new StringBuilder(1 << 18);
    text.append("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n")
        .append("metadata: {name: " + name + ".example.com}\nspec:\n  fields:\n");
    for (int field = 0; text.length() < 1 << 18; field++) {
      text.append("    field" + field + ":\n      description: what it is for, in a sentence\n");
      text.append("      type: string\n");
    }
    return text.toString();
  }

  @Test
  void theWorkerIsGoneWhenIdleAndLeavesNothing() throws Exception {
    store.close();
    HelmChartStore.Settings usual = Stores.settings(cache);
    store =
        new HelmChartStore(
            repo,
            Stores.NO_CREDENTIALS,
            new HelmChartStore.Settings(
                usual.cache(),
                usual.cacheBytes(),
                usual.renderDeadline(),
                Duration.ofMillis(100),
                usual.downloadDeadline(),
                usual.freshness(),
                false,
                Clock.systemUTC()));
    repo.chart("charts/web", "web", "1.0.0");
    render("charts/web");

    await().until(() -> store.workerPid() < 0);
    assertThat(render("charts/web").manifests()).hasSize(1); // from the cache
    assertThat(store.workerPid()).isNegative();
    assertThat(
            Stores.render(store, Stores.git(store, "charts/web"), Map.of("color", "red"))
                .manifests())
        .hasSize(1);
  }

  @Test
  void rendersWhereTheEngineThatIsKeptIsDamagedOrCannotBeKept() throws Exception {
    store.close();
    store = Stores.alone(repo, cache);
    repo.chart("charts/web", "web", "1.0.0");
    assertThat(render("charts/web").manifests()).hasSize(1);
    store.close();
    List<Path> kept;
    try (Stream<Path> files = Files.walk(cache.resolve("engine"))) {
      kept = files.filter(Files::isRegularFile).toList();
    }
    assertThat(kept).as("Helm's engine and JNA's library").hasSize(2);
    for (Path library : kept) {
      try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
        file.write(new byte[4096]); // as long as before
      }
    }

    store = Stores.alone(repo, cache);
    ResolvedChart chart = Stores.git(store, "charts/web");
    assertThat(Stores.render(store, chart, Map.of("color", "red")).manifests()).hasSize(1);
    assertThat(kept).as("unpacked anew by the next").noneMatch(Files::exists);
    store.close();

    RenderWorker.delete(cache.resolve("engine"));
    Files.writeString(cache.resolve("engine"), "no folder");
    store = Stores.alone(repo, cache);
    assertThat(Stores.render(store, chart, Map.of("color", "green")).manifests()).hasSize(1);
  }

  @Test
  void startsAheadWhereNothingWasRenderedAndIsLeftWithoutAWait() throws Exception {
    RenderEngine first = RenderEngine.of(Stores.settings(cache));
    first.prepare();
    ProcessHandle worker = ProcessHandle.of(first.workerPid()).orElseThrow();
    repo.chart("charts/web", "web", "1.0.0");
    try (HelmChartStore shared =
        new HelmChartStore(repo, Stores.NO_CREDENTIALS, Stores.settings(cache), first)) {
      assertThat(Stores.render(shared, Stores.git(shared, "charts/web"), Map.of()).manifests())
          .hasSize(1);
    }
    assertThat(worker.isAlive()).as("the store's end is not that of a shared engine").isTrue();
    assertThat(first.workerPid()).isEqualTo(worker.pid());

    first.leave();
    await().until(() -> !worker.isAlive());

    try (RenderEngine second = RenderEngine.of(Stores.settings(cache))) {
      second.prepare();
      assertThat(second.workerPid()).as("what is needed may be in the cache").isNegative();
    }
  }

  @Test
  void theWorkerEndsWhenItsAgentDiesInTheMidstOfAnEndlessTemplate() throws Exception {
    WorkerProcess worker = WorkerProcess.start(cache.resolve("engine"));
    worker.awaitReady(30_000);
    ProcessHandle process = ProcessHandle.of(worker.pid()).orElseThrow();
    ChartFiles chart =
        ChartFiles.of(
            new java.util.TreeMap<>(
                Map.of(
                    "Chart.yaml",
                        "apiVersion: v2\nname: x\nversion: 1.0.0\n"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "templates/x.yaml",
                        "{{ range until 2000000 }}{{ range until 2000000 }}{{ end }}{{ end }}"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8))),
            "x");
    CompletableFuture<Void> call =
        CompletableFuture.runAsync(
            () -> {
              try {
                worker.render(
                    chart.digest(),
                    chart.toBytes(),
                    WorkerFrame.bytes("x"),
                    WorkerFrame.bytes("x"),
                    WorkerFrame.bytes("v1.34.0"),
                    WorkerFrame.bytes("{}"));
              } catch (java.io.IOException e) {
                throw new java.util.concurrent.CompletionException(e);
              }
            });
    Duration before = process.info().totalCpuDuration().orElse(Duration.ZERO);
    await()
        .until(
            () ->
                process.info().totalCpuDuration().orElse(Duration.ZERO).minus(before).toMillis()
                    > 300);

    worker.hangUp();

    await().atMost(Duration.ofSeconds(5)).until(() -> !process.isAlive());
    assertThat(call).failsWithin(Duration.ofSeconds(5));
    assertThat(worker.home()).doesNotExist();
    worker.close();
  }

  @Test
  void aChartThatDiffersBetweenRendersIsReportedWithFileAndLine() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0")
        .write(
            "charts/web/templates/secret.yaml",
            """
            kind: Secret
            apiVersion: v1
            metadata: {name: x}
            stringData:
              password: {{ randAlphaNum 20 }}
              at: {{ now | quote }}
            """);

    HelmOutput output = render("charts/web");

    assertThat(output.notices())
        .containsExactly(
            "templates/secret.yaml:5 calls `randAlphaNum`: two renders of this chart differ",
            "templates/secret.yaml:6 calls `now`: what is released depends on the time");
    assertThat(render("charts/web")).isEqualTo(output);
  }

  @Test
  void lookupReachesNoClusterAndIsReported() throws Exception {
    try (java.net.ServerSocket cluster =
        new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
      java.util.concurrent.atomic.AtomicInteger connections =
          new java.util.concurrent.atomic.AtomicInteger();
      Thread listener =
          new Thread(
              () -> {
                try {
                  while (true) {
                    cluster.accept().close();
                    connections.incrementAndGet();
                  }
                } catch (java.io.IOException e) {
                  return;
                }
              });
      listener.start();
      Path kubeconfig = cache.resolve("kubeconfig");
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          current-context: c
          contexts: [{name: c, context: {cluster: c, user: u}}]
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: u, user: {token: t}}]
          """
              .formatted(cluster.getLocalPort()));

      Process agent =
          new ProcessBuilder(lookupAgent("own"))
              .redirectErrorStream(true)
              .directory(cache.toFile())
              .start();
      // The same again with the kubeconfig in the agent's environment and home.
      ProcessBuilder builder = new ProcessBuilder(lookupAgent("other"));
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
      builder.environment().put("KUBERNETES_SERVICE_PORT", String.valueOf(cluster.getLocalPort()));
      Process withCluster = builder.redirectErrorStream(true).start();
      String plain =
          new String(
              agent.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      String output =
          new String(
              withCluster.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

      assertThat(output).contains("found: \"map[]\"", "told: \"0\"").isEqualTo(plain);
      assertThat(connections).hasValue(0);
    }
  }

  private List<String> lookupAgent(String folder) {
    return QuickJava.command(LookupAgent.class, List.of(), cache.resolve(folder).toString());
  }

  /** An agent in a process of its own, for its environment. */
  static final class LookupAgent {
    private LookupAgent() {}

    public static void main(String[] arguments) throws Exception {
      MemoryRepo repo =
          new MemoryRepo()
              .chart("charts/web", "web", "1.0.0")
              .write(
                  "charts/web/templates/x.yaml",
                  """
                  found: {{ lookup "v1" "Namespace" "" "default" | toString | quote }}
                  told: {{ tpl .Values.asked . | toString | quote }}
                  """);
      try (HelmChartStore store = Stores.alone(repo, Path.of(arguments[0]))) {
        System.out.println(
            Stores.render(
                    store,
                    Stores.git(store, "charts/web"),
                    Map.of("asked", "{{ lookup \"v1\" \"Node\" \"\" \"n\" | len }}"))
                .manifests());
      }
    }
  }

  @Test
  void equalRequestsAreRenderedOnceByTheDigestOfAllInputs() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0")
        .write("charts/web/templates/r.yaml", "r: {{ randAlphaNum 20 }}\n");
    ResolvedChart chart = Stores.git(store, "charts/web");

    HelmOutput first = Stores.render(store, chart, Map.of());

    assertThat(Stores.render(store, chart, Map.of())).isEqualTo(first);
    assertThat(
            List.of(
                Stores.render(store, chart, Map.of("color", "red")),
                store.render(Stores.request(chart, "other", Map.of()))))
        .doesNotContain(first);
  }
}
