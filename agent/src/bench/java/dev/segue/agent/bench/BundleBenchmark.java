// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Resolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Parses, plans and renders one group of 300 applications with 2 KB, then 7 KB of values each, of
 * 1,000 with few, and of 100 with few as the measure of growth; prints each step's median and size.
 */
public final class BundleBenchmark {
  private static final int ROUNDS = 7;
  private static final CommitId COMMIT = CommitId.parse("1".repeat(40));
  private static final RenderSettings SETTINGS =
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
          null);

  private BundleBenchmark() {}

  public static void main(String[] arguments) {
    measure(100, 400);
    measure(1000, 400);
    measure(100, 8_000);
    measure(300, 8_000);
    measureLarge(300, 50_000);
  }

  private static void measure(int applications, int valuesBytes) {
    byte[] file =
        new BigProduct(1, applications, valuesBytes)
            .files()
            .getOrDefault(RepoPath.parse("products/group-0.yaml"), new byte[0]);
    SourceFile source =
        new SourceFile(
            RepoPath.parse("products/group-0.yaml"), new String(file, StandardCharsets.UTF_8));
    System.out.printf("%d applications × %d bytes of values%n", applications, valuesBytes);
    ApplicationGroup group = timed("parse", () -> parse(source));
    render(group);
  }

  /** Of a group that no one file holds: a file has at most 3 MiB. */
  private static void measureLarge(int applications, int valuesBytes) {
    System.out.printf("%d applications × %d bytes of values%n", applications, valuesBytes);
    BigProduct product = new BigProduct(1, applications, 400);
    byte[] file =
        product.files().getOrDefault(RepoPath.parse("products/group-0.yaml"), new byte[0]);
    ApplicationGroup small =
        parse(
            new SourceFile(
                RepoPath.parse("products/group-0.yaml"),
                new String(file, StandardCharsets.UTF_8)));
    render(Enlarged.of(small, valuesBytes));
  }

  private static ApplicationGroup parse(SourceFile file) {
    return ((Parsed.Valid) GroupReader.read(List.of(file)).groups().get(0)).group();
  }

  private static void render(ApplicationGroup group) {
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>();
    group
        .applications()
        .forEach(application -> charts.put(application.name(), chart(application.chart())));
    DesiredGroup desired =
        timed("resolve, first", () -> Resolver.resolve(group, COMMIT, charts));
    timed("resolve, again", () -> Resolver.resolve(group, COMMIT, charts, Map.of(), desired.releases()));
    Inventory nothing = Inventory.empty(group.name(), Namespace.parse("segue"));
    Plan plan =
        timed(
            "plan",
            () -> Planner.plan(desired, nothing, Map.of(), release -> Optional.empty()));
    var bundle = timed("render", () -> BundleRenderer.render(plan, 1, SETTINGS, Map.of()));
    timed(
        "drift",
        () ->
            BundleRenderer.drift(
                desired, SETTINGS.namespace(), SETTINGS, bundle.helmReleases()));
    int workflow =
        bundle.files().getOrDefault(RepoPath.parse("workflow.yaml"), "").length();
    System.out.printf(
        "  Workflow %d KiB, %d files, problems: %s%n",
        workflow / 1024, bundle.files().size(), bundle.problems());
  }

  private static ResolvedChart chart(ChartRef ref) {
    RepoPath path = ((ChartRef.InGit) ref).path();
    return new ResolvedChart(
        new ChartPin.InGit(COMMIT, path, List.of(path)),
        path.fileName(),
        "1.0.0",
        Digest.of(path.value()),
        List.of(),
        List.of());
  }

  private static <T> T timed(String what, Supplier<T> work) {
    T result = work.get();
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      result = work.get();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf("  %-15s %8.1f ms%n", what, nanos[ROUNDS / 2] / 1e6);
    return result;
  }
}
