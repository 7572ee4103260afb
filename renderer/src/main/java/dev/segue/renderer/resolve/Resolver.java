// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Executor;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes releases of applications. */
public final class Resolver {
  private Resolver() {}

  /**
   * Returns what this version cannot do with the group although the file is right, sorted. An order
   * that was declared and cannot be kept is refused: releasing out of order is worse than not
   * releasing.
   */
  public static List<Problem> unsupported(ApplicationGroup group) {
    List<Problem> problems = new ArrayList<>();
    for (Application application : group.applications()) {
      application.workflow().stream()
          .map(Executor::type)
          .filter(type -> !type.equals("helmrelease"))
          .findFirst()
          .ifPresent(type -> problems.add(executor(application, type)));
    }
    problems.sort(Comparator.naturalOrder());
    return problems;
  }

  private static Problem executor(Application application, String type) {
    return Problem.at(
        application.origin(),
        ProblemCode.NOT_SUPPORTED_YET,
        "workflow",
        "must have executors of type helmrelease only; application \""
            + application.name()
            + "\" has \""
            + type
            + "\"",
        "Take it out: a gate that is skipped in silence is worse than none.");
  }

  /** As the other, from nothing, of a group without split applications. */
  public static DesiredGroup resolve(
      ApplicationGroup group, CommitId commit, Map<ReleaseName, ResolvedChart> charts) {
    return resolve(group, commit, charts, Map.of(), Map.of());
  }

  /**
   * Returns the group with its charts.
   *
   * @param charts by application; one for each
   * @param included see {@link DesiredGroup#included}
   * @param before what the group's releases were at another time: what did not change is not
   *     digested again. The answer is the same without
   */
  public static DesiredGroup resolve(
      ApplicationGroup group,
      CommitId commit,
      Map<ReleaseName, ResolvedChart> charts,
      Map<ReleaseName, List<String>> included,
      Map<ReleaseName, DesiredRelease> before) {
    Map<ReleaseName, DesiredRelease> releases = new TreeMap<>();
    for (Application application : group.applications()) {
      ResolvedChart chart = charts.get(application.name());
      if (chart == null) {
        throw new IllegalArgumentException("no chart for " + application.name());
      }
      releases.put(
          application.name(),
          DesiredRelease.of(application, chart, before.get(application.name())));
    }
    return new DesiredGroup(group, commit, releases, graph(group), included);
  }

  /** Returns the order of the applications, each of which is one release. */
  public static ReleaseGraph graph(ApplicationGroup group) {
    List<Edge> edges = new ArrayList<>();
    for (Application application : group.applications()) {
      application
          .dependencies()
          .forEach(name -> edges.add(new Edge(name, application.name(), false)));
      application
          .softDependencies()
          .forEach(name -> edges.add(new Edge(name, application.name(), true)));
    }
    return ReleaseGraph.of(group.applications().stream().map(Application::name).toList(), edges);
  }
}
