// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.Reconciler;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.render.RenderSettings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * Polls a repository of 1, 100 and 1,000 groups in which nothing is new, over smart HTTP; prints
 * what one poll takes and how often it asks Git, reads a file and calls the cluster. The groups ask
 * for charts that are not there: where a group stands does not matter to a poll, only that it was
 * looked at. Arguments are other numbers of groups.
 */
public final class IdlePollBenchmark {
  private static final int WARM_UP = 200;
  private static final int POLLS = 300;

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();

  private IdlePollBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    // Otherwise every answer waits 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Path folder = Files.createTempDirectory("segue-bench-");
    List<Integer> sizes = Arrays.stream(arguments).map(Integer::parseInt).toList();
    for (int groups : sizes.isEmpty() ? List.of(1, 100, 1000) : sizes) {
      new IdlePollBenchmark().measure(folder.resolve("of-" + groups), groups);
    }
    System.exit(0); // the server's threads are no daemons
  }

  private void measure(Path folder, int groups) throws Exception {
    Files.createDirectories(folder);
    Path bare = folder.resolve("products.git");
    GitAuthor author = new GitAuthor("Bench", "bench@localhost");
    try (FolderRepository repository = FolderRepository.create(bare, "main", author)) {
      repository.commit(files(groups), "Everything", Instant.now());
    }
    try (Repository served = new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
        GitHttpServer server = GitHttpServer.start(served)) {
      RepositoryAddress address =
          new RepositoryAddress(
              server.url(), new RepositoryAddress.Branch("main"), "", RepositoryAddress.Auth.NONE);
      JGitSourceRepo source =
          JGitSourceRepo.open(address, folder.resolve("cache"), GitLimits.defaults());
      StatusBranch status =
          JGitStatusBranch.open(source, "segue/bench", author, Clock.systemUTC());
      try (Reconciler reconciler =
          new Reconciler(
              counted(SourceRepo.class, source, new AtomicInteger()),
              noCluster(),
              counted(StatusBranch.class, status, reads),
              noCharts(),
              settings(),
              (group, outcome) -> {},
              Clock.systemUTC())) {
        reconciler.start();
        reconciler.poll();
        while (!reconciler.settled()) {
          Thread.sleep(50);
        }
        report(reconciler, server, groups);
      }
    }
  }

  private void report(Reconciler reconciler, GitHttpServer server, int groups) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      reconciler.poll();
    }
    server.takeRequests();
    reads.set(0);
    calls.set(0);
    long[] nanos = new long[POLLS];
    for (int i = 0; i < POLLS; i++) {
      long start = System.nanoTime();
      reconciler.poll();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%4d groups: %.2f ms a poll (median); a poll: %.2f requests to Git, %.2f reads of files,"
            + " %.2f calls to the cluster%n",
        groups,
        nanos[POLLS / 2] / 1e6,
        server.takeRequests().size() / (double) POLLS,
        reads.get() / (double) POLLS,
        calls.get() / (double) POLLS);
  }

  private static ReconcilerSettings settings() {
    return new ReconcilerSettings(
        "bench",
        List.of("products/**"),
        "v1.34.4",
        Duration.ofHours(1),
        2,
        50,
        new RenderSettings(
            Namespace.parse("segue"),
            "segue-workflow",
            0,
            Duration.ofHours(1),
            "OnPodSuccess",
            "http://git.example.org/products.git",
            "main",
            null,
            "http://git.example.org/products.git",
            "segue/bench",
            null));
  }

  private static SortedMap<RepoPath, byte[]> files(int groups) {
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    for (int group = 0; group < groups; group++) {
      String text =
          """
          apiVersion: segue.dev/v1alpha1
          kind: ApplicationGroup
          metadata: {name: group-%1$d}
          spec:
            applications:
              - name: app-%1$d
                spec:
                  chart: {path: charts/app}
                  release: {targetNamespace: group-%1$d, values: {number: %1$d}}
          """
              .formatted(group);
      files.put(
          RepoPath.parse("products/group-" + group + ".yaml"),
          text.getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  /** An empty cluster that counts what it is asked. */
  private Cluster noCluster() {
    return fake(
        Cluster.class,
        method ->
            switch (method) {
              case "observe" -> List.of();
              case "create" -> true;
              case "description", "kubernetesVersion" -> "none";
              default -> null;
            });
  }

  private ChartStore noCharts() {
    return fake(
        ChartStore.class,
        method -> {
          if (method.equals("close")) {
            return null;
          }
          throw new dev.segue.agent.reconcile.ChartException(
              dev.segue.renderer.model.ProblemCode.CHART_NOT_FOUND, false, "no such chart", null);
        });
  }

  /** Answers by a method's name. */
  private interface Answers {
    @org.jspecify.annotations.Nullable Object to(String method) throws Exception;
  }

  private <T> T fake(Class<T> port, Answers answers) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              calls.incrementAndGet();
              return answers.to(method.getName());
            }));
  }

  /** Counts every call of the port; trees that it gives count their reads. */
  private <T> T counted(Class<T> port, T real, AtomicInteger count) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("commit")) {
                count.incrementAndGet();
              }
              try {
                Object answer = method.invoke(real, arguments);
                return answer instanceof RepoTree tree ? counted(RepoTree.class, tree, reads) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? new IOException(e) : e.getCause();
              }
            }));
  }
}
