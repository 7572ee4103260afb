// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.Aims.Aim;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PlanRun.Task;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.DriftPolicy;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.render.UnreadableManifests;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Durations;
import dev.segue.renderer.status.Gate;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what the agent would do about a commit. It decides with the agent's own parts, and nothing
 * is done: no status branch is written, no cluster changed.
 */
public final class Preview {
  /** The status branch of a site at which nothing was ever released. */
  public static final Snapshot NOTHING = new MemorySnapshot(new TreeMap<>());

  private static final int THREADS = Math.min(Runtime.getRuntime().availableProcessors(), 8);

  private final SourceRepo source;
  private final ReconcilerSettings settings;
  private final Clock clock;
  private final GroupCharts charts;
  private final Aims aims;
  private final BeforeAfter renders;
  private final StatusReader reader = new StatusReader();

  /**
   * @param settings whose version of Kubernetes is set
   */
  public Preview(SourceRepo source, ChartStore charts, ReconcilerSettings settings, Clock clock) {
    this.source = source;
    this.settings = settings;
    this.clock = clock;
    this.charts =
        new GroupCharts(
            charts,
            source,
            ReleaseSite.nowhere(settings.kubeVersion()),
            settings.render().tenancy());
    EarlierGroups earlier = new EarlierGroups(source, settings.paths());
    this.aims = new Aims(source, this.charts, earlier, settings.render());
    this.renders = new BeforeAfter(this.charts, earlier);
  }

  /**
   * What would be done.
   *
   * @param groups by name
   * @param known every group that is declared or was released, asked for or not
   * @param problems of files that declare none of these groups, sorted
   */
  public record Result(
      List<GroupPreview> groups, SortedSet<GroupName> known, List<Problem> problems) {}

  /**
   * Starts from what the status branch of a site says.
   *
   * @param which the groups that are asked for
   */
  public Result fromRecord(RepoTree to, Snapshot status, Predicate<GroupName> which)
      throws PortException {
    return of(to, new RecordedWorld(status, reader), which);
  }

  /**
   * Starts from what there is in a cluster, and asks it whether it would take what would be
   * applied.
   *
   * @param cluster watched already
   * @param server of that cluster
   */
  public Result fromCluster(
      RepoTree to, Snapshot status, Cluster cluster, DryRun server, Predicate<GroupName> which)
      throws PortException {
    return of(to, new LiveWorld(status, reader, cluster, server), which);
  }

  /**
   * A site at which everything that a commit declares was released, and nothing before it.
   *
   * @param status what its status branch would say
   * @param problems why some of it is not there; sorted
   */
  public record Released(Snapshot status, List<Problem> problems) {}

  /** Returns the site at which {@code commit} was released. Fails when a chart is not reached. */
  public Released releasedAt(RepoTree commit) throws PortException {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    Reading reading = Declarations.read(commit, settings.paths());
    Set<Problem> problems = new TreeSet<>(reading.problems());
    for (ApplicationGroup group : reading.valid()) {
      try {
        released(group, commit.commit())
            .forEach((path, text) -> files.put(StatusPaths.of(group.name(), path), text));
      } catch (ChartProblems e) {
        if (e.retryable()) {
          Problem first = e.problems().get(0);
          throw new ChartException(first.code(), true, first.message(), e);
        }
        problems.addAll(e.problems());
      }
    }
    return new Released(new MemorySnapshot(files), List.copyOf(problems));
  }

  private SortedMap<RepoPath, String> released(ApplicationGroup group, CommitId commit)
      throws PortException, ChartProblems {
    Inventory nothing = Inventory.empty(group.name(), settings.render().namespaceOf(group));
    DesiredGroup desired = charts.resolve(group, commit, nothing);
    Plan plan = Planner.plan(desired, nothing, Map.of(), release -> Optional.empty());
    RenderedBundle bundle = BundleRenderer.render(plan, 1, settings.render(), Map.of());
    Inventory inventory = Attempts.wanted(plan);
    StatusReport report =
        new Reports(Optional.empty(), clock.instant()).done(plan, 1, bundle.workflowName(), null);
    SortedMap<RepoPath, String> files = new TreeMap<>(bundle.files());
    files.putAll(StatusStore.inventories(inventory, inventory));
    files.putAll(StatusStore.good(new LastGood(commit, inventory)));
    files.put(StatusPaths.STATUS, StatusFile.write(report));
    return files;
  }

