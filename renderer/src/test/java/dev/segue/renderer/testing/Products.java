// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.resolve.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Products of charts in Git, made in few words. */
public final class Products {
  public static final CommitId COMMIT_1 = CommitId.parse("1".repeat(40));
  public static final CommitId COMMIT_2 = CommitId.parse("2".repeat(40));
  public static final Namespace NAMESPACE = Namespace.parse("segue");
  public static final RenderSettings SETTINGS =
      new RenderSettings(
          NAMESPACE,
          "segue-workflow",
          0,
          Duration.ofHours(24),
          "OnPodSuccess",
          "http://git.example/shop.git",
          "main",
          null,
          "http://git.example/shop.git",
          "segue/lab",
          null);

  private final GroupName name;
  private final List<Application> applications = new ArrayList<>();
  private final Map<ReleaseName, ResolvedChart> charts = new TreeMap<>();
  private CommitId commit = COMMIT_1;
  private Lifecycle lifecycle = Lifecycle.DEFAULT;

  private Products(GroupName name) {
    this.name = name;
  }

  public static Products group(String name) {
    return new Products(GroupName.parse(name));
  }

  /**
   * Adds an application; {@code needs} are hard dependencies, with a {@code ~} before them soft
   * ones.
   */
  public Products app(String app, String... needs) {
    return app(app, "1.0.0", Map.of(), needs);
  }

  public Products app(String app, String version, Map<String, Object> values, String... needs) {
    return app(app, version, new Values(values), List.of(), Values.EMPTY, needs);
  }

  public Products app(
      String app,
      String version,
      Values values,
      List<String> sensitive,
      Values inlined,
      String... needs) {
    ReleaseName release = ReleaseName.parse(app);
    RepoPath chart = RepoPath.parse("charts/" + app);
    List<ReleaseName> hard = new ArrayList<>();
    List<ReleaseName> soft = new ArrayList<>();
    for (String need : needs) {
      if (need.startsWith("~")) {
        soft.add(ReleaseName.parse(need.substring(1)));
      } else {
        hard.add(ReleaseName.parse(need));
      }
    }
    applications.add(
        new Application(
            release,
            new Origin(RepoPath.parse("products/" + name + ".yaml"), 5 + applications.size()),
            hard,
            soft,
            new ChartRef.InGit(chart),
            new ReleaseSettings(
                Namespace.parse(name.value()),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                values,
                List.of(),
                sensitive,
                inlined),
            List.of(),
            List.of(),
            null));
    charts.put(
        release,
        new ResolvedChart(
            new ChartPin.InGit(commit, chart, List.of(chart)),
            app,
            version,
            Digest.of(app + version),
            List.of(),
            List.of()));
    return this;
  }

  /** From here on charts are pinned to that commit, and the group is of it. */
  public Products at(CommitId other) {
    commit = other;
    return this;
  }

  /** Replaces the chart that was found for an application. */
  public Products chart(String app, ResolvedChart chart) {
    charts.put(ReleaseName.parse(app), chart);
    return this;
  }

  /** From here on the group is handled like that. */
  public Products lifecycle(Lifecycle other) {
    lifecycle = other;
    return this;
  }

  public DesiredGroup desired() {
    ApplicationGroup group =
        new ApplicationGroup(
            name,
            null,
            new Origin(RepoPath.parse("products/" + name + ".yaml"), 1),
            null,
            0,
            lifecycle,
            applications);
    return Resolver.resolve(group, commit, charts);
  }

  /** The inventory after all of {@code desired} was released. */
  public static Inventory inventory(DesiredGroup desired) {
    Inventory inventory = Inventory.empty(desired.group().name(), NAMESPACE);
    for (DesiredRelease release : desired.releases().values()) {
      inventory =
          inventory.with(
              DeployedRelease.of(
                  release,
                  Names.helmRelease(desired.group().name(), release.name()),
                  desired.group().lifecycle().deletion()));
    }
    return inventory;
  }

  /** The cluster after all of {@code desired} was released. */
  public static Map<ReleaseName, LiveRelease> live(DesiredGroup desired) {
    Map<ReleaseName, LiveRelease> live = new TreeMap<>();
    desired.releases().values().forEach(r -> live.put(r.name(), live(r, LiveRelease.State.READY)));
    return live;
  }

  public static LiveRelease live(DesiredRelease release, LiveRelease.State state) {
    return new LiveRelease(
        release.name(),
        "object-" + release.name(),
        release.digest().prefix(Planner.LABEL_DIGITS),
        "token",
        state,
        state == LiveRelease.State.FAILED ? "UpgradeFailed" : "UpgradeSucceeded",
        "",
        release.chart().version(),
        "");
  }

  /** A Workflow that nobody stopped. */
  public static LiveWorkflow workflow(
      String name, String phase, String message, Map<String, LiveWorkflow.Step> steps) {
    return new LiveWorkflow(name, phase, message, "", "", "", "", "", false, false, steps);
  }
}
