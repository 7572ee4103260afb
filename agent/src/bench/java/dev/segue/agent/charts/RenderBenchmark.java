// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Renders 1,000 applications of ten charts as a plan does, and the same by a loop of {@code helm
 * template}; prints ratios. {@code -Dhelm=} names Helm's binary (default: {@code helm} of PATH),
 * {@code -Dapplications=} another number.
 */
public final class RenderBenchmark {
  private static final int CHARTS = 10;
  private static final CommitId COMMIT = CommitId.parse("1".repeat(40));
  private static final Duration IDLE = Duration.ofSeconds(2);

  private final PrintStream out = System.out;
  private final Path folder;
  private final String helm = System.getProperty("helm", "helm");
  private final int applications = Integer.getInteger("applications", 1000);

  private RenderBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("segue-bench-");
    try {
      new RenderBenchmark(folder).run();
    } finally {
      RenderWorker.delete(folder);
    }
  }

  private void run() throws Exception {
    Files.createDirectories(folder.resolve("repo/charts"));
    for (int i = 0; i < CHARTS; i++) {
      run(helm, "create", folder.resolve("repo/charts/c" + i).toString());
    }
    out.printf(
        "%d applications, %d charts as `helm create` makes them, distinct values, %d processors%n",
        applications, CHARTS, Runtime.getRuntime().availableProcessors());
    double cpuBefore = cpuSeconds(-1);
    double peer = seconds(this::templateLoop);
    double peerCpu = cpuSeconds(-1) - cpuBefore;
    out.printf("%-37s %8.2f s %26s %8.2f s CPU%n", "helm template, one process each", peer, "", peerCpu);
    for (int threads = 1; threads <= 2; threads++) {
      Path cache = folder.resolve("cache-" + threads);
      int callers = threads;
      try (HelmChartStore store = store(cache)) {
        double before = cpuSeconds(-1);
        double cold = seconds(() -> renderAll(store, callers));
        double cpu = cpuSeconds(store.workerPid()) - before;
        report("cold, " + callers + " caller(s)", cold, peer);
        out.printf("  CPU %.2f s, 1/%.0f of the loop's%n", cpu, peerCpu / cpu);
        out.printf("  worker: %d MiB resident at most%n", peakMebibytes(store.workerPid()));
        report("again, nothing changed", seconds(() -> renderAll(store, callers)), peer);
        long idleSince = System.nanoTime();
        while (store.workerPid() >= 0) {
          Thread.sleep(50);
        }
        out.printf(
            "  worker gone %.1f s later (idle time %d s); agent %d MiB resident at most%n",
            (System.nanoTime() - idleSince) / 1e9,
            IDLE.toSeconds(),
            peakMebibytes(ProcessHandle.current().pid()));
      }
      try (HelmChartStore store = store(cache)) {
        report("again, a new agent on the same cache", seconds(() -> renderAll(store, callers)), peer);
      }
    }
  }

  private void report(String what, double seconds, double peer) {
    out.printf("%-37s %8.2f s   1/%.0f of the loop%n", what, seconds, peer / seconds);
  }

  private HelmChartStore store(Path cache) throws Exception {
    HelmChartStore.Settings usual = HelmChartStore.Settings.in(cache);
    return new HelmChartStore(
        new FolderRepo(folder.resolve("repo")),
        name -> Optional.empty(),
        new HelmChartStore.Settings(
            cache,
            usual.cacheBytes(),
            usual.renderDeadline(),
            IDLE,
            usual.downloadDeadline(),
            usual.freshness(),
            false,
            Clock.systemUTC()));
  }

  private Map<String, Object> values(int application) {
    return Map.of("replicaCount", (long) application, "fullnameOverride", "app-" + application);
  }

  private @org.jspecify.annotations.Nullable Void templateLoop() throws Exception {
    for (int i = 0; i < applications; i++) {
      Path values = folder.resolve("values.yaml");
      Files.writeString(values, ValuesJson.of(new Values(new TreeMap<>(values(i)))));
      run(
          helm,
          "template",
          "app-" + i,
          folder.resolve("repo/charts/c" + i % CHARTS).toString(),
          "--namespace",
          "shop",
          "--kube-version",
          "v1.34.4",
          "--values",
          values.toString());
    }
    return null;
  }

  private @org.jspecify.annotations.Nullable Void renderAll(HelmChartStore store, int callers)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Future<?>> results = new ArrayList<>();
    for (int i = 0; i < applications; i++) {
      int application = i;
      results.add(
          threads.submit(
              () -> {
                RepoPath path = RepoPath.parse("charts/c" + application % CHARTS);
                ResolvedChart chart = store.resolve(new ChartRef.InGit(path), COMMIT);
                return store.render(
                    new RenderRequest(
                        chart,
                        ReleaseName.parse("app-" + application),
                        Namespace.parse("shop"),
                        "v1.34.4",
                        new Values(new TreeMap<>(values(application)))));
              }));
    }
    try {
      for (Future<?> result : results) {
        result.get();
      }
      return null;
    } finally {
      threads.shutdownNow();
    }
  }

  private static double seconds(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e9;
  }

  /** What this process, its ended children and {@code worker} have used; Linux. */
  private static double cpuSeconds(long worker) throws IOException {
    double ticks = ticks("/proc/self/stat", 13, 17);
    return (worker < 0 ? ticks : ticks + ticks("/proc/" + worker + "/stat", 13, 15)) / 100;
  }

  private static double ticks(String stat, int from, int to) throws IOException {
    String line = Files.readString(Path.of(stat));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = 0;
    for (int i = from; i < to; i++) {
      ticks += Double.parseDouble(fields[i - 2]);
    }
    return ticks;
  }

  private static long peakMebibytes(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/status"))
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(-1);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("fails: " + String.join(" ", command));
    }
  }

  /** A folder in place of a commit: what Git costs is measured elsewhere. */
  private static final class FolderRepo implements SourceRepo, RepoTree {
    private final Path root;
    private final Map<RepoPath, String> ids = new java.util.concurrent.ConcurrentHashMap<>();

    FolderRepo(Path root) {
      this.root = root;
    }

    @Override
    public CommitId commit() {
      return COMMIT;
    }

    @Override
    public List<Entry> list(RepoPath folder) {
      try (Stream<Path> files = Files.walk(root.resolve(folder.value()))) {
        return files
            .filter(Files::isRegularFile)
            .map(
                file ->
                    new Entry(
                        RepoPath.parse(root.relativize(file).toString()),
                        file.toFile().length(),
                        false))
            .sorted(Comparator.comparing(Entry::path))
            .toList();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public List<Entry> find(List<String> globs) {
      throw new UnsupportedOperationException("no chart is found by a glob");
    }

    @Override
    public Optional<String> objectId(RepoPath path) {
      return Optional.of(ids.computeIfAbsent(path, p -> Digest.of(p.value()).hex()));
    }

    @Override
    public byte[] read(RepoPath file, long maxBytes) {
      try {
        return Files.readAllBytes(root.resolve(file.value()));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public RepoTree poll() {
      return this;
    }

    @Override
    public RepoTree tree(CommitId commit) {
      return this;
    }

    @Override
    public boolean descends(CommitId commit, CommitId ancestor) {
      return commit.equals(ancestor);
    }

    @Override
    public String url() {
      return root.toUri().toString();
    }

    @Override
    public String branch() {
      return "main";
    }

    @Override
    public void close() {}
  }
}
