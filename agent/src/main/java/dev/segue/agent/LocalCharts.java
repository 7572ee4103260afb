// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.reconcile.FirstReleases;
import dev.segue.agent.reconcile.FirstReleases.FirstRelease;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.validate.Check;
import dev.segue.agent.validate.Finding;
import dev.segue.agent.validate.ImagePins;
import dev.segue.agent.validate.Manifests;
import dev.segue.agent.validate.ObjectSchemas;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.render.ReadManifests;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the charts of groups of a work tree: all that the agent would refuse, and what else was
 * asked for.
 */
final class LocalCharts {
  private final Actions.Checks checks;
  private final ImagePins images;
  private final @Nullable ObjectSchemas schemas;

  /**
   * @param schemas null when rendered objects are not to be compared with any
   */
  LocalCharts(Actions.Checks checks, @Nullable ObjectSchemas schemas) {
    this.checks = checks;
    this.schemas = schemas;
    this.images = new ImagePins(wanted(checks.images()));
  }

  private static ImagePins.Wanted wanted(Actions.Images images) {
    return switch (images) {
      case UNSAID -> ImagePins.Wanted.TAG_OR_WARNING;
      case TAG -> ImagePins.Wanted.TAG;
      case DIGEST -> ImagePins.Wanted.DIGEST;
    };
  }

  /**
   * What came of a group.
   *
   * @param releases how many were rendered
   * @param looked what was looked at
   */
  record Looked(List<Finding> findings, int releases, Set<Check> looked) {}

  /** The applications of a group whose charts are to be looked at, in the file's order. */
  List<Application> wanted(ApplicationGroup group) {
    return group.applications().stream()
        .filter(application -> isWanted(checks.charts(), application))
        .toList();
  }

  private static boolean isWanted(Actions.Charts charts, Application application) {
    return charts == Actions.Charts.ALL || application.chart() instanceof ChartRef.InGit;
  }

  /**
   * What came of rendering a group.
   *
   * @param release null when not one of its charts can be used, and with a failure
   * @param failure why it could not be looked at
   */
  record Rendered(
      ApplicationGroup group,
      List<Finding> findings,
      @Nullable FirstRelease release,
      @Nullable PortException failure) {}

  /** Renders the charts of groups, several groups at a time; returns them in their order. */
  List<Rendered> render(List<ApplicationGroup> groups, FirstReleases releases) {
    return groups.parallelStream().map(group -> rendered(group, releases)).toList();
  }

  private Rendered rendered(ApplicationGroup group, FirstReleases releases) {
    try {
      return render(group, wanted(group), releases);
    } catch (PortException e) {
      return new Rendered(group, List.of(), null, e);
    }
  }

  /**
   * What is wrong with one application does not hide what is wrong with another: it is left out,
   * and the rest is rendered again.
   */
  private Rendered render(
      ApplicationGroup group, List<Application> applications, FirstReleases releases)
      throws PortException {
    Set<Finding> findings = new TreeSet<>();
    List<Application> left = applications;
    while (!left.isEmpty()) {
      try {
        FirstRelease release = releases.of(only(group, left));
        release.problems().forEach(problem -> findings.add(finding(group, problem)));
        findings.addAll(readable(group, release));
        return new Rendered(group, List.copyOf(findings), release, null);
      } catch (ChartProblems e) {
        e.problems().forEach(problem -> findings.add(finding(group, problem)));
        Set<Integer> lines = e.problems().stream().map(Problem::line).collect(Collectors.toSet());
        List<Application> rest =
            left.stream().filter(a -> !lines.contains(a.origin().line())).toList();
        left = rest.size() < left.size() ? rest : List.of(); // always fewer
      }
    }
    return new Rendered(group, List.copyOf(findings), null, null);
  }

  /** A problem has a line and no release; whose it is is said where one alone stands there. */
  private static Finding finding(ApplicationGroup group, Problem problem) {
    List<String> there =
        group.applications().stream()
            .filter(application -> application.origin().line() == problem.line())
            .map(application -> application.name().value())
            .toList();
    boolean isCertain = there.size() == 1 && group.origin().line() != problem.line();
    return Finding.ofCharts(group.name().value(), isCertain ? there.get(0) : "", problem);
  }

  /** What is wrong with the manifests themselves and with their images, several at a time. */
  private List<Finding> readable(ApplicationGroup group, FirstRelease rendered) {
    String inGroup = group.name().value();
    return rendered.outputs().entrySet().parallelStream()
        .flatMap(
            output -> {
              ReleaseName name = output.getKey();
              ReadManifests objects = ReadManifests.of(output.getValue());
              Application application = application(rendered, name);
              return Stream.concat(
                  Manifests.check(inGroup, name, application, objects).stream(),
                  images.check(inGroup, name.value(), application, objects).stream());
            })
        .toList();
  }

  private static Application application(FirstRelease rendered, ReleaseName name) {
    return rendered.desired().release(name).application();
  }

  /** Looks at what a group renders to; one group at a time. */
  Looked look(Rendered rendered) {
    FirstRelease release = rendered.release();
    if (release == null) {
      return new Looked(rendered.findings(), 0, EnumSet.of(Check.CHARTS));
    }
    Set<Finding> findings = new TreeSet<>(rendered.findings());
    Set<Check> looked = EnumSet.of(Check.CHARTS, Check.IMAGES);
    if (schemas != null) {
      looked.add(Check.SCHEMAS);
      findings.addAll(check(schemas, rendered.group(), release));
    }
    return new Looked(List.copyOf(findings), release.outputs().size(), looked);
  }

  private static List<Finding> check(
      ObjectSchemas schemas, ApplicationGroup group, FirstRelease rendered) {
    Map<ReleaseName, ReadManifests> read = new TreeMap<>();
    rendered.outputs().forEach((name, output) -> read.put(name, ReadManifests.of(output)));
    read.values().forEach(schemas::learn);
    List<Finding> findings = new ArrayList<>();
    read.forEach(
        (name, objects) ->
            findings.addAll(
                schemas.check(
                    group.name().value(), name.value(), application(rendered, name), objects)));
    return findings;
  }

  /** The group as if it had these applications only. */
  private static ApplicationGroup only(ApplicationGroup group, List<Application> applications) {
    Set<ReleaseName> names =
        applications.stream().map(Application::name).collect(Collectors.toSet());
    return new ApplicationGroup(
        group.name(),
        group.namespace(),
        group.origin(),
        group.interval(),
        group.parallelism(),
        group.lifecycle(),
        applications.stream().map(application -> among(names, application)).toList());
  }

  private static Application among(Set<ReleaseName> names, Application application) {
    return new Application(
        application.name(),
        application.origin(),
        application.dependencies().stream().filter(names::contains).toList(),
        application.softDependencies().stream().filter(names::contains).toList(),
        application.chart(),
        application.release(),
        application.subcharts(),
        application.workflow(),
        application.deletion());
  }

  /** What is not looked at of these groups, as a sentence; "" when everything is. */
  static String leftOut(Actions.Charts charts, Map<String, ApplicationGroup> groups) {
    List<String> names = new ArrayList<>();
    groups.forEach(
        (name, group) ->
            group.applications().stream()
                .filter(application -> !isWanted(charts, application))
                .forEach(application -> names.add(name + "/" + application.name())));
    String were =
        names.size() == 1
            ? "1 chart is on the network and was not looked at"
            : names.size() + " charts are on the network and were not looked at";
    return names.isEmpty() ? "" : were + "; `--remote-charts` does: " + String.join(", ", names);
  }
}
