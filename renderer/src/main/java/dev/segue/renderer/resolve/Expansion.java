// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Subchart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.split.SplitChart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A group in which every application whose chart is split stands as the releases of its parts: each
 * sub-chart waits for what its application waits for and for the sub-charts that it is declared to
 * depend on, what remains of the parent for all of them. Whoever depends on the application depends
 * on that last release.
 *
 * @param charts of the parts, by release
 * @param included see {@link DesiredGroup#included}
 * @param problems of the file with the chart, sorted
 */
public record Expansion(
    ApplicationGroup group,
    Map<ReleaseName, ResolvedChart> charts,
    Map<ReleaseName, List<String>> included,
    List<Problem> problems) {
  public Expansion {
    included = Collections.unmodifiableMap(new TreeMap<>(included));
    charts = Collections.unmodifiableMap(new TreeMap<>(charts));
    problems = problems.stream().sorted().toList();
  }

  /**
   * Expands what is split.
   *
   * @param splits by application; applications without one stay as they are, as do those whose file
   *     says nothing of sub-charts: those tell what is included only
   */
  public static Expansion of(ApplicationGroup group, Map<ReleaseName, SplitChart> splits) {
    List<Application> applications = new ArrayList<>();
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>();
    Map<ReleaseName, List<String>> included = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Application application : group.applications()) {
      SplitChart split = splits.get(application.name());
      if (split == null) {
        applications.add(application);
      } else if (application.subcharts().isEmpty()) {
        applications.add(application);
        included.put(
            application.name(),
            Stream.concat(split.parts().keySet().stream(), split.included().stream()).toList());
      } else {
        included.put(application.name(), split.included());
        problems.addAll(problems(application, split));
        applications.addAll(parts(application, split, charts));
      }
    }
    problems.addAll(collisions(group, applications));
    ApplicationGroup expanded =
        new ApplicationGroup(
            group.name(),
            group.namespace(),
            group.origin(),
            group.interval(),
            group.parallelism(),
            group.lifecycle(),
            applications);
    return new Expansion(expanded, charts, included, problems);
  }

  /** What it waits for among {@code subcharts}: across those that are off, what they wait for. */
  private static SortedSet<String> dependencies(
      Application application, String subchart, SortedSet<String> subcharts) {
    Map<String, List<String>> declared = new HashMap<>();
    application.subcharts().forEach(s -> declared.put(s.name(), s.dependencies()));
    SortedSet<String> found = new TreeSet<>();
    SortedSet<String> seen = new TreeSet<>();
    List<String> open = new ArrayList<>(declared.getOrDefault(subchart, List.of()));
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (subcharts.contains(name)) {
        found.add(name);
      } else if (seen.add(name)) {
        open.addAll(declared.getOrDefault(name, List.of()));
      }
    }
    return found;
  }

  private static List<Application> parts(
      Application application, SplitChart split, Map<ReleaseName, ResolvedChart> charts) {
    SortedSet<String> subcharts = new TreeSet<>(split.parts().keySet());
    List<Application> parts = new ArrayList<>();
    split
        .parts()
        .forEach(
            (subchart, chart) -> {
              ReleaseName name = PartNames.of(application.name(), subchart);
              Stream<ReleaseName> waits =
                  dependencies(application, subchart, subcharts).stream()
                      .map(other -> PartNames.of(application.name(), other));
              parts.add(part(application, name, chart, waits));
              charts.put(name, chart);
            });
    Stream<ReleaseName> all = parts.stream().map(Application::name).toList().stream();
    parts.add(part(application, application.name(), split.parent(), all));
    charts.put(application.name(), withNotices(split.parent(), split.notices()));
    return parts;
  }

  /** What is to be known of the split is told with the release that comes last. */
  private static ResolvedChart withNotices(ResolvedChart chart, List<String> more) {
    return new ResolvedChart(
        chart.pin(),
        chart.name(),
        chart.version(),
        chart.content(),
        chart.dependencies(),
        Stream.concat(chart.notices().stream(), more.stream()).toList());
  }

  private static Application part(
      Application application, ReleaseName name, ResolvedChart chart, Stream<ReleaseName> waits) {
    return new Application(
        name,
        application.origin(),
        Stream.concat(application.dependencies().stream(), waits).distinct().toList(),
        application.softDependencies(),
        application.chart(),
        settings(application.release(), ((ChartPin.Derived) chart.pin()).from().values()),
        List.of(),
        application.workflow(),
        application.deletion());
  }

  private static ReleaseSettings settings(ReleaseSettings settings, ValuesSelection selection) {
    Values values = selection.of(settings.values());
    return new ReleaseSettings(
        settings.targetNamespace(),
        settings.interval(),
        settings.timeout(),
        values,
        settings.valuesFrom(),
        settings.sensitive().stream()
            .filter(path -> PlainData.at(values.tree(), path.split("\\.", -1)) != null)
            .toList(),
        settings.inlined());
  }

  private static List<Problem> problems(Application application, SplitChart split) {
    List<Problem> problems = new ArrayList<>();
    for (Subchart subchart : application.subcharts()) {
      Stream.concat(Stream.of(subchart.name()), subchart.dependencies().stream())
          .filter(name -> !split.known().contains(name))
          .map(name -> unknown(application, name, split))
          .forEach(problems::add);
    }
    split.refusals().stream().map(refusal -> problem(application, refusal)).forEach(problems::add);
    return problems.stream().distinct().toList();
  }

  /** Returns why an application's chart must not be released in parts, as a problem of its file. */
  public static Problem problem(Application application, SplitChart.Refusal refusal) {
    return Problem.at(
        application.origin(),
        refusal.code(),
        "spec.subcharts",
        "of \"" + application.name() + "\": " + refusal.message(),
        refusal.remedy());
  }

  private static Problem unknown(Application application, String name, SplitChart split) {
    return Problem.at(
        application.origin(),
        ProblemCode.UNKNOWN_SUBCHART,
        "spec.subcharts",
        "of \""
            + application.name()
            + "\" must name sub-charts of its chart; got \""
            + name
            + "\". It has "
            + (split.known().isEmpty() ? "none" : String.join(", ", split.known())),
        "");
  }

  private static List<Problem> collisions(ApplicationGroup group, List<Application> applications) {
    Map<ReleaseName, Application> first = new TreeMap<>();
    group.applications().forEach(application -> first.put(application.name(), application));
    List<Problem> problems = new ArrayList<>();
    for (Application application : applications) {
      Application other = first.putIfAbsent(application.name(), application);
      if (other != null && !other.origin().equals(application.origin())) {
        problems.add(
            Problem.at(
                application.origin(),
                ProblemCode.SUBCHART_RELEASE_NAME,
                "name",
                "must leave the name \""
                    + application.name()
                    + "\" to the release of a sub-chart; line "
                    + other.origin().line()
                    + " has it too",
                "Rename one of the applications."));
      }
    }
    return problems;
  }
}
