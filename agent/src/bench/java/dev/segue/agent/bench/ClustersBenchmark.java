// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.StandInControllers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.opentest4j.TestAbortedException;

/**
 * Has one process serve several clusters, each a namespace of one real API server at which {@link
 * StandInControllers} play Argo and Flux, until all is released and nothing is left to do; prints
 * the memory that it has then. {@code -Dclusters=} (how many, several numbers with commas), {@code
 * -Dapplications=} (in the one group that each has), {@code -Djvm=} and {@code -Djar=} say of what.
 */
public final class ClustersBenchmark {
  private static final long PATIENCE_SECONDS = Long.getLong("patience", 600);
  private static final long AT_REST_MILLIS = 20_000;

  private final Path folder;
  private final ClusterUnderTest server;

  private ClustersBenchmark(Path folder, ClusterUnderTest server) {
    this.folder = folder;
    this.server = server;
  }

  public static void main(String[] arguments) throws Exception {
    try {
      ClusterUnderTest server = ClusterUnderTest.require();
      for (String number : System.getProperty("clusters", "1,5,20").split(",", -1)) {
        Path folder = Files.createTempDirectory("segue-bench-");
        new ClustersBenchmark(folder, server).run(Integer.parseInt(number));
      }
    } catch (TestAbortedException e) {
      System.out.println(e.getMessage()); // what there must be for it
    }
    System.exit(0); // the API server's hooks stop it
  }

  private void run(int clusters) throws Exception {
    int applications = Integer.getInteger("applications", 5);
    List<String> flags =
        Arrays.stream(System.getProperty("jvm", "").split(" ", -1))
            .filter(flag -> !flag.isBlank())
            .toList();
    Path bare = folder.resolve("products.git");
    List<StandInControllers> controllers = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    try (FolderRepository repository =
        FolderRepository.create(bare, "main", new GitAuthor("Bench", "bench@localhost"))) {
      repository.commit(new BigProduct(1, applications, 400).files(), "Everything", Instant.now());
      for (int cluster = 0; cluster < clusters; cluster++) {
        String namespace = server.newNamespace().value();
        controllers.add(new StandInControllers(server.admin(), namespace));
        arguments.addAll(List.of("--config", config(cluster, bare, namespace).toString()));
      }
      Path jar = Path.of(System.getProperty("jar", "agent/target/segue.jar"));
      Path log = folder.resolve("agent.log");
      try (MeasuredAgent agent = MeasuredAgent.start(jar, flags, Map.of(), arguments, log)) {
        await(agent, () -> agent.said(": in sync", clusters), "all is released");
        await(agent, () -> agent.worker().isEmpty(), "the render worker is gone");
        double before = agent.processorSeconds();
        Thread.sleep(AT_REST_MILLIS);
        double atRest = (agent.processorSeconds() - before) * 1e6 / AT_REST_MILLIS;
        long resident = agent.residentMebibytes();
        System.out.printf(
            "%2d clusters, one group of %d applications each: resident %d MiB at rest, %d at most;"
                + " heap %d MiB after a collection; %d threads; %.0f ms processor time a second%n",
            clusters,
            applications,
            resident,
            agent.peakMebibytes(),
            agent.heapMebibytes(),
            agent.threads(),
            atRest);
      }
    } finally {
      controllers.forEach(StandInControllers::close);
    }
  }

  private Path config(int cluster, Path bare, String namespace) throws IOException {
    return Files.writeString(
        folder.resolve("site-" + cluster + ".yaml"),
        """
        source: {url: "%s", fluxUrl: "http://git.example.org/products.git", interval: 1m}
        cluster: {name: site-%d, kubeconfig: "%s", namespace: %s}
        charts: {cache: cache, workerIdle: 10s}
        """
            .formatted(bare.toUri(), cluster, server.kubeconfig(), namespace));
  }

  private static void await(MeasuredAgent agent, Callable<Boolean> done, String what)
      throws Exception {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (!done.call()) {
      if (!agent.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("waited in vain until " + what + "; " + agent.log());
      }
      Thread.sleep(200);
    }
  }
}
