// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group's file as it is rendered, with charts that are made up. */
final class RenderedProduct {
  private static final CommitId COMMIT = CommitId.parse("1".repeat(40));

  private final Namespace namespace;
  private final RenderSettings settings;

  RenderedProduct(Namespace namespace) {
    this.namespace = namespace;
    this.settings =
        new RenderSettings(
            namespace,
            "segue-workflow",
            10,
            Duration.ofHours(24),
            "OnPodSuccess",
            "https://git.example.com/products.git",
            "main",
            "git-credentials",
            "https://git.example.com/products.git",
            "segue/lab",
            "git-credentials");
  }

  /** As a group of nothing is released. */
  RenderedBundle first(String yaml) {
    DesiredGroup desired = desired(yaml, "1.0.0");
    return render(desired, Inventory.empty(desired.group().name(), namespace), Map.of());
  }

  /** As the group goes on after {@code before}, of which {@code failed} is failed now. */
  RenderedBundle next(String before, String yaml, ReleaseName failed) {
    DesiredGroup was = desired(before, "1.0.0");
    Inventory inventory = Inventory.empty(was.group().name(), namespace);
    Map<ReleaseName, LiveRelease> live = new TreeMap<>();
    for (var release : was.releases().values()) {
      String object = Names.helmRelease(was.group().name(), release.name());
      inventory = inventory.with(DeployedRelease.of(release, object, Deletion.REMOVE));
      live.put(
          release.name(),
          new LiveRelease(
              release.name(),
              object,
              release.digest().prefix(Planner.LABEL_DIGITS),
              "token",
              release.name().equals(failed) ? LiveRelease.State.FAILED : LiveRelease.State.READY,
              "",
              "",
              "1.0.0",
              ""));
    }
    return render(desired(yaml, "1.1.0"), inventory, live);
  }

  private RenderedBundle render(
      DesiredGroup desired, Inventory inventory, Map<ReleaseName, LiveRelease> live) {
    return BundleRenderer.render(
        Planner.plan(desired, inventory, live, name -> Optional.empty()), 1, settings, Map.of());
  }

  private static DesiredGroup desired(String yaml, String version) {
    Reading reading =
        GroupReader.read(List.of(new SourceFile(RepoPath.parse("products/x.yaml"), yaml)));
    if (!reading.problems().isEmpty()) {
      throw new IllegalArgumentException(reading.problems().toString());
    }
    ApplicationGroup group = reading.valid().get(0);
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>();
    for (Application application : group.applications()) {
      charts.put(application.name(), chart(application.chart(), version));
    }
    return Resolver.resolve(group, COMMIT, charts);
  }

  private static ResolvedChart chart(ChartRef ref, String version) {
    Digest content = Digest.of(ref.text() + version);
    ChartPin pin;
    if (ref instanceof ChartRef.InRepository r) {
      pin = new ChartPin.InRepository(r.url(), r.name(), version, content, r.authSecretRef());
    } else if (ref instanceof ChartRef.InRegistry r) {
      pin = new ChartPin.InRegistry(r.url(), version, content, r.authSecretRef());
    } else {
      RepoPath path = ((ChartRef.InGit) ref).path();
      pin = new ChartPin.InGit(COMMIT, path, List.of(path, RepoPath.parse("charts/library")));
    }
    return new ResolvedChart(pin, "chart", version, content, List.of(), List.of());
  }

  /** The tasks of a Workflow's DAG. */
  static List<Map<?, ?>> tasks(Manifest workflow) {
    List<Map<?, ?>> tasks = new ArrayList<>();
    for (Map<String, @Nullable Object> template : workflow.maps("spec", "templates")) {
      if (template.get("dag") instanceof Map<?, ?> dag && dag.get("tasks") instanceof List<?> all) {
        all.forEach(task -> tasks.add((Map<?, ?>) task));
      }
    }
    return tasks;
  }

  /** The objects that the tasks apply, as they stand in the Workflow. */
  static List<Manifest> applied(Manifest workflow) {
    List<Manifest> applied = new ArrayList<>();
    for (Map<?, ?> task : tasks(workflow)) {
      if (task.get("arguments") instanceof Map<?, ?> arguments
          && arguments.get("parameters") instanceof List<?> parameters) {
        for (Object parameter : parameters) {
          if (((Map<?, ?>) parameter).get("name") instanceof String name
              && name.equals("manifest")
              && ((Map<?, ?>) parameter).get("value") instanceof String yaml) {
            applied.add(manifest(yaml));
          }
        }
      }
    }
    return applied;
  }

  static Manifest manifest(String yaml) {
    return new Manifest(((YamlNode.Mapping) YamlReader.read(yaml).documents().get(0)).data());
  }
}
