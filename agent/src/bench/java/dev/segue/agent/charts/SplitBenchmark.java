// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Splits an umbrella chart of 100 sub-charts of ten templates, renders every part and proves the
 * union, beside {@code helm template} of the whole; prints ratios. {@code -Dhelm=} names Helm's
 * binary (default: {@code helm} of PATH).
 */
public final class SplitBenchmark {
  private static final int RUNS = 5;

  /** As many proofs until Java has compiled what it will compile. */
  private static final int WARM = Integer.getInteger("warm", 8);

  private final PrintStream out = System.out;
  private final Path folder;
  private final String helm = System.getProperty("helm", "helm");

  private SplitBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("segue-bench-");
    try {
      SplitBenchmark benchmark = new SplitBenchmark(folder);
      for (BenchUmbrella.Style style : BenchUmbrella.Style.values()) {
        benchmark.run(style);
      }
    } finally {
      RenderWorker.delete(folder);
    }
  }

  private void run(BenchUmbrella.Style style) throws Exception {
    out.printf(
        "%d sub-charts of ten templates, %s, %d processors%n",
        BenchUmbrella.SUBCHARTS, style.shown(), Runtime.getRuntime().availableProcessors());
    Path chart = folder.resolve(style.name());
    for (var file : style.umbrella(0).entrySet()) {
      Path path = chart.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    MemoryRepo repo = new MemoryRepo();
    for (int i = 0; i < RUNS + WARM; i++) {
      for (var file : style.umbrella(i).entrySet()) {
        repo.write("u" + i + "/" + file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    try (HelmChartStore store = Stores.store(repo, folder.resolve("cache-" + style))) {
      List<ResolvedChart> charts = new ArrayList<>();
      for (int i = 0; i < RUNS + WARM; i++) {
        charts.add(Stores.git(store, "u" + i));
      }
      for (int i = 0; i < WARM; i++) { // warm
        exact(store.split(request(charts.get(RUNS + i), Map.of())));
        exact(store.split(request(charts.get(RUNS + i), change(i))));
      }
      List<Double> peers = new ArrayList<>();
      List<Double> full = new ArrayList<>();
      List<Double> changed = new ArrayList<>();
      List<Double> again = new ArrayList<>();
      double[] cpu = new double[3];
      for (int i = 0; i < RUNS; i++) { // by turns, so that other load falls on all of them
        ResolvedChart one = charts.get(i);
        int seed = i + 1;
        double before = cpuSeconds(store.workerPid());
        peers.add(seconds(() -> template(chart)));
        cpu[0] += cpuSeconds(store.workerPid()) - before;
        before = cpuSeconds(store.workerPid());
        full.add(seconds(() -> exact(store.split(request(one, Map.of())))));
        cpu[1] += cpuSeconds(store.workerPid()) - before;
        before = cpuSeconds(store.workerPid());
        changed.add(seconds(() -> exact(store.split(request(one, change(seed))))));
        cpu[2] += cpuSeconds(store.workerPid()) - before;
        again.add(seconds(() -> exact(store.split(request(one, change(seed))))));
      }
      double peer = median(peers);
      double proof = median(full);
      out.printf("  helm template of the whole           %7.3f s%n", peer);
      report("split, render every part, prove", proof, peer, proof);
      report("after a change in one sub-chart", median(changed), peer, proof);
      report("again, nothing changed", median(again), peer, proof);
      out.printf(
          "  CPU: helm template %.2f s, full proof %.2f s, after a change %.2f s%n",
          cpu[0] / RUNS, cpu[1] / RUNS, cpu[2] / RUNS);
    }
  }

  private void report(String what, double seconds, double peer, double proof) {
    out.printf(
        "  %-36s %7.3f s   %.2f of helm template, %.3f of the full proof%n",
        what, seconds, seconds / peer, seconds / proof);
  }

  private static Map<String, Object> change(int seed) {
    return Map.of("c" + (10 + seed), Map.of("replicas", 7L + seed));
  }

  private static SplitRequest request(ResolvedChart chart, Map<String, Object> values) {
    return UmbrellaCase.request(chart, values, List.of());
  }

  private static SplitChart exact(SplitChart split) {
    if (!split.refusals().isEmpty() || split.parts().size() != BenchUmbrella.SUBCHARTS) {
      throw new IllegalStateException(split.parts().size() + " parts: " + split.refusals());
    }
    return split;
  }

  private @org.jspecify.annotations.Nullable Void template(Path chart)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                helm,
                "template",
                "web",
                chart.toString(),
                "--namespace",
                "shop",
                "--kube-version",
                "v1.34.4")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("helm fails");
    }
    return null;
  }

  /** What this process, its ended children and the worker have used; Linux. */
  private static double cpuSeconds(long worker) throws IOException {
    return (ticks("/proc/self/stat", 13, 17) + ticks("/proc/" + worker + "/stat", 13, 15)) / 100;
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

  private static double seconds(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(List<Double> all) {
    List<Double> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
