// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.Forecast.Side;
import dev.segue.agent.reconcile.Forecast.Sides;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PlanRun.Task;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.StatusPaths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Helm makes of the releases of a plan that change, before and after. */
final class BeforeAfter {
  private final GroupCharts charts;
  private final EarlierGroups earlier;

  BeforeAfter(GroupCharts charts, EarlierGroups earlier) {
    this.charts = charts;
    this.earlier = earlier;
  }

  /** Returns Helm's output for what is to be applied. */
  Map<ReleaseName, HelmOutput> after(Plan plan) throws PortException, ChartProblems {
    return charts.render(plan.desired(), rendered(plan));
  }

  /** What changes, and with a part of an application all the others: they are one chart. */
  private static Set<ReleaseName> rendered(Plan plan) {
    Set<ReleaseName> changed = new TreeSet<>();
    plan.changes().stream()
        .filter(Change.Apply.class::isInstance)
        .forEach(change -> changed.add(change.release()));
    Set<ReleaseName> applications =
        changed.stream()
            .map(name -> application(plan, name))
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    plan.desired()
        .releases()
        .keySet()
        .forEach(
            name ->
                application(plan, name)
                    .filter(applications::contains)
                    .ifPresent(application -> changed.add(name)));
    return changed;
  }

  private static Optional<ReleaseName> application(Plan plan, ReleaseName name) {
    return plan.desired().release(name).chart().pin() instanceof ChartPin.Derived part
        ? Optional.of(part.from().application())
        : Optional.empty();
  }

  /**
   * Returns what Helm makes of each release that changes, before and after.
   *
   * @param notices what could not be had is added
   */
  Map<ReleaseName, Sides> sides(Task task, Map<ReleaseName, HelmOutput> after, List<String> notices)
      throws PortException {
    Plan plan = task.plan();
    Set<ReleaseName> changed =
        plan.changes().stream()
            .filter(change -> !(change instanceof Change.Keep))
            .map(Change::release)
            .collect(Collectors.toCollection(TreeSet::new));
    Map<ReleaseName, Side> before = before(task, changed, notices);
    Map<ReleaseName, Sides> sides = new TreeMap<>();
    for (ReleaseName name : changed) {
      HelmOutput output = after.get(name);
      Side then =
          output == null
              ? new Side.Absent()
              : new Side.Rendered(output, plan.desired().release(name).settings());
      sides.put(name, new Sides(before.getOrDefault(name, new Side.Absent()), then));
    }
    return sides;
  }

  /**
   * What was there is rendered again where its commit and charts can be had: then what is secret
   * can be compared as well. Otherwise the status branch has it, masked.
   */
  private Map<ReleaseName, Side> before(Task task, Set<ReleaseName> changed, List<String> notices)
      throws PortException {
    Map<ReleaseName, DeployedRelease> deployed = new TreeMap<>(task.plan().inventory().releases());
    deployed.keySet().retainAll(changed);
    Map<ReleaseName, Side> before = new TreeMap<>(again(task, deployed));
    for (Map.Entry<ReleaseName, DeployedRelease> release : deployed.entrySet()) {
      if (!before.containsKey(release.getKey())) {
        String text =
            task.stored()
                .snapshot()
                .read(StatusPaths.of(task.group(), BundleRenderer.manifestsFile(release.getKey())))
                .orElse("");
        before.put(release.getKey(), new Side.Recorded(text, release.getValue().targetNamespace()));
        notices.add(
            release.getKey()
                + ": what was released cannot be rendered again; "
                + (text.isEmpty()
                    ? "nor does the status branch have it"
                    : "the status branch has it, with secrets masked"));
      }
    }
    return before;
  }

  private Map<ReleaseName, Side> again(Task task, Map<ReleaseName, DeployedRelease> deployed) {
    Map<ReleaseName, Side> again = new TreeMap<>();
    @Nullable LastGood good = task.stored().good().orElse(null);
    if (good == null) {
      return again;
    }
    Set<ReleaseName> same =
        deployed.values().stream()
            .filter(
                release ->
                    good.inventory()
                        .find(release.name())
                        .filter(then -> then.digest().equals(release.digest()))
                        .isPresent())
            .map(DeployedRelease::name)
            .collect(Collectors.toSet());
    try {
      Optional<ApplicationGroup> then =
          same.isEmpty() ? Optional.empty() : earlier.find(task.group(), good.commit());
      if (then.isPresent()) {
        DesiredGroup desired =
            charts.asReleased(then.get(), good.commit(), good.inventory(), good.inventory());
        same.retainAll(desired.releases().keySet());
        charts
            .renderAlone(desired, same)
            .forEach(
                (name, output) ->
                    again.put(name, new Side.Rendered(output, desired.release(name).settings())));
      }
    } catch (PortException | ChartProblems e) {
      again.clear(); // it is told of each release
    }
    return again;
  }
}
