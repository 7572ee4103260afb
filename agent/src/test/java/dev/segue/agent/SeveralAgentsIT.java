// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kinds;
import dev.segue.agent.testing.Relay;
import dev.segue.agent.testing.StandInControllers;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Agents as processes at a real API server: one works, whatever becomes of the others. */
@Execution(ExecutionMode.CONCURRENT)
final class SeveralAgentsIT {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String STATUS = "refs/heads/segue/default";

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  private final List<Process> processes = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  @SuppressWarnings("NullAway.Init") // set before each
  private FolderRepository repository;

  @SuppressWarnings("NullAway.Init") // set before each
  private StandInControllers controllers;

  @BeforeEach
  void prepare() throws Exception {
    target = ClusterUnderTest.requireWithoutControllers();
    namespace = target.newNamespace();
    repository =
        FolderRepository.create(
            folder.resolve("shop.git"), "main", new GitAuthor("Team", "team@localhost"));
    controllers = new StandInControllers(target.admin(), namespace.value());
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    if (controllers != null) { // the test was skipped
      controllers.close();
      repository.close();
    }
  }

  private void push(String colour) throws Exception {
    push(colour, List.of("shop"));
  }

  private void push(String colour, List<String> groups) throws Exception {
    Map<RepoPath, byte[]> files = new TreeMap<>();
    groups.forEach(group -> put(files, "products/" + group + ".yaml", product(group, colour)));
    put(files, "charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    put(
        files,
        "charts/web/templates/web.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n");
    repository.commit(new TreeMap<>(files), colour, Instant.now());
  }

  private static String product(String group, String colour) {
    return """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: %2$s}
        spec:
          applications:
            - name: db
              spec: {chart: {path: charts/web}, release: {targetNamespace: %2$s, values: {c: %1$s}}}
            - name: web
              dependencies: [db]
              spec: {chart: {path: charts/web}, release: {targetNamespace: %2$s, values: {c: %1$s}}}
        """
        .formatted(colour, group);
  }

  private static void put(Map<RepoPath, byte[]> files, String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
  }

  private Process agent(String name, Path kubeconfig) throws Exception {
    return agent(name, kubeconfig, 1);
  }

  private Process agent(String name, Path kubeconfig, int shards) throws Exception {
    Path home = Files.createDirectory(folder.resolve(name));
    Process process =
        CommandLineRun.start(
            home,
            Map.of("HOSTNAME", name),
            "agent",
            "--set=source.url=" + folder.resolve("shop.git").toUri(),
            "--set=source.fluxUrl=http://git.example.org/shop.git",
            "--set=source.interval=" + POLL.toMillis() + "ms",
            "--set=status.author.name=" + name,
            "--set=cluster.kubeconfig=" + kubeconfig,
            "--set=cluster.namespace=" + namespace,
            "--set=charts.cache=" + home.resolve("cache"),
            "--set=highAvailability.enabled=true",
            "--set=highAvailability.leaseDuration=" + LEASE.toSeconds() + "s",
            "--set=highAvailability.shards=" + shards,
            "--set=highAvailability.renewDeadline=2s",
            "--set=highAvailability.retryPeriod=200ms");
    processes.add(process);
    return process;
  }

  private Process agent(String name) throws Exception {
    return agent(name, target.kubeconfig());
  }

  private String log(String agent) throws IOException {
    return Files.readString(folder.resolve(agent).resolve("err"));
  }

