// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static java.util.Objects.requireNonNull;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Subchart;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Expansion;
import dev.segue.renderer.split.OrderCheck;
import dev.segue.renderer.split.SplitChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Has applications' charts split, and their parts kept where Flux can read them. */
public final class Subcharts {
  private final ChartStore charts;
  private final ReleaseSite site;

  Subcharts(ChartStore charts, ReleaseSite site) {
    this.charts = charts;
    this.site = site;
  }

  SplitChart split(ApplicationGroup group, Application application, ResolvedChart chart)
      throws ChartException, PortException {
    return charts.split(
        new ChartStore.SplitRequest(
            chart,
            group.name(),
            application.name(),
            application.release().targetNamespace(),
            site.kubeVersion(),
            application.release().values(),
            application.subcharts().stream()
                .filter(subchart -> !subchart.staged())
                .map(Subchart::name)
                .toList()));
  }

  /**
   * What of the parts that are there the whole has. Where that cannot be told it is taken to have
   * them all: then nothing of theirs is deleted.
   */
  SplitChart whole(
      ApplicationGroup group, Application application, ResolvedChart chart, Inventory now)
      throws PortException {
    try {
      return split(group, application, chart);
    } catch (ChartException e) {
      List<String> all = List.copyOf(now.parts(application.name()).keySet());
      return new SplitChart(new TreeMap<>(), chart, all, all, List.of(), List.of());
    }
  }

  /**
   * Returns the parts' charts, each pinned to a commit where Flux can read it.
   *
   * @param inventory what was given to Flux: a part that it has stays at its commit
   */
  Map<ReleaseName, ResolvedChart> keep(Expansion expansion, Inventory inventory)
      throws ChartProblems, PortException {
    Map<ReleaseName, ResolvedChart> pinned = new TreeMap<>();
    SortedMap<RepoPath, SortedMap<String, byte[]>> kept = new TreeMap<>();
    for (Map.Entry<ReleaseName, ResolvedChart> part : expansion.charts().entrySet()) {
      ResolvedChart chart = inventory.keepPin(part.getValue(), pin -> false);
      pinned.put(part.getKey(), chart);
      if (part(chart).commit() == null) {
        try {
          kept.put(part(chart).path(), charts.files(chart));
        } catch (ChartException e) {
          Application application = application(expansion, part.getKey());
          Problem problem = GroupCharts.problem(application, "spec.chart", e);
          throw new ChartProblems(List.of(problem), e.retryable());
        }
      }
    }
    if (!kept.isEmpty()) {
      site.keep(expansion.group().name(), kept)
          .ifPresent(commit -> pinned.replaceAll((name, chart) -> at(commit, chart)));
    }
    return pinned;
  }

  private static ChartPin.Derived part(ResolvedChart chart) {
    return (ChartPin.Derived) chart.pin();
  }

  private static ResolvedChart at(CommitId commit, ResolvedChart chart) {
    return chart.pin() instanceof ChartPin.Derived part && part.commit() == null
        ? chart.pinned(part.at(commit))
        : chart;
  }

  private static Application application(Expansion expansion, ReleaseName name) {
    return expansion.group().applications().stream()
        .filter(application -> application.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Returns what of split applications could never become ready in the order that is declared.
   *
   * @param outputs of every release that matters: of all parts of an application, or of none
   */
  public static List<Problem> unorderly(
      DesiredGroup desired, Map<ReleaseName, HelmOutput> outputs) {
    Map<ReleaseName, SortedMap<String, ReleaseName>> split = new TreeMap<>();
    desired
        .releases()
        .forEach(
            (name, release) -> {
              if (outputs.containsKey(name)
                  && release.chart().pin() instanceof ChartPin.Derived part) {
                split
                    .computeIfAbsent(part.from().application(), unused -> new TreeMap<>())
                    .put(part.from().subchart(), name);
              }
            });
    List<Problem> problems = new ArrayList<>();
    split.forEach(
        (application, parts) -> {
          SortedMap<String, HelmOutput> rendered = new TreeMap<>();
          SortedMap<String, SortedSet<String>> before = new TreeMap<>();
          parts.forEach(
              (part, release) -> {
                rendered.put(part, requireNonNull(outputs.get(release)));
                Set<ReleaseName> later = desired.graph().descendants(List.of(release));
                parts.forEach(
                    (other, otherRelease) -> {
                      if (later.contains(otherRelease)) {
                        before.computeIfAbsent(other, unused -> new TreeSet<>()).add(part);
                      }
                    });
                before.computeIfAbsent(part, unused -> new TreeSet<>());
              });
          Application declared = desired.release(application).application();
          OrderCheck.unorderly(rendered, before).stream()
              .map(refusal -> Expansion.problem(declared, refusal))
              .forEach(problems::add);
        });
    return problems;
  }
}
