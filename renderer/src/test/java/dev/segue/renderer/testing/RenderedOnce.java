// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Does everything that the renderer does, once, and prints what came of it. */
public final class RenderedOnce {
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");

  private final PrintStream out;

  private RenderedOnce(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    new RenderedOnce(out).all();
    out.flush();
  }

  /** With the same end of a line everywhere: println has the platform's. */
  private void print(Object text) {
    out.print(text + "\n");
  }

  private void all() {
    Reading reading =
        GroupReader.read(
            List.of(file("everything.yaml"), file("broken.yaml"), file("second.yaml")));
    reading.problems().forEach(this::print);
    List<StatusReport> reports = new ArrayList<>();
    for (ApplicationGroup group : reading.valid()) {
      Resolver.unsupported(group).forEach(this::print);
      reports.addAll(lifecycle(group));
    }
    print(Pages.readme("test", reports));
  }

  /** The first release, what was seen of it, and a second one of a part. */
  private List<StatusReport> lifecycle(ApplicationGroup group) {
    DesiredGroup first = Resolver.resolve(group, Products.COMMIT_1, charts(group, "1.0.0"));
    Inventory nothing = Inventory.empty(group.name(), Products.NAMESPACE);
    StatusReport planned = attempt(first, nothing, Map.of(), 1);
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(first));
    ReleaseName failed = first.graph().order().get(0);
    live.put(failed, Products.live(first.release(failed), LiveRelease.State.FAILED));
    StatusReport observed =
        new Reports(Optional.of(planned), NOW)
            .observed(
                planned, Products.workflow(planned.workflow(), "Failed", "why", Map.of()), live);
    print(StatusFile.write(observed));
    DesiredGroup second = Resolver.resolve(group, Products.COMMIT_2, charts(group, "1.1.0"));
    return List.of(observed, attempt(second, Products.inventory(first), live, 2));
  }

  private StatusReport attempt(
      DesiredGroup desired, Inventory inventory, Map<ReleaseName, LiveRelease> live, int attempt) {
    Plan plan = Planner.plan(desired, inventory, live, name -> Optional.empty());
    Map<ReleaseName, HelmOutput> outputs = new TreeMap<>();
    desired.releases().values().forEach(release -> outputs.put(release.name(), output(release)));
    RenderedBundle bundle = BundleRenderer.render(plan, attempt, Products.SETTINGS, outputs);
    print(bundle.workflowName());
    bundle.files().forEach((path, text) -> print("# " + path + "\n" + text));
    for (Manifest object : bundle.prerequisites()) {
      print(YamlWriter.write(object.fields()));
    }
    bundle.problems().forEach(this::print);
    StatusReport report =
        new Reports(Optional.empty(), NOW).planned(plan, attempt, bundle.workflowName(), null);
    print(Pages.plan(plan, report, List.of("TITLE with I and İ")));
    print(StatusFile.write(report));
    print(InventoryFile.write(Products.inventory(desired)));
    print(desired.digest());
    return report;
  }

  private static HelmOutput output(DesiredRelease release) {
    return new HelmOutput(
        List.of(
            "kind: ConfigMap\nname: " + release.name() + "\n", "kind: Secret\ndata: {a: Yg==}\n"),
        List.of("kind: Job\n"),
        List.of(),
        List.of());
  }

  private static Map<ReleaseName, ResolvedChart> charts(ApplicationGroup group, String version) {
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>();
    for (Application application : group.applications()) {
      charts.put(application.name(), chart(application.chart(), version));
    }
    return charts;
  }

  private static ResolvedChart chart(ChartRef ref, String version) {
    ChartPin pin;
    if (ref instanceof ChartRef.InRepository r) {
      Digest archive = Digest.of(r.url() + version);
      pin = new ChartPin.InRepository(r.url(), r.name(), version, archive, r.authSecretRef());
    } else if (ref instanceof ChartRef.InRegistry r) {
      pin = new ChartPin.InRegistry(r.url(), version, Digest.of(r + version), r.authSecretRef());
    } else {
      RepoPath path = ((ChartRef.InGit) ref).path();
      RepoPath library = RepoPath.parse("charts/LIB");
      pin = new ChartPin.InGit(Products.COMMIT_1, path, List.of(path, library));
    }
    return new ResolvedChart(
        pin, "chart-I", version, Digest.of(ref.text() + version), List.of(), List.of());
  }

  private static SourceFile file(String name) {
    String resource = "/determinism/" + name;
    try (InputStream in =
        Objects.requireNonNull(RenderedOnce.class.getResourceAsStream(resource), resource)) {
      return new SourceFile(
          RepoPath.parse("products/" + name),
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
