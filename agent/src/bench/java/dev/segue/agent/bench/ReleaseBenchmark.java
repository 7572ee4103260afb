// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitHttpServer;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.StandInControllers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.opentest4j.TestAbortedException;

/**
 * Has the real agent, in a process of its own, release many applications from a Git server over HTTP at a real API server at
 * which {@link StandInControllers} play Argo and Flux, then change one of them; prints time,
 * processor time and resident memory. {@code -Dgroups=}, {@code -Dapplications=} (in each group),
 * {@code -DvaluesBytes=}, {@code -Dmirror=} (whether groups are shown in the cluster), {@code
 * -Dconcurrency=}, {@code -Dpatience=} (in seconds), {@code -Djvm=} (flags of the agent's JVM) and
 * {@code -Djar=} say of what.
 */
public final class ReleaseBenchmark {
  private static final long PATIENCE_SECONDS = Long.getLong("patience", 300);
  private static final int WORKER_IDLE_SECONDS = 10;

  /** Of what the agent alone calls; the stand-in reads and writes HelmReleases and Workflows. */
  private static final Pattern CALLS =
      Pattern.compile(
          "(?m)^apiserver_request_total\\{[^}]*resource=\"(applicationgroups|configmaps|events|"
              + "gitrepositories|helmcharts|helmrepositories|ocirepositories|secrets|workflows)\""
              + "[^}]*verb=\"(APPLY|CREATE|DELETE|GET|LIST|PATCH|POST|PUT)\"[^}]*\\} (\\d+)");

  private final PrintStream out = System.out;
  private final BigProduct product =
      new BigProduct(
          Integer.getInteger("groups", 20),
          Integer.getInteger("applications", 50),
          Integer.getInteger("valuesBytes", 400));
  private final Path folder;
  private @org.jspecify.annotations.Nullable ClusterUnderTest cluster;
  private long workerPeak;
  private Map<String, Long> called = new TreeMap<>();

