// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PlanRun.Task;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.diff.ReleaseObjects;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.StatusPaths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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
   * Returns how each release that changes differs.
   *
   * @param after see {@link #after}
   * @param notices what could not be had is added
   */
  SortedMap<ReleaseName, ReleaseDiff> diffs(
      Task task, Map<ReleaseName, HelmOutput> after, List<String> notices) throws PortException {
    Plan plan = task.plan();
    List<Change> changes =
        plan.changes().stream().filter(change -> !(change instanceof Change.Keep)).toList();
    Map<ReleaseName, ReleaseObjects> before = before(task, names(changes), notices);
    SortedMap<ReleaseName, ReleaseDiff> diffs = new TreeMap<>();
    for (Change change : changes) {
      ReleaseName name = change.release();
      HelmOutput output = change instanceof Change.Apply ? after.get(name) : null;
      ReleaseObjects then =
          output == null
              ? ReleaseObjects.NONE
              : ReleaseObjects.rendered(output, plan.desired().release(name).settings());
      ReleaseObjects now = before.getOrDefault(name, ReleaseObjects.NONE);
      diffs.put(name, ReleaseDiff.of(GroupPreview.operation(change), now, then));
    }
    return diffs;
  }

  private static Set<ReleaseName> names(List<Change> changes) {
    return changes.stream().map(Change::release).collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What was there is rendered again where its commit and charts can be had: then what is secret
   * can be compared as well. Otherwise the status branch has it, masked.
   */
  private Map<ReleaseName, ReleaseObjects> before(
      Task task, Set<ReleaseName> changed, List<String> notices) throws PortException {
    Map<ReleaseName, DeployedRelease> deployed = new TreeMap<>(task.plan().inventory().releases());
    deployed.keySet().retainAll(changed);
    Map<ReleaseName, ReleaseObjects> before = new TreeMap<>(again(task, deployed));
    for (Map.Entry<ReleaseName, DeployedRelease> release : deployed.entrySet()) {
      if (!before.containsKey(release.getKey())) {
        String text =
            task.stored()
                .snapshot()
                .read(StatusPaths.of(task.group(), BundleRenderer.manifestsFile(release.getKey())))
                .orElse("");
        before.put(
            release.getKey(), ReleaseObjects.recorded(text, release.getValue().targetNamespace()));
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

  private Map<ReleaseName, ReleaseObjects> again(
      Task task, Map<ReleaseName, DeployedRelease> deployed) {
    Map<ReleaseName, ReleaseObjects> again = new TreeMap<>();
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
                    again.put(
                        name, ReleaseObjects.rendered(output, desired.release(name).settings())));
      }
    } catch (PortException | ChartProblems e) {
      again.clear(); // it is told of each release
    }
    return again;
  }
}
