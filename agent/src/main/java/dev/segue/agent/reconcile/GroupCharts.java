// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.resolve.Resolver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gets a group's charts and Helm's output, and tells what is wrong with them at the application's
 * own line.
 */
public final class GroupCharts {
  private final ChartStore charts;
  private final SourceRepo source;
  private final Map<GroupName, Map<ReleaseName, DesiredRelease>> resolved =
      new ConcurrentHashMap<>();

  public GroupCharts(ChartStore charts, SourceRepo source) {
    this.charts = charts;
    this.source = source;
  }

  /**
   * Charts could not be had, or do not render: every problem, sorted, and whether one of them may
   * pass by itself.
   */
  public static final class ChartProblems extends Exception {
    private final transient List<Problem> problems;
    private final boolean retryable;

    ChartProblems(List<Problem> problems, boolean retryable) {
      super(problems.toString());
      this.problems = problems.stream().sorted().toList();
      this.retryable = retryable;
    }

    public List<Problem> problems() {
      return problems;
    }

    public boolean retryable() {
      return retryable;
    }
  }

  /**
   * Returns the group with the one chart that each application means now. A chart whose content was
   * released before keeps the commit it was pinned to then, and a range that was resolved before
   * keeps its version until the file changes it.
   */
  public DesiredGroup resolve(ApplicationGroup group, CommitId commit, Inventory inventory)
      throws ChartProblems {
    Map<ReleaseName, ResolvedChart> found = new HashMap<>();
    Map<ChartRef, ResolvedChart> once = new HashMap<>();
    Map<CommitId, Boolean> usable = new HashMap<>(); // a walk through history for each
    List<Problem> problems = new ArrayList<>();
    boolean retryable = false;
    for (Application application : group.applications()) {
      ChartRef ref = inventory.keepVersion(application.name(), application.chart());
      try {
        ResolvedChart chart = once.containsKey(ref) ? once.get(ref) : charts.resolve(ref, commit);
        once.put(ref, chart);
        found.put(
            application.name(),
            inventory.keepPin(
                chart,
                pin -> usable.computeIfAbsent(pin.commit(), before -> isUsable(before, commit))));
      } catch (ChartException e) {
        problems.add(problem(application, "spec.chart", e));
        retryable |= e.retryable();
      }
    }
    if (!problems.isEmpty()) {
      throw new ChartProblems(problems, retryable);
    }
    Map<ReleaseName, DesiredRelease> before = resolved.getOrDefault(group.name(), Map.of());
    DesiredGroup desired = Resolver.resolve(group, commit, found, before);
    resolved.put(group.name(), desired.releases());
    return desired;
  }

  /**
   * Returns the group with the very charts that {@code inventory} says it was given: no server is
   * asked for those.
   */
  public DesiredGroup asReleased(ApplicationGroup group, CommitId commit, Inventory inventory)
      throws ChartProblems {
    Map<ReleaseName, ResolvedChart> found = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    boolean retryable = false;
    for (Application application : group.applications()) {
      Optional<ResolvedChart> given = inventory.chart(application.name(), application.chart());
      try {
        found.put(
            application.name(),
            given.isPresent() ? given.get() : charts.resolve(application.chart(), commit));
      } catch (ChartException e) {
        problems.add(problem(application, "spec.chart", e));
        retryable |= e.retryable();
      }
    }
    if (!problems.isEmpty()) {
      throw new ChartProblems(problems, retryable);
    }
    return Resolver.resolve(group, commit, found);
  }

  /** A pin is good for as long as its commit is part of the history that Flux can fetch. */
  private boolean isUsable(CommitId before, CommitId commit) {
    try {
      return source.descends(commit, before);
    } catch (RepoException e) {
      return false;
    }
  }

  /** Returns Helm's output for every release of the group; several are rendered at a time. */
  public Map<ReleaseName, HelmOutput> render(DesiredGroup desired, String kubeVersion)
      throws ChartProblems {
    List<Rendered> all =
        desired.releases().values().parallelStream()
            .map(release -> render(release, kubeVersion))
            .toList();
    Map<ReleaseName, HelmOutput> outputs = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    boolean retryable = false;
    for (Rendered rendered : all) {
      if (rendered.failure() != null) {
        problems.add(problem(rendered.release().application(), "spec.chart", rendered.failure()));
        retryable |= rendered.failure().retryable();
      } else if (rendered.output() != null) {
        outputs.put(rendered.release().name(), rendered.output());
      }
    }
    if (!problems.isEmpty()) {
      throw new ChartProblems(problems, retryable);
    }
    return outputs;
  }

  /** What came of rendering a release: an output, or a failure. */
  private record Rendered(
      DesiredRelease release, @Nullable HelmOutput output, @Nullable ChartException failure) {}

  private Rendered render(DesiredRelease release, String kubeVersion) {
    RenderRequest request =
        new RenderRequest(
            release.chart(),
            release.name(),
            release.settings().targetNamespace(),
            kubeVersion,
            release.settings().values());
    try {
      return new Rendered(release, charts.render(request), null);
    } catch (ChartException e) {
      return new Rendered(release, null, e);
    }
  }

  /** What of the charts and of Helm's output people should know; each once. */
  static List<String> notices(DesiredGroup desired, Map<ReleaseName, HelmOutput> outputs) {
    List<String> notices = new ArrayList<>();
    desired
        .releases()
        .forEach(
            (name, release) -> {
              release.chart().notices().forEach(notice -> notices.add(name + ": " + notice));
              HelmOutput output = outputs.get(name);
              if (output != null) {
                output.notices().forEach(notice -> notices.add(name + ": " + notice));
              }
            });
    return notices.stream().distinct().toList();
  }

  private static Problem problem(Application application, String field, ChartException e) {
    return Problem.at(
        application.origin(),
        e.code(),
        field,
        "of \"" + application.name() + "\": " + e.getMessage(),
        "");
  }
}
