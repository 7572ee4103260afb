// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitHttpServer;
import dev.segue.agent.testing.StubApiServer;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line against servers that are well and not, and as a process. */
@Execution(ExecutionMode.CONCURRENT)
class SegueIT {
  private static final String STATUS = "refs/heads/segue/default";
  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata:
        name: shop
      spec:
        applications:
          - name: web
            spec:
              chart: {path: charts/web}
              release: {targetNamespace: shop}
      """;
  private static final String CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
  private static final String TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n";

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private StubApiServer cluster;

  @SuppressWarnings("NullAway.Init") // set before each
  private Path kubeconfig;

  private final SortedMap<RepoPath, byte[]> files = new TreeMap<>();

  @BeforeEach
  void start() throws IOException {
    cluster = StubApiServer.start();
    kubeconfig = cluster.kubeconfig(folder);
    add("products/shop.yaml", GROUP);
    add("charts/web/Chart.yaml", CHART);
    add("charts/web/templates/web.yaml", TEMPLATE);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void add(String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
  }

  private Path repository() throws Exception {
    Path bare = folder.resolve("shop.git");
    try (FolderRepository repository =
        FolderRepository.create(bare, "main", new GitAuthor("Test", "test@localhost"))) {
      repository.commit(files, "Begin", Instant.EPOCH);
    }
    return bare;
  }

  private String[] arguments(String command, String url, String... more) {
    return Stream.concat(
            Stream.of(
                command,
                "--set=source.url=" + url,
                "--set=source.interval=1s",
                "--set=cluster.kubeconfig=" + kubeconfig,
                "--set=charts.cache=" + folder.resolve("cache")),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private CommandLineRun sync(String url, String... more) {
    return CommandLineRun.here(Map.of("HOME", folder.toString()), arguments("sync", url, more));
  }

  private static void assertClear(CommandLineRun run) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out() + run.err()).doesNotContain("Exception", "\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "401, SG2202, ''",
    "403, SG2208, ''",
    "404, SG2207, ''",
    "409, SG2204, 2s",
    "429, SG2205, 5s",
    "500, SG2206, 5s",
    "0,   SG2201, 2s",
  })
  void saysInOneLineWhatTheApiServerAnswers(int status, String code, String patience)
      throws Exception {
    String url = repository().toString();
    cluster.fail("", status);

    CommandLineRun run = sync(url, "--timeout", patience.isEmpty() ? "5m" : patience);

    assertClear(run);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(code + ": ");
    List<String> told = run.err().lines().filter(line -> !line.startsWith(code)).toList();
    if (patience.isEmpty()) {
      assertThat(told).isEmpty();
    } else {
      assertThat(told)
          .containsExactly(
              "not everything was released within "
                  + patience
                  + "; the next run goes on from here");
    }
    assertThat(cluster.taken()).isEmpty();
    assertThat(hasStatus()).isFalse();
  }

  private boolean hasStatus() throws IOException {
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(folder.resolve("shop.git").toFile()).build()) {
      return repository.resolve(STATUS) != null;
    }
  }

  @Test
  void triesAgainUntilTheServerIsBack() throws Exception {
    String url = repository().toString();
    cluster.fail("POST ", 500);
    Process agent = CommandLineRun.start(folder, Map.of(), arguments("agent", url));
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(folder.resolve("err")).contains("SG2206: cannot create"));
      assertThat(cluster.taken()).noneMatch(object -> object.startsWith("Workflow"));
      assertThat(hasStatus()).as("the plan stands before anything is begun").isTrue();

      cluster.fail("nothing at all", 500);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(cluster.taken().stream().filter(o -> o.startsWith("Workflow")))
                      .hasSize(1));
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void endsCleanlyInTheMiddleOfAWorkflow() throws Exception {
    String url = repository().toString();
    Process agent = CommandLineRun.start(folder, Map.of(), arguments("agent", url));
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> cluster.taken().stream().anyMatch(o -> o.startsWith("Workflow shop-")));
      List<ProcessHandle> workers = agent.descendants().toList();
      assertThat(workers).as("the render worker").isNotEmpty();

      agent.destroy(); // SIGTERM

      assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
      CommandLineRun run = CommandLineRun.ended(agent, folder);
      assertThat(run.code()).isZero();
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("ending").doesNotContain("Exception");
      await().until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void endsInTimeThoughTheApiServerIsSilent() throws Exception {
    String url = repository().toString();
    cluster.fail("", 0);
    Process agent = CommandLineRun.start(folder, Map.of(), arguments("agent", url));
    try {
      await().until(() -> Files.readString(folder.resolve("err")).contains("INFO"));

      agent.destroy();

      assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(agent.exitValue()).isZero();
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void failsAsAProcessWhenItCannotStart() throws Exception {
    String url = repository().toString();

    CommandLineRun run =
        CommandLineRun.process(
            folder, Map.of(), "agent", "--set=source.url=" + url, "--set=cluster.kubeconfig=none");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "SG2201: cannot connect to the cluster: kubeconfig \""
                + folder.resolve("none")
                + "\" must be a file that can be read\n");
  }

  @Test
  void saysWhatTheGitServerDoes() throws Exception {
    try (Repository repository =
            new FileRepositoryBuilder().setGitDir(repository().toFile()).build();
        GitHttpServer server = GitHttpServer.start(repository)) {
      assertThat(sync("http://localhost:1/a.git", "--timeout=1s").err())
          .startsWith("SG2001: cannot ")
          .contains("trying again in 1 s");
      assertThat(sync(folder.resolve("none.git").toString()).err()).startsWith("SG2003: cannot ");
      assertThat(sync(server.url(), "--set=source.branch=none").err())
          .startsWith("SG1405: ")
          .contains("\"none\"");
      server.credentials = "robot:right";
      Path password = Files.writeString(folder.resolve("password"), "wr0ng");
      CommandLineRun refused =
          sync(
              server.url(),
              "--set=source.auth.username=robot",
              "--set=source.auth.passwordFile=" + password);
      assertClear(refused);
      assertThat(refused.err()).startsWith("SG2002: ").hasLineCount(1).doesNotContain("wr0ng");
    }
    assertThat(cluster.taken()).isEmpty();
  }

  @Test
  void appliesNothingWhenThePushIsRefused() throws Exception {
    PreReceiveHook no =
        (pack, commands) ->
            commands.forEach(
                c -> c.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "branch is frozen"));
    try (Repository repository =
            new FileRepositoryBuilder().setGitDir(repository().toFile()).build();
        GitHttpServer server = GitHttpServer.start(repository)) {
      server.hook = no;

      CommandLineRun run = sync(server.url());

      assertClear(run);
      assertThat(run.out()).startsWith("shop: SG2004: ").contains("branch is frozen");
    }
    assertThat(cluster.taken()).isEmpty();
    assertThat(hasStatus()).isFalse();
  }

  @Test
  void stallsOnAChartThatIsNotThereOrDoesNotRender() throws Exception {
    add("products/none.yaml", GROUP.replace("shop", "none").replace("charts/web", "charts/none"));
    add("products/bad.yaml", GROUP.replace("shop", "bad").replace("charts/web", "charts/bad"));
    add("charts/bad/Chart.yaml", CHART);
    add("charts/bad/templates/bad.yaml", "{{ fail \"not like this\" }}");
    files.remove(RepoPath.parse("products/shop.yaml"));

    CommandLineRun run = sync(repository().toString(), "--timeout=1h");

    assertClear(run);
    assertThat(run.out().lines()).hasSize(2);
    assertThat(run.out())
        .contains("bad: stalled: products/bad.yaml:7: SG1205: ", "not like this")
        .contains("none: stalled: products/none.yaml:7: SG1201: ", "\"charts/none\"");
    assertThat(cluster.taken()).isEmpty();
  }

  @Test
  void rendersTheExampleWhereItLies() throws Exception {
    Path example = Path.of("../example-repo").toAbsolutePath().normalize();
    Path out = folder.resolve("out");
    String url = "--set=source.url=https://git.example.org/products.git";
    Map<String, String> environment = Map.of("HOME", folder.toString());

    CommandLineRun first =
        CommandLineRun.here(environment, "render", url, "-o", out.toString(), example.toString());
    CommandLineRun second =
        CommandLineRun.here(
            environment,
            "render",
            url,
            "-o",
            folder.resolve("again").toString(),
            example.resolve("products").toString());

    assertThat(first.code()).as(first.err() + first.out()).isZero();
    assertThat(second.code()).isZero();
    assertThat(first.out()).isEmpty();
    assertThat(contents(folder.resolve("again"))).isEqualTo(contents(out));
    Golden.check("podtato-head", out.resolve("podtato-head"));
    CommandLineRun stream =
        CommandLineRun.here(
            environment,
            "render",
            url,
            "-o",
            "-",
            example.resolve("products/bookinfo.yaml").toString());
    String leftOut =
        stream
            .out()
            .lines()
            .filter(line -> line.startsWith("# Left out: bookinfo/charts"))
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(Path.of("../docs/cli.md")))
        .contains(
            "$ segue render -o out example-repo\n" + first.err().replace(out.toString(), "out"),
            "$ segue render -o - products/bookinfo.yaml | grep '^# Left out: bookinfo/charts'\n"
                + leftOut
                + "\n```\n");
  }

  private static SortedMap<String, String> contents(Path root) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        contents.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  @Test
  void demoSaysOnEveryLineOfTheClusterThatItIsEmbedded() throws Exception {
    Path demo = folder.resolve("demo");

    CommandLineRun run =
        CommandLineRun.process(
            folder, Map.of(), "demo", "--folder", demo.toString(), "--speed", "1000");

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.err()).isEmpty();
    String embedded = "[embedded cluster] ";
    assertThat(run.out())
        .doesNotContain("\u001b")
        .contains(
            embedded + "podtato-head: in sync",
            embedded + "core5g: in sync",
            embedded + "bookinfo: in sync",
            "upgrade bookinfo-ratings: values changed: ratings.replicaCount",
            embedded + "core5g: held: back at commit",
            embedded + "podtato-head: removed")
        .containsPattern("\\[embedded cluster] podtato-head \\+[0-9:]+ ingress Succeeded");
    assertThat(run.out().lines().filter(line -> line.contains(" Succeeded")))
        .hasSizeGreaterThan(20)
        .allMatch(line -> line.startsWith(embedded));
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(demo.resolve("shop.git").toFile()).build()) {
      assertThat(repository.resolve("refs/heads/segue/demo")).isNotNull();
    }
  }
}
