// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.DesiredGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a group needs to become what its commit wants.
 *
 * @param purpose what it is made for
 * @param inventory what was given to Flux before
 * @param changes one for each release: those that are wanted in their order, then those that go in
 *     the order of their going
 * @param steps only what is done, in the same order; what comes before a change before it
 */
public record Plan(
    DesiredGroup desired,
    Purpose purpose,
    Inventory inventory,
    List<Change> changes,
    List<Step> steps) {
  /** How long the step may take with which a release goes. */
  public static final Duration DELETION = Duration.ofMinutes(10);

  public Plan {
    changes = List.copyOf(changes);
    steps = List.copyOf(steps);
  }

  /** Whether the cluster is what the commit wants. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** The digest of what is wanted; see {@link DesiredGroup#digest}. */
  public Digest digest() {
    return desired.digest();
  }

  /**
   * The digest of what is done: of what is wanted, of what is there and is to change, and of the
   * order. Another world makes another digest, so that what was approved is what is done.
   */
  public Digest approval() {
    StringBuilder content = new StringBuilder();
    content.append(purpose.text()).append(' ').append(digest()).append('\n');
    changes.stream()
        .filter(change -> !(change instanceof Change.Keep))
        .forEach(
            change ->
                content
                    .append(change.action())
                    .append(' ')
                    .append(change.release())
                    .append(' ')
                    .append(inventory.find(change.release()).map(DeployedRelease::digest))
                    .append('\n'));
    steps.forEach(step -> content.append(step.task()).append(step.waits()).append('\n'));
    return Digest.of(content.toString());
  }

  /** The order of all releases that are wanted. */
  public ReleaseGraph graph() {
    return desired.graph();
  }

  /** The releases that Flux is given a spec for; sorted. */
  public NavigableSet<ReleaseName> applied() {
    return changes.stream()
        .filter(Change.Apply.class::isInstance)
        .map(Change::release)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How long Helm may take for a release that is wanted, or the step of one that goes. */
  public Duration timeout(ReleaseName release) {
    return desired.releases().containsKey(release)
        ? desired.release(release).settings().timeout()
        : DELETION;
  }

  /**
   * The releases of which a critical path consists: those that are applied; where none is, those
   * that go. Sorted.
   */
  public NavigableSet<ReleaseName> timed() {
    NavigableSet<ReleaseName> applied = applied();
    return applied.isEmpty()
        ? steps.stream()
            .map(step -> step.change().release())
            .collect(Collectors.toCollection(TreeSet::new))
        : applied;
  }

  /**
   * Those of {@link #timed} that wait for each other and take longest when each takes {@code
   * weight}; in the order in which they are applied or go, empty when nothing is done.
   */
  public List<ReleaseName> criticalPath(ToLongFunction<ReleaseName> weight) {
    NavigableSet<ReleaseName> timed = timed();
    if (timed.isEmpty()) {
      return List.of();
    }
    return (applied().isEmpty() ? going() : graph().over(timed)).criticalPath(weight);
  }

  /** The order in which releases go where none is applied. */
  private ReleaseGraph going() {
    Map<String, ReleaseName> releases = new TreeMap<>();
    steps.forEach(step -> releases.put(step.task(), step.change().release()));
    List<ReleaseGraph.Edge> edges = new ArrayList<>();
    for (Step step : steps) {
      ReleaseName release = step.change().release();
      for (Step.Wait wait : step.waits()) {
        ReleaseName before = releases.getOrDefault(wait.task(), release);
        if (!before.equals(release)) {
          edges.add(new ReleaseGraph.Edge(before, release, wait.soft()));
        }
      }
    }
    return ReleaseGraph.of(timed(), edges);
  }

  /** Everything downstream of what changes, itself unchanged; sorted. */
  public NavigableSet<ReleaseName> blastRadius() {
    Collection<ReleaseName> changed = applied();
    NavigableSet<ReleaseName> downstream = new TreeSet<>(graph().descendants(changed));
    downstream.removeAll(changed);
    return downstream;
  }

  /** How many releases give or take over objects of others, none of which is deleted. */
  public long handovers() {
    return changes.stream()
        .filter(
            change ->
                change instanceof Change.Adopt
                    || change instanceof Change.Yield
                    || change instanceof Change.Dissolve)
        .count();
  }

  /** How many changes have that action. */
  public long count(String action) {
    return changes.stream().filter(change -> change.action().equals(action)).count();
  }
}