  private Result of(RepoTree to, World world, Predicate<GroupName> which) throws PortException {
    Declared declared = Declared.read(to, source, reader.known(world.status()), settings);
    SortedMap<GroupName, Callable<GroupPreview>> groups = new TreeMap<>();
    Set<Problem> others = new TreeSet<>(declared.problems());
    declared
        .groups()
        .forEach(
            (name, parsed) -> {
              if (parsed instanceof Parsed.Invalid invalid) {
                invalid.problems().forEach(others::remove);
                groups.put(name, () -> view(name, to.commit(), invalid.problems()));
              } else if (parsed instanceof Parsed.Valid valid) {
                groups.put(
                    name,
                    () -> forecast(valid.group(), to.commit(), world, declared.holders(name)));
              }
            });
    declared
        .undeclared()
        .forEach(
            (name, caution) -> groups.put(name, () -> removal(name, to.commit(), world, caution)));
    SortedSet<GroupName> known = new TreeSet<>(groups.keySet());
    groups.keySet().removeIf(group -> !which.test(group));
    return new Result(sideBySide(groups.values()), known, List.copyOf(others));
  }

  /** Groups know nothing of each other, and one that changes waits for Helm's engine. */
  private static List<GroupPreview> sideBySide(Collection<Callable<GroupPreview>> groups)
      throws PortException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<GroupPreview>> begun = groups.stream().map(threads::submit).toList();
      List<GroupPreview> made = new ArrayList<>();
      for (Future<GroupPreview> group : begun) {
        made.add(group.get());
      }
      return made;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the plan was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PortException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private GroupPreview forecast(
      ApplicationGroup group, CommitId commit, World world, Set<GroupName> holders)
      throws PortException {
    Namespace namespace = settings.render().namespaceOf(group);
    Set<ReleaseName> whole =
        group.applications().stream()
            .filter(application -> !application.subcharts().isEmpty())
            .map(Application::name)
            .collect(Collectors.toSet());
    Seen seen = world.see(group.name(), namespace, whole);
    List<Problem> unsupported =
        Unsupported.of(
            group, namespace, seen.stored().inventory(), world::reaches, settings.render());
    List<Problem> refused =
        unsupported.isEmpty() ? TenantCheck.declared(group, settings.render()) : unsupported;
    if (!refused.isEmpty()) {
      return view(group.name(), commit, refused);
    }
    try {
      Aim aim = aims.of(group, commit, namespace, seen);
      List<String> notices = new ArrayList<>(world.notices(seen));
      if (aim.held() != null) {
        notices.add(held(aim.held(), aim));
      }
      Lifecycle lifecycle = group.lifecycle();
      Plan plan = aims.plan(aim, lifecycle.drift(), seen);
      if (aim.stays()) {
        return view(group.name(), commit, seen, notices);
      }
      if (plan.purpose() == Purpose.CORRECT && lifecycle.drift() != DriftPolicy.CORRECT) {
        if (!plan.isEmpty() && lifecycle.drift() == DriftPolicy.REPORT) {
          notices.add("drift is reported and not mended (`spec.drift`)");
        }
        return view(group.name(), commit, seen, notices);
      }
      return forecast(new Task(plan, seen, aim.held(), lifecycle, "", holders), world, notices);
    } catch (ChartProblems e) {
      return view(group.name(), commit, e.problems());
    }
  }

  private static String held(Held held, Aim aim) {
    String commit = held.commit().substring(0, Math.min(12, held.commit().length()));
    String now =
        aim.stays()
            ? "nothing is done before Git moves on or `segue retry`"
            : "the group goes back to " + aim.target().commit().shortHex();
    return "what commit " + commit + " wants is held (" + held.reason() + "); " + now;
  }

  /** A group of which no plan can be made. */
  private GroupPreview view(GroupName group, CommitId commit, List<Problem> problems) {
    return view(group, null, commit, null, "", List.of(), problems, new TreeMap<>(), Map.of());
  }