  private ReleaseBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("segue-bench-");
    try {
      new ReleaseBenchmark(folder).run();
    } catch (TestAbortedException e) {
      System.out.println(e.getMessage()); // what there must be for it
    }
    System.exit(0); // the API server's hooks stop it
  }

  private void run() throws Exception {
    ClusterUnderTest cluster = ClusterUnderTest.require();
    this.cluster = cluster;
    String namespace = cluster.newNamespace().value();
    Path bare = folder.resolve("products.git");
    List<String> flags =
        Arrays.stream(System.getProperty("jvm", "").split(" ", -1))
            .filter(flag -> !flag.isBlank())
            .toList();
    out.printf(
        "%d groups × %d applications, %d charts, distinct values; JVM flags %s; %d processors%n",
        product.groups(),
        product.applications(),
        BigProduct.CHARTS,
        flags,
        Runtime.getRuntime().availableProcessors());
    try (FolderRepository repository =
            FolderRepository.create(bare, "main", new GitAuthor("Bench", "bench@localhost"));
        Repository served = new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
        GitHttpServer git = GitHttpServer.start(served);
        StandInControllers controllers =
            new StandInControllers(cluster.admin(), namespace)) {
      repository.commit(product.files(), "Everything", Instant.now());
      Map<String, String> environment = environment(cluster, namespace, git.url());
      try (MeasuredAgent agent = agent(flags, environment, "agent.log")) {
        release(agent, controllers, repository);
      }
      calls();
      try (MeasuredAgent agent = agent(flags, environment, "again.log")) {
        double found = seconds(agent, () -> agent.said(": in sync", product.groups()), "it is all found again");
        report("started again: every group found in sync", found, agent);
        calls();
      }
    }
    out.println("log: " + folder.resolve("agent.log"));
  }

  private MeasuredAgent agent(List<String> flags, Map<String, String> environment, String log)
      throws IOException {
    return MeasuredAgent.start(
        Path.of(System.getProperty("jar", "agent/target/segue.jar")),
        flags,
        environment,
        folder.resolve(log));
  }

  private void release(
      MeasuredAgent agent, StandInControllers controllers, FolderRepository repository)
      throws Exception {
    int groups = product.groups();
    calls();
    double first =
        seconds(agent, () -> controllers.begun() >= groups, "every Workflow is there");
    report("first pass: all Workflows planned and begun", first, agent);
    seconds(agent, () -> agent.said(": in sync", groups), "every group is in sync");
    out.printf(
        "  agent %d MiB resident at most, %d now; render worker %d MiB at most%n",
        agent.peakMebibytes(), agent.residentMebibytes(), workerPeak);
    report("all released and told on the status branch", 0, agent);
    calls();
    seconds(agent, () -> agent.worker().isEmpty(), "the worker is gone");
    double idle = agent.processorSeconds();
    Thread.sleep(10_000);
    out.printf(
        "  idle: worker gone (idle time %d s), agent %d MiB resident, %.0f ms processor time a second%n",
        WORKER_IDLE_SECONDS,
        agent.residentMebibytes(),
        (agent.processorSeconds() - idle) * 100);
    calls();
    double before = agent.processorSeconds();
    repository.commit(product.upgraded(), "One application", Instant.now());
    double second =
        seconds(agent, () -> controllers.begun() > groups, "the second Workflow is there");
    report("second commit: its one Workflow begun", second, agent);
    seconds(agent, () -> agent.said("attempt 2 released", 1), "it is released");
    Thread.sleep(3000);
    out.printf(
        "  processor time of the second commit %.2f s; agent %d MiB resident at most, %d now%n",
        agent.processorSeconds() - before, agent.peakMebibytes(), agent.residentMebibytes());
    calls();
  }

  private void report(String what, double seconds, MeasuredAgent agent) throws IOException {
    out.printf("%-45s %6.1f s  (processor %.1f s so far)%n", what, seconds, agent.processorSeconds());
  }

  /** Prints the calls since this was last asked. */
  private void calls() {
    Map<String, Long> now = new TreeMap<>();
    Matcher line = CALLS.matcher(java.util.Objects.requireNonNull(cluster).admin().raw("/metrics"));
    while (line.find()) {
      boolean ours = !line.group(1).equals("workflows") || line.group(2).equals("POST");
      if (ours) {
        now.merge(line.group(2) + " " + line.group(1), Long.parseLong(line.group(3)), Long::sum);
      }
    }
    Map<String, Long> since = new TreeMap<>(now);
    since.replaceAll((call, count) -> count - called.getOrDefault(call, 0L));
    since.values().removeIf(count -> count == 0);
    out.println("  calls: " + since);
    called = now;
  }

  private double seconds(MeasuredAgent agent, Callable<Boolean> done, String what)
      throws Exception {
    long start = System.nanoTime();
    while (!done.call()) {
      agent.worker().map(MeasuredAgent::peakMebibytes).ifPresent(m -> workerPeak = Math.max(workerPeak, m));
      double elapsed = (System.nanoTime() - start) / 1e9;
      if (!agent.isAlive() || elapsed > PATIENCE_SECONDS) {
        throw new IllegalStateException("waited in vain until " + what + "; " + agent.log());
      }
      Thread.sleep(100);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private Map<String, String> environment(
      ClusterUnderTest cluster, String namespace, String url) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("SEGUE_SOURCE_URL", url);
    environment.put("SEGUE_SOURCE_FLUX_URL", "http://git.example.org/products.git");
    environment.put("SEGUE_SOURCE_INTERVAL", "1s");
    environment.put("SEGUE_CLUSTER_NAME", "bench");
    environment.put("SEGUE_CLUSTER_KUBECONFIG", cluster.kubeconfig().toString());
    environment.put("SEGUE_CLUSTER_NAMESPACE", namespace);
    environment.put("SEGUE_CLUSTER_MIRROR", System.getProperty("mirror", "false"));
    environment.put("SEGUE_RECONCILE_CONCURRENCY", System.getProperty("concurrency", "4"));
    environment.put("SEGUE_CHARTS_CACHE", folder.resolve("cache").toString());
    environment.put("SEGUE_CHARTS_WORKER_IDLE", WORKER_IDLE_SECONDS + "s");
    return environment;
  }
}
