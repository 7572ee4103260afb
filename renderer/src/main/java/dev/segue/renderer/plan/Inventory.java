// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import static java.util.Objects.requireNonNull;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What of a group was given to Flux.
 *
 * @param namespace where its HelmReleases are
 * @param releases by name
 */
public record Inventory(
    GroupName group, Namespace namespace, Map<ReleaseName, DeployedRelease> releases) {
  public Inventory {
    releases = Collections.unmodifiableMap(new TreeMap<>(releases));
  }

  public static Inventory empty(GroupName group, Namespace namespace) {
    return new Inventory(group, namespace, Map.of());
  }

  public Optional<DeployedRelease> find(ReleaseName name) {
    return Optional.ofNullable(releases.get(name));
  }

  /**
   * The order as deployed, whatever the file says today. After an attempt that reached only some
   * releases, each has the order of its own last attempt; see {@link ReleaseGraph#withoutCycles}.
   */
  public ReleaseGraph graph() {
    List<Edge> edges = new ArrayList<>();
    releases
        .values()
        .forEach(
            release -> {
              release.dependencies().forEach(name -> add(edges, name, release.name(), false));
              release.softDependencies().forEach(name -> add(edges, name, release.name(), true));
            });
    return ReleaseGraph.withoutCycles(releases.keySet(), edges);
  }

  private void add(List<Edge> edges, ReleaseName dependency, ReleaseName dependant, boolean soft) {
    if (releases.containsKey(dependency)) {
      edges.add(new Edge(dependency, dependant, soft));
    }
  }

  /**
   * Returns {@code chart} pinned to the commit at which the same content was released before, where
   * there is one that {@code usable} accepts: a source that moves upgrades every release that reads
   * it, at once and outside any Workflow.
   */
  public ResolvedChart keepPin(ResolvedChart chart, Predicate<ChartPin.InGit> usable) {
    if (chart.pin() instanceof ChartPin.Derived part) {
      return keepPin(chart, part);
    }
    if (!(chart.pin() instanceof ChartPin.InGit now)) {
      return chart;
    }
    return releases.values().stream()
        .filter(release -> release.whole().equals(chart.content()))
        .map(DeployedRelease::wholePin)
        .filter(ChartPin.InGit.class::isInstance)
        .map(ChartPin.InGit.class::cast)
        .filter(before -> sameFolders(before, now.path(), now.paths()) && usable.test(before))
        .findFirst()
        .map(chart::pinned)
        .orElse(chart);
  }

  /** The status branch is only added to: what was read there once can be read there again. */
  private ResolvedChart keepPin(ResolvedChart chart, ChartPin.Derived part) {
    return releases.values().stream()
        .map(DeployedRelease::pin)
        .filter(ChartPin.Derived.class::isInstance)
        .map(ChartPin.Derived.class::cast)
        .filter(before -> before.path().equals(part.path()) && before.commit() != null)
        .findFirst()
        .map(before -> chart.pinned(part.at(requireNonNull(before.commit()))))
        .orElse(chart);
  }

  /**
   * Returns {@code ref} at the exact version that the release of that name was given for the same
   * request; {@code ref} itself where the file asks for something else now. So a range means what
   * it meant when it was first planned, until the file changes it.
   */
  public ChartRef keepVersion(ReleaseName release, ChartRef ref) {
    ChartPin pin =
        find(release)
            .filter(before -> before.requested().equals(ref.text()))
            .map(DeployedRelease::wholePin)
            .orElse(null);
    if (ref instanceof ChartRef.InRepository asked && pin instanceof ChartPin.InRepository given) {
      return new ChartRef.InRepository(
          asked.url(), asked.name(), given.version(), asked.authSecretRef());
    }
    if (ref instanceof ChartRef.InRegistry asked && pin instanceof ChartPin.InRegistry given) {
      return new ChartRef.InRegistry(asked.url(), given.tag(), asked.authSecretRef());
    }
    return ref;
  }

  /**
   * Returns the very chart that the release of that name was given, where it was given for that
   * request; empty otherwise. What the chart depends on is not told.
   */
  public Optional<ResolvedChart> chart(ReleaseName release, ChartRef ref) {
    return find(release)
        .filter(before -> before.requested().equals(ref.text()))
        .filter(before -> !(before.pin() instanceof ChartPin.Derived))
        .map(Inventory::chart);
  }

  /** Returns the applications of which a sub-chart is a release of its own; sorted. */
  public Set<ReleaseName> inParts() {
    Set<ReleaseName> applications = new TreeSet<>();
    releases.values().stream()
        .map(DeployedRelease::part)
        .flatMap(Optional::stream)
        .forEach(part -> applications.add(part.application()));
    return applications;
  }

  /**
   * Returns the sub-charts of an application that are releases of their own, by name or alias, with
   * the names of these; empty when its chart was released as a whole.
   */
  public SortedMap<String, ReleaseName> parts(ReleaseName application) {
    SortedMap<String, ReleaseName> parts = new TreeMap<>();
    for (DeployedRelease release : releases.values()) {
      release
          .part()
          .filter(part -> part.application().equals(application))
          .ifPresent(part -> parts.put(part.subchart(), release.name()));
    }
    return parts;
  }

  /**
   * Returns the very parts that an application's chart was released in, where it was for that
   * request; empty otherwise.
   */
  public Optional<SplitChart> split(ReleaseName application, ChartRef ref) {
    SortedMap<String, ResolvedChart> parts = new TreeMap<>();
    for (DeployedRelease release : releases.values()) {
      if (release.pin() instanceof ChartPin.Derived part
          && part.from().application().equals(application)
          && release.requested().equals(ref.text())) {
        parts.put(part.from().subchart(), chart(release));
      }
    }
    ResolvedChart parent = parts.remove("");
    return parent == null
        ? Optional.empty()
        : Optional.of(
            new SplitChart(
                parts,
                parent,
                ((ChartPin.Derived) parent.pin()).from().included(),
                List.copyOf(parts.keySet()),
                List.of(),
                List.of()));
  }

  private static ResolvedChart chart(DeployedRelease release) {
    return new ResolvedChart(
        release.pin(), release.chart(), release.version(), release.content(), List.of(), List.of());
  }

  private static boolean sameFolders(ChartPin.InGit before, RepoPath path, List<RepoPath> paths) {
    return before.path().equals(path) && before.paths().equals(paths);
  }

  /** Returns this inventory with that release put in or put anew. */
  public Inventory with(DeployedRelease release) {
    Map<ReleaseName, DeployedRelease> changed = new TreeMap<>(releases);
    changed.put(release.name(), release);
    return new Inventory(group, namespace, changed);
  }

  /**
   * Returns this inventory after that release is gone. The objects of a part that another release
   * is to take over stayed: until that release, as {@code planned}, is given to Flux, the part is
   * kept here as dissolved.
   */
  public Inventory gone(ReleaseName name, Inventory planned) {
    return find(name).filter(part -> taken(part, planned)).isPresent()
        ? goneIfTaken(name, planned)
        : without(name);
  }

  /** As {@link #gone} for a part that another release is to take over; anything else stays. */
  public Inventory goneIfTaken(ReleaseName name, Inventory planned) {
    return find(name)
        .filter(part -> taken(part, planned))
        .map(part -> with(part.dissolve()))
        .orElse(this);
  }

  /** Returns this inventory without the dissolved parts that a release has taken over by now. */
  public Inventory settled() {
    Map<ReleaseName, DeployedRelease> left = new TreeMap<>(releases);
    left.values().removeIf(release -> release.dissolved() && taken(release, this));
    return new Inventory(group, namespace, left);
  }

  private static boolean taken(DeployedRelease part, Inventory by) {
    return part.part()
        .flatMap(from -> by.find(from.application()).filter(owner -> owner.has(from.subchart())))
        .isPresent();
  }

  public Inventory without(ReleaseName name) {
    Map<ReleaseName, DeployedRelease> changed = new TreeMap<>(releases);
    changed.remove(name);
    return new Inventory(group, namespace, changed);
  }

  /** The digest of the digests: whether two inventories hold the same. */
  public Digest digest() {
    return Digest.of(releases.values().toString());
  }
}
