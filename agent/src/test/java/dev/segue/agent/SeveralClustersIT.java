// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Relay;
import dev.segue.agent.testing.StandInControllers;
import dev.segue.agent.testing.StubApiServer;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One process for several clusters: what one of them does not do holds up no other. */
@Execution(ExecutionMode.CONCURRENT)
final class SeveralClustersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each
  private FolderRepository repository;

  @BeforeEach
  void commit() throws Exception {
    repository =
        FolderRepository.create(
            folder.resolve("shop.git"), "main", new GitAuthor("Team", "team@localhost"));
    opened.add(repository);
    push("red");
  }

  @AfterEach
  void close() throws Exception {
    for (int last = opened.size() - 1; last >= 0; last--) {
      opened.get(last).close();
    }
  }

  private void push(String colour) throws Exception {
    Map<RepoPath, byte[]> files = new TreeMap<>();
    put(
        files,
        "products/shop.yaml",
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
            - name: web
              spec: {chart: {path: charts/web}, release: {targetNamespace: shop, values: {c: %s}}}
        """
            .formatted(colour));
    put(files, "charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    put(
        files,
        "charts/web/templates/web.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n");
    repository.commit(new TreeMap<>(files), colour, Instant.now());
  }

  private static void put(Map<RepoPath, byte[]> files, String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
  }

  /** A configuration of that cluster, whose kubeconfig is its own. */
  private Path kubeconfig(String cluster) throws IOException {
    return Files.createDirectories(folder.resolve(cluster)).resolve("kubeconfig");
  }

  private void cluster(String name, String repository, String namespace, String more)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            source:
              url: %s
              fluxUrl: http://git.example.org/shop.git
              interval: 300ms
            cluster: {name: %s, kubeconfig: %s, namespace: %s}
            charts: {cache: cache}
            %s
            """
                .formatted(repository, name, kubeconfig(name), namespace, more));
    arguments.addAll(List.of("--config", file.toString()));
  }

  private String shop() {
    return folder.resolve("shop.git").toUri().toString();
  }

  private StubApiServer server(String cluster) throws IOException {
    StubApiServer server = StubApiServer.start();
    opened.add(server);
    Files.move(server.kubeconfig(folder), kubeconfig(cluster));
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String health(int port) {
    return "web: {health: \"127.0.0.1:" + port + "\"}";
  }

  private static HttpResponse<String> ask(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private Process agent() throws IOException {
    List<String> all = new ArrayList<>(List.of("agent"));
    all.addAll(arguments);
    Process process = CommandLineRun.start(folder, Map.of(), all.toArray(String[]::new));
    opened.add(process::destroyForcibly);
    return process;
  }

  private CommandLineRun sync(String timeout) {
    List<String> all = new ArrayList<>(List.of("sync", "--timeout", timeout));
    all.addAll(arguments);
    return CommandLineRun.here(Map.of("HOME", folder.toString()), all.toArray(String[]::new));
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(folder.resolve("err"));
  }

  private static List<String> workflows(StubApiServer server) {
    return server.taken().stream().filter(each -> each.startsWith("Workflow ")).toList();
  }

  @Test
  void whatIsWrongWithOneClusterHoldsUpNoOther() throws Exception {
    int port = freePort();
    int portOfIll = freePort();
    cluster("no-config", shop(), "segue", health(portOfIll));
    cluster("no-git", folder.resolve("nowhere.git").toUri().toString(), "segue", "");
    cluster("silent", shop(), "segue", "");
    cluster("well", shop(), "segue", health(port));
    Files.writeString(kubeconfig("no-config"), "this is no kubeconfig");
    StubApiServer noGit = server("no-git");
    server("silent").fail("", 0);
    StubApiServer well = server("well");
    Process agent = agent();

    await().atMost(PATIENCE).until(() -> workflows(well).size() == 1);
    await().atMost(PATIENCE).until(() -> log().stream().anyMatch(l -> l.contains("no-git: SG2")));

    assertThat(workflows(noGit)).isEmpty();
    for (int each : List.of(port, portOfIll)) {
      assertThat(ask(each, "/healthz").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = ask(each, "/readyz");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .startsWith("no-config: SG2201: cannot connect to the cluster: kubeconfig ")
          .contains("; no-git: Git has not answered yet; ")
          .endsWith("; silent: the API server has not answered yet\n")
          .doesNotContain("well:");
    }
    assertThat(log())
        .filteredOn(line -> !line.contains("AgentRun"))
        .as("each line is of a cluster")
        .allMatch(line -> line.matches("\\S+ \\S+ +\\S+ (no-config|no-git|silent|well): .*"))
        .anyMatch(line -> line.contains("Reconciler well: shop: "))
        .anyMatch(line -> line.contains("no-config: SG2201: "));

    StubApiServer mended = StubApiServer.start();
    opened.add(mended);
    Files.writeString(kubeconfig("no-config"), Files.readString(mended.kubeconfig(folder)));
    await().atMost(PATIENCE).until(() -> workflows(mended).size() == 1);

    long begun = System.nanoTime();
    agent.destroy(); // SIGTERM
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    System.out.println(
        "four clusters ended after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    assertThat(agent.exitValue()).isZero();
    assertThat(log()).filteredOn(line -> line.endsWith(": ending")).hasSizeGreaterThan(2);
    assertThat(String.join("\n", log())).doesNotContain("Exception");
  }

  @Test
  void configurationsThatClashAreRefusedBeforeAnythingBegins() throws Exception {
    StubApiServer one = server("one");
    cluster("one", shop(), "segue", "");
    arguments.addAll(List.copyOf(arguments));

    CommandLineRun run = sync("10s");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(folder + "/one.yaml:5: SG1501: field `cluster."));
    assertThat(one.taken()).isEmpty();
  }

  @Test
  void aSyncIsFineOnlyWhereAllClustersAre() throws Exception {
    try (FolderRepository empty =
        FolderRepository.create(
            folder.resolve("empty.git"), "main", new GitAuthor("Team", "team@localhost"))) {
      TreeMap<RepoPath, byte[]> files = new TreeMap<>();
      put(files, "none.yaml", "kind: Nothing\n");
      empty.commit(files, "Begin", Instant.now());
    }
    String nothing = folder.resolve("empty.git").toUri().toString();
    server("one");
    StubApiServer two = server("two");
    cluster("one", nothing, "segue", "");
    cluster("two", nothing, "segue", "");

    CommandLineRun fine = sync("60s");
    assertThat(fine.code()).as(fine.err() + fine.out()).isZero();

    two.fail("", 403);
    CommandLineRun run = sync("60s");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines()).allMatch(line -> line.startsWith("two: SG2208: ")).hasSize(1);
  }

  /** At a real API server, with Argo and Flux played. */
  @Test
  void oneReleasesWhileTheServerOfTheOtherIsAway() throws Exception {
    ClusterUnderTest target = ClusterUnderTest.requireWithoutControllers();
    Namespace here = target.newNamespace();
    Namespace there = target.newNamespace();
    opened.add(new StandInControllers(target.admin(), here.value()));
    opened.add(new StandInControllers(target.admin(), there.value()));
    cluster("near", shop(), here.value(), "");
    cluster("far", shop(), there.value(), "");
    Files.copy(target.kubeconfig(), kubeconfig("near"));
    Relay relay = Relay.to(target.kubeconfig(), folder);
    opened.add(relay);
    Files.copy(relay.kubeconfig(), kubeconfig("far"));

    CommandLineRun run = sync("90s");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .containsExactlyInAnyOrder("near: shop: in sync", "far: shop: in sync");

    Process agent = agent();
    for (String name : List.of("near", "far")) {
      await().atMost(PATIENCE).until(() -> said(name + ": shop: in sync") == 1);
    }
    relay.stop(); // all that is open hangs, and nobody is told
    push("blue");
    long begun = System.nanoTime();
    await().atMost(PATIENCE).until(() -> said("near: shop: in sync") == 2);
    Duration release = Duration.ofNanos(System.nanoTime() - begun);
    System.out.println("released beside a server that is away after " + release.toMillis() + " ms");

    assertThat(said("far: shop: in sync")).isEqualTo(1);
    assertThat(agent.isAlive()).isTrue();
    agent.destroy();
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isZero();
    try (Stream<Path> copies = Files.list(folder.resolve("cache").resolve("git"))) {
      assertThat(copies.filter(Files::isDirectory)).as("copies of the repository").hasSize(1);
    }
  }

  private long said(String text) throws IOException {
    return log().stream().filter(line -> line.endsWith(text)).count();
  }
}
