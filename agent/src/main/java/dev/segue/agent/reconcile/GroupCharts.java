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
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.resolve.Expansion;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.split.SplitChart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final ReleaseSite site;
  private final Subcharts subcharts;
  private final Tenancy tenancy;
  private final Map<GroupName, Map<ReleaseName, DesiredRelease>> resolved =
      new ConcurrentHashMap<>();

  /**
   * @param tenancy as whom releases run whose file does not say it
   */
  public GroupCharts(ChartStore charts, SourceRepo source, ReleaseSite site, Tenancy tenancy) {
    this.charts = charts;
    this.source = source;
    this.site = site;
    this.subcharts = new Subcharts(charts, site);
    this.tenancy = tenancy;
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
  public DesiredGroup resolve(ApplicationGroup declared, CommitId commit, Inventory inventory)
      throws ChartProblems, PortException {
    ApplicationGroup group = tenancy.withAccounts(declared);
    Map<ChartRef, ResolvedChart> once = new HashMap<>();
    Map<CommitId, Boolean> usable = new HashMap<>(); // a walk through history for each
    Set<ReleaseName> inParts = inventory.inParts();
    Found found = new Found();
    for (Application application : group.applications()) {
      ChartRef ref = inventory.keepVersion(application.name(), application.chart());
      try {
        ResolvedChart chart = once.containsKey(ref) ? once.get(ref) : charts.resolve(ref, commit);
        once.put(ref, chart);
        ResolvedChart pinned =
            inventory.keepPin(
                chart,
                pin -> usable.computeIfAbsent(pin.commit(), before -> isUsable(before, commit)));
        if (application.subcharts().isEmpty()) {
          found.charts.put(application.name(), pinned);
        }
        if (!application.subcharts().isEmpty() || inParts.contains(application.name())) {
          found.splits.put(application.name(), subcharts.split(group, application, pinned));
        }
      } catch (ChartException e) {
        found.problems.add(problem(application, "spec.chart", e));
        found.retryable |= e.retryable();
      }
    }
    Expansion expansion = expand(group, found, inventory);
    Map<ReleaseName, DesiredRelease> before = resolved.getOrDefault(group.name(), Map.of());
    DesiredGroup desired =
        Resolver.resolve(expansion.group(), commit, found.charts, expansion.included(), before);
    resolved.put(group.name(), desired.releases());
    return desired;
  }

  /**
   * Returns the group with the very charts that {@code inventory} says it was given: no server is
   * asked for those.
   *
   * @param now what is given by now: of what is in parts now and is to be whole again, it must be
   *     known which parts the whole has
   */
  public DesiredGroup asReleased(
      ApplicationGroup declared, CommitId commit, Inventory inventory, Inventory now)
      throws ChartProblems, PortException {
    ApplicationGroup group = tenancy.withAccounts(declared);
    Found found = new Found();
    for (Application application : group.applications()) {
      ReleaseName name = application.name();
      try {
        if (application.subcharts().isEmpty()) {
          Optional<ResolvedChart> given = inventory.chart(name, application.chart());
          ResolvedChart chart =
              given.isPresent() ? given.get() : charts.resolve(application.chart(), commit);
          found.charts.put(name, chart);
          if (!now.parts(name).isEmpty()) {
            found.splits.put(name, subcharts.whole(group, application, chart, now));
          }
        } else {
          Optional<SplitChart> given = inventory.split(name, application.chart());
          found.splits.put(
              name,
              given.isPresent()
                  ? given.get()
                  : subcharts.split(
                      group, application, charts.resolve(application.chart(), commit)));
        }
      } catch (ChartException e) {
        found.problems.add(problem(application, "spec.chart", e));
        found.retryable |= e.retryable();
      }
    }
    Expansion expansion = expand(group, found, inventory);
    return Resolver.resolve(
        expansion.group(), commit, found.charts, expansion.included(), Map.of());
  }

  /** What was found for a group so far. */
  private static final class Found {
    private final Map<ReleaseName, ResolvedChart> charts = new HashMap<>();
    private final Map<ReleaseName, SplitChart> splits = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean retryable;
  }

  /** Puts the parts in the place of their applications. */
  private Expansion expand(ApplicationGroup group, Found found, Inventory inventory)
      throws ChartProblems, PortException {
    Expansion expansion = Expansion.of(group, found.splits);
    found.problems.addAll(expansion.problems());
    if (!found.problems.isEmpty()) {
      throw new ChartProblems(found.problems, found.retryable);
    }
    found.charts.putAll(subcharts.keep(expansion, inventory));
    return expansion;
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
  public Map<ReleaseName, HelmOutput> render(DesiredGroup desired)
      throws ChartProblems, PortException {
    return render(desired, desired.releases().keySet());
  }

  /**
   * As {@link #render(DesiredGroup)}, of these releases alone.
   *
   * @param only with a part of an application all the others
   */
  Map<ReleaseName, HelmOutput> render(DesiredGroup desired, Set<ReleaseName> only)
      throws ChartProblems, PortException {
    Map<ReleaseName, HelmOutput> outputs = renderAlone(desired, only);
    List<Problem> unorderly = Subcharts.unorderly(desired, outputs);
    if (!unorderly.isEmpty()) {
      throw new ChartProblems(unorderly, false);
    }
    return outputs;
  }

  /** As {@link #render(DesiredGroup)}, of these releases alone; their order is not looked at. */
  Map<ReleaseName, HelmOutput> renderAlone(DesiredGroup desired, Set<ReleaseName> only)
      throws ChartProblems, PortException {
    String kubeVersion = site.kubeVersion();
    List<Rendered> all =
        desired.releases().values().parallelStream()
            .filter(release -> only.contains(release.name()))
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

  /**
   * What of the charts that the plan applies, and of Helm's output, people should know; each once.
   * Of what stays as it is that was said when it was released.
   */
  static List<String> notices(Plan plan, Map<ReleaseName, HelmOutput> outputs) {
    List<String> notices = new ArrayList<>();
    for (ReleaseName name : plan.applied()) {
      List<String> ofChart = plan.desired().release(name).chart().notices();
      ofChart.forEach(notice -> notices.add(name + ": " + notice));
      HelmOutput output = outputs.get(name);
      if (output != null) {
        output.notices().forEach(notice -> notices.add(name + ": " + notice));
      }
    }
    return notices.stream().distinct().toList();
  }

  static Problem problem(Application application, String field, ChartException e) {
    return Problem.at(
        application.origin(),
        e.code(),
        field,
        "of \"" + application.name() + "\": " + e.getMessage(),
        "");
  }
}
