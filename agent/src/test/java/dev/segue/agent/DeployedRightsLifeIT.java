// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.charts.Archives;
import dev.segue.agent.charts.ChartServer;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.kube.DeployedObjects;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kinds;
import dev.segue.agent.testing.RecordedCalls;
import dev.segue.agent.testing.StandInControllers;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The agent lives a group's whole life with the account that {@code deploy/base} gives it, and the
 * API server records what it calls: nothing that it may not, and everything that it may.
 */
final class DeployedRightsLifeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  private final TreeMap<RepoPath, byte[]> files = new TreeMap<>();
  private final ChartServer server = new ChartServer();

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  @SuppressWarnings("NullAway.Init") // set before each
  private FolderRepository repository;

  @SuppressWarnings("NullAway.Init") // set before each
  private StandInControllers controllers;

  private @Nullable Process agent;

  @BeforeEach
  void install() throws Exception {
    target = ClusterUnderTest.require();
    assertThat(target.audited()).isNotNull(); // skips where nothing is recorded
    namespace = target.newNamespace();
    DeployedObjects.install(target, namespace);
    target
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("charts")
                .withNamespace(namespace.value())
                .endMetadata()
                .withStringData(Map.of("username", "me", "password", "secret"))
                .build())
        .create();
    repository =
        FolderRepository.create(
            folder.resolve("shop.git"), "main", new GitAuthor("Team", "team@localhost"));
    controllers = new StandInControllers(target.admin(), namespace.value());
  }

  @AfterEach
  void end() {
    if (agent != null) {
      agent.destroyForcibly();
    }
    server.close();
    if (controllers != null) { // the test was skipped
      controllers.close();
      repository.close();
    }
  }

  private void put(String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
  }

  /** A group with a chart of each kind of source, and values of each place where they may stand. */
  private void declare(String version, String colour, String spec) {
    byte[] db = Archives.chart("db", version, colour);
    server.serve("/charts/db-" + version + ".tgz", db);
    server
        .serve(
            "/charts/index.yaml",
            "apiVersion: v1\nentries:\n  db:\n  - {name: db, version: "
                + version
                + ", digest: "
                + Digest.of(db).hex()
                + ", urls: [db-"
                + version
                + ".tgz]}\n")
        .with("X-Wants", BASIC);
    byte[] cache = Archives.chart("cache", version, colour);
    String layer = Digest.of(cache).toString();
    server.serve("/v2/team/cache/blobs/" + layer, cache);
    server.serve(
        "/v2/team/cache/manifests/" + version,
        ("{\"schemaVersion\":2,\"layers\":[{\"mediaType\":"
                + "\"application/vnd.cncf.helm.chart.content.v1.tar+gzip\","
                + "\"digest\":\"%s\",\"size\":%d}]}")
            .formatted(layer, cache.length));
    put("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: " + version + "\n");
    put(
        "charts/web/templates/web.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + colour + "}\n");
    put(
        "products/shop.yaml",
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          %s
          applications:
          - name: db
            spec:
              chart: {url: "%s", name: db, version: %s, authSecretRef: charts}
              release: {values: {password: %s-password}, sensitiveValues: [password]}
          - name: cache
            spec: {chart: {url: "%s", version: %s}}
          - name: web
            dependencies: [db, cache]
            spec:
              chart: {path: charts/web}
              release: {values: {colour: %s, text: %s}}
        """
            .formatted(
                spec,
                server.url("/charts"),
                version,
                colour,
                server.oci("/team/cache"),
                version,
                colour,
                "x".repeat(2000)));
  }

  private void push(String subject) throws Exception {
    repository.commit(new TreeMap<>(files), subject, Instant.now());
  }

  private void start() throws Exception {
    Path home = Files.createDirectory(folder.resolve("agent"));
    agent =
        CommandLineRun.start(
            home,
            Map.of("HOSTNAME", "agent"),
            "agent",
            "--set=source.url=" + folder.resolve("shop.git").toUri(),
            "--set=source.fluxUrl=http://git.example.org/shop.git",
            "--set=source.interval=500ms",
            "--set=reconcile.interval=1s",
            "--set=cluster.kubeconfig=" + target.kubeconfigOf(namespace, "segue", home),
            "--set=cluster.namespace=" + namespace,
            "--set=charts.cache=" + home.resolve("cache"),
            "--set=highAvailability.enabled=true",
            "--set=highAvailability.leaseDuration=3s",
            "--set=highAvailability.renewDeadline=2s",
            "--set=highAvailability.retryPeriod=200ms");
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("agent").resolve("err"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void awaitLog(String text, int times) {
    await()
        .alias(text)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast(() -> assertThat(log()).doesNotContain("SG2203"))
        .until(() -> log().split(Pattern.quote(text), -1).length > times);
  }

  private List<GenericKubernetesResource> helmReleases() {
    return target
        .admin()
        .genericKubernetesResources(Kinds.HELM_RELEASE)
        .inNamespace(namespace.value())
        .list()
        .getItems();
  }

  @Test
  void areUsedAllOfThemAndNoOthersAreNeeded() throws Exception {
    put(
        "products/stays.yaml",
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: stays}
        spec:
          applications: [{name: stays, spec: {chart: {path: charts/web}}}]
        """);
    declare("1.0.0", "red", "interval: 1s");
    push("released");
    start();
    awaitLog("shop: in sync", 1);

    controllers.hold();
    declare("1.1.0", "blue", "interval: 1s");
    push("upgraded");
    await().atMost(PATIENCE).until(() -> controllers.begun() >= 4);
    declare("1.2.0", "green", "interval: 1s");
    push("and another one while that runs");
    awaitLog("begins no more steps", 1);
    controllers.goOn();
    awaitLog("shop: in sync", 2);
    assertThat(helmReleases()).hasSize(4);

    GenericKubernetesResource drifted =
        helmReleases().stream()
            .filter(release -> release.getMetadata().getName().contains("cache"))
            .findFirst()
            .orElseThrow();
    target.admin().resource(drifted).delete();
    awaitLog("shop: in sync", 3);

    controllers.fail("web");
    declare("1.3.0", "black", "interval: 1s");
    push("what fails");
    awaitLog("shop: held", 1);

    declare("1.4.0", "white", "approval: manual");
    push("what waits for somebody");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                target
                        .admin()
                        .configMaps()
                        .inNamespace(namespace.value())
                        .withName("shop.requests")
                        .get()
                    != null);

    declare("1.4.0", "white", "interval: 1s");
    push("and goes on");
    awaitLog("shop: in sync", 4);
    files.remove(RepoPath.parse("products/shop.yaml"));
    push("removed");
    await().atMost(PATIENCE).until(() -> helmReleases().size() == 1);
    awaitLog(" removed: ", 1);

    Process running = requireNonNull(agent);
    running.destroy(); // SIGTERM
    assertThat(running.waitFor(15, TimeUnit.SECONDS)).isTrue();

    RecordedCalls calls = RecordedCalls.of(target, namespace, "segue");
    assertThat(calls.forbidden()).isEmpty();
    assertThat(calls.used()).isEqualTo(DeployedObjects.rights(DeployedObjects.role("segue")));
    assertThat(calls.names().get("coordination.k8s.io/leases")).isEqualTo(Set.of("segue"));
    assertThat(calls.other()).isSubsetOf("/version", "/api", "/apis");
  }
}