  private void awaitLog(String agent, String text, int times) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> log(agent).split(Pattern.quote(text), -1).length > times);
  }

  /** When the agent said that for the last time. */
  private Instant said(String agent, String text) throws IOException {
    String line =
        log(agent).lines().filter(l -> l.contains(text)).reduce((one, next) -> next).orElseThrow();
    return Instant.parse(line.substring(0, line.indexOf(' ')));
  }

  private Resource<Lease> lease() {
    return target.admin().leases().inNamespace(namespace.value()).withName("segue");
  }

  private List<String> workflows() {
    return target
        .admin()
        .genericKubernetesResources(Kinds.WORKFLOW)
        .inNamespace(namespace.value())
        .list()
        .getItems()
        .stream()
        .map(GenericKubernetesResource::getMetadata)
        .map(metadata -> metadata.getName())
        .sorted()
        .toList();
  }

  private record Said(String author, String subject) {}

  /** What the status branch tells, the first first. */
  private List<Said> told() throws IOException {
    List<Said> told = new ArrayList<>();
    try (Repository git =
            new FileRepositoryBuilder().setGitDir(folder.resolve("shop.git").toFile()).build();
        RevWalk walk = new RevWalk(git)) {
      ObjectId tip = git.resolve(STATUS);
      if (tip != null) {
        walk.markStart(walk.parseCommit(tip));
        walk.sort(RevSort.TOPO);
        walk.sort(RevSort.REVERSE, true);
        for (RevCommit commit : walk) {
          assertThat(commit.getParentCount()).as("only appended to").isLessThan(2);
          told.add(new Said(commit.getAuthorIdent().getName(), commit.getShortMessage()));
        }
      }
    }
    return told;
  }

  private List<String> authors(String subject) throws IOException {
    return told().stream()
        .filter(each -> each.subject().equals(subject))
        .map(Said::author)
        .toList();
  }

  @Test
  void aReleaseGoesOnWhenItsAgentIsKilledAndWhenItEndsInOrder() throws Exception {
    push("red");
    controllers.hold();
    Process a = agent("a");
    awaitLog("a", "leads shards", 1);
    Process b = agent("b");
    awaitLog("b", "stands by", 1);
    await().atMost(PATIENCE).until(() -> controllers.begun() == 1);

    long killed = System.nanoTime();
    a.destroyForcibly();
    awaitLog("b", "leads shards", 1);
    Duration takeover = Duration.ofNanos(System.nanoTime() - killed);
    controllers.goOn();
    awaitLog("b", "shop: in sync", 1);

    System.out.println("killed leader followed after " + takeover.toMillis() + " ms");
    assertThat(takeover).isLessThan(LEASE.plusSeconds(2));
    assertThat(workflows()).as("one for the attempt").hasSize(1);
    assertThat(authors("shop: plan attempt 1")).containsExactly("a");
    assertThat(authors("shop: attempt 1 released")).containsExactly("b");

    Process c = agent("c");
    awaitLog("c", "stands by", 1);
    controllers.hold();
    push("blue");
    await().atMost(PATIENCE).until(() -> controllers.begun() == 2);
    b.destroy(); // SIGTERM
    assertThat(b.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(b.exitValue()).isZero();
    awaitLog("c", "leads shards", 1);
    Duration handover = Duration.between(said("b", "released Lease"), said("c", "holds Lease"));
    controllers.goOn();
    awaitLog("c", "shop: in sync", 1);

    System.out.println("ended leader followed after " + handover.toMillis() + " ms");
    assertThat(handover).isBetween(Duration.ZERO, Duration.ofSeconds(1));
    assertThat(workflows()).hasSize(2);
    assertThat(told().stream().map(Said::author).distinct()).containsExactly("a", "b", "c");
    assertThat(told().stream().map(Said::author).toList()).as("never by turns").isSorted();
    assertThat(c.isAlive()).isTrue();
  }

  @Test
  void oneThatIsCutOffHasEndedBeforeAnotherBeginsAndOneThatIsRobbedWritesNoMore() throws Exception {
    push("red");
    try (Relay relay = Relay.to(target.kubeconfig(), folder)) {
      Process a = agent("a", relay.kubeconfig());
      awaitLog("a", "shop: in sync", 1);
      agent("b");
      awaitLog("b", "stands by", 1);

      relay.stop();
      push("blue");
      awaitLog("b", "holds Lease", 1);
      awaitLog("b", "shop: in sync", 1);

      if (a.isAlive()) { // else it was writing, and ended itself
        assertThat(said("a", "stands by")).isBefore(said("b", "holds Lease"));
      }
      assertThat(told().stream().map(Said::author).toList()).as("never by turns").isSorted();
      assertThat(authors("shop: attempt 2 released")).containsExactly("b");
      assertThat(workflows()).hasSize(2);
    }

    lease()
        .patch( // by no version: it is renewed at the same time
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"holderIdentity\":\"thief\",\"leaseDurationSeconds\":600}}");
    awaitLog("b", "stands by", 2);
    List<Said> before = told();
    push("green");
    await().during(POLL.multipliedBy(4)).until(() -> told().equals(before));
    assertThat(workflows()).hasSize(2);

    lease()
        .edit(
            lease -> {
              lease.getSpec().setHolderIdentity(null);
              return lease;
            });
    awaitLog("b", "shop: in sync", 2);
    assertThat(workflows()).hasSize(3);
    assertThat(authors("shop: plan attempt 3")).hasSize(1);
  }

  @Test
  void oneThatIsAddedIsGivenAShardAndAShardsGroupsAreItsHoldersAlone() throws Exception {
    List<String> groups = IntStream.range(0, 4).mapToObj(i -> "team-" + i).toList();
    Process a = agent("a", target.kubeconfig(), 2);
    awaitLog("a", "leads shards [0, 1] of 2", 1);
    agent("b", target.kubeconfig(), 2);
    awaitLog("b", "leads shards [1] of 2", 1);
    awaitLog("a", "leads shards [0] of 2", 1);
    push("red", groups);
    await().atMost(PATIENCE).until(() -> released(1) == groups.size());

    assertThat(groups).allMatch(group -> writersOf(group).size() == 1);
    assertThat(told().stream().map(Said::author).distinct()).containsOnly("a", "b");
    assertThat(workflows()).hasSize(4);
    List<String> others = groups.stream().filter(g -> writersOf(g).equals(Set.of("b"))).toList();

    a.destroyForcibly();
    push("blue", groups);
    await().atMost(PATIENCE).until(() -> released(2) == groups.size());

    assertThat(workflows()).as("one for each attempt").hasSize(8);
    assertThat(others).allMatch(group -> writersOf(group).equals(Set.of("b")));
  }

  private long released(int attempt) throws IOException {
    String end = ": attempt " + attempt + " released";
    return told().stream().filter(each -> each.subject().endsWith(end)).count();
  }

  private Set<String> writersOf(String group) {
    try {
      return told().stream()
          .filter(each -> each.subject().startsWith(group + ": "))
          .map(Said::author)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