  /** A group to which nothing is done whatever it is to be. */
  private GroupPreview view(GroupName group, CommitId commit, Seen seen, List<String> notices) {
    return view(group, from(seen), commit, null, "", notices, List.of(), new TreeMap<>(), Map.of());
  }

  private GroupPreview view(
      GroupName group,
      @Nullable CommitId from,
      CommitId to,
      @Nullable Plan plan,
      String gate,
      List<String> notices,
      List<Problem> problems,
      SortedMap<ReleaseName, ReleaseDiff> diffs,
      Map<ReleaseName, Duration> durations) {
    String site = settings.clusterName();
    return new GroupPreview(group, site, from, to, plan, gate, notices, problems, diffs, durations);
  }

  private static @Nullable CommitId from(Seen seen) {
    return seen.stored().good().map(LastGood::commit).orElse(null);
  }

  private GroupPreview removal(GroupName group, CommitId commit, World world, String caution)
      throws PortException {
    Seen seen = world.see(group, settings.render().namespace(), Set.of());
    StatusReport last = seen.stored().report().orElseThrow(); // otherwise nobody knew of it
    Task task = Removal.task(source, group, commit, seen, last, caution);
    try {
      return forecast(task, world, world.notices(seen));
    } catch (ChartProblems e) {
      throw new IllegalStateException("a removal needs no charts: " + e.getMessage(), e);
    }
  }

  private GroupPreview forecast(Task task, World world, List<String> told)
      throws PortException, ChartProblems {
    Plan plan = task.plan();
    List<String> notices = new ArrayList<>(told);
    SortedMap<ReleaseName, ReleaseDiff> diffs = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    if (!plan.isEmpty()) {
      Map<ReleaseName, HelmOutput> after = renders.after(plan);
      int attempt = Attempts.number(plan, task.stored(), task.seen().objects());
      RenderedBundle bundle = BundleRenderer.render(plan, attempt, settings.render(), after);
      List<String> ofComparison = new ArrayList<>();
      diffs.putAll(renders.diffs(task, after, ofComparison));
      notices.addAll(notices(plan, after, diffs));
      notices.addAll(ofComparison);
      Admission.Said said = world.admit(plan, bundle, after, diffs);
      problems.addAll(bundle.problems());
      problems.addAll(UnreadableManifests.of(plan, after));
      problems.addAll(TenantCheck.released(plan.desired(), after, settings.render(), world::scope));
      problems.addAll(said.problems());
      notices.addAll(said.notices());
    }
    return view(
        task.group(),
        from(task.seen()),
        plan.desired().commit(),
        plan,
        plan.isEmpty() ? "" : gate(task),
        notices,
        problems,
        diffs,
        durations(task));
  }

  /** What people should know of the charts, but for what is told beside the objects. */
  private static List<String> notices(
      Plan plan, Map<ReleaseName, HelmOutput> outputs, SortedMap<ReleaseName, ReleaseDiff> diffs) {
    Set<String> told = new HashSet<>();
    diffs.forEach((name, diff) -> diff.notices().forEach(notice -> told.add(name + ": " + notice)));
    return GroupCharts.notices(plan, outputs).stream()
        .filter(notice -> !told.contains(notice))
        .toList();
  }

  /** How long what is to be done usually takes, as far as it is known. */
  private static Map<ReleaseName, Duration> durations(Task task) throws RepoException {
    Map<ReleaseName, Duration> known = new TreeMap<>();
    if (!task.plan().isEmpty()) {
      Durations past = PastAttempts.durations(task.stored().snapshot(), task.group());
      for (Change change : task.plan().changes()) {
        past.of(change.release(), change.action())
            .ifPresent(usual -> known.put(change.release(), usual));
      }
    }
    return known;
  }

  /** What it waits for; "" for nothing. */
  private String gate(Task task) throws RepoException {
    Plan plan = task.plan();
    int last = task.stored().attempt().number();
    if (Attempts.failedAt(plan, task.stored()) && !task.seen().requests().retries(last)) {
      return "attempt " + last + " failed at the same; `segue retry` has it tried again";
    }
    Optional<String> elsewhere = Elsewhere.of(plan, task.holders(), task.stored().snapshot());
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    return PlanRun.gate(task, clock.instant()) instanceof Gate.Closed closed
        ? closed.message()
        : "";
  }
}
