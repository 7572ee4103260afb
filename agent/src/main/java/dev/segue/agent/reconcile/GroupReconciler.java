// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.StatusStore.Stored;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one group a step further. It remembers nothing: every pass begins with what the commit,
 * the status branch and the cluster say, names the state and takes one step, so that a pass may be
 * cut off anywhere and the next goes on.
 */
final class GroupReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(GroupReconciler.class);

  private final Cluster cluster;
  private final StatusStore store;
  private final GroupCharts charts;
  private final RenderSettings settings;
  private final String kubeVersionOverride;
  private final Clock clock;

  /**
   * @param kubeVersionOverride "" to ask the cluster
   */
  GroupReconciler(
      Cluster cluster,
      StatusStore store,
      GroupCharts charts,
      RenderSettings settings,
      String kubeVersionOverride,
      Clock clock) {
    this.cluster = cluster;
    this.store = store;
    this.charts = charts;
    this.settings = settings;
    this.kubeVersionOverride = kubeVersionOverride;
    this.clock = clock;
  }

  /**
   * What was read of a group, after the end of its attempt was told.
   *
   * @param lagging the Workflow that ended while what it released is not seen yet; "" for none
   * @param released whether an attempt has just ended well: what it left behind is then collected
   */
  private record Seen(
      List<Manifest> objects,
      Map<ReleaseName, LiveRelease> live,
      Stored stored,
      String lagging,
      boolean released) {}

  /** A file that declares the group is wrong: says so, and leaves what is released as it is. */
  Outcome invalid(GroupName group, Origin origin, CommitId commit, List<Problem> problems)
      throws PortException {
    Seen seen = see(group, settings.namespace(), cluster.observe(group));
    return invalid(seen.stored(), group, origin, commit, "Invalid", problems);
  }

  private Outcome invalid(
      Stored stored,
      GroupName group,
      Origin origin,
      CommitId commit,
      String reason,
      List<Problem> problems)
      throws RepoException {
    StatusReport report = reports(stored).invalid(group, origin, commit, reason, problems);
    if (!stored.report().equals(Optional.of(report))) {
      store.update(report, new TreeMap<>(), "invalid at " + commit.shortHex());
    }
    return new Outcome.Stalled(problems);
  }

  /** No file declares the group any more: says so once, and leaves what is released as it is. */
  void undeclared(GroupName group, CommitId commit) throws PortException {
    Seen seen = see(group, settings.namespace(), cluster.observe(group));
    Optional<StatusReport> last = seen.stored().report();
    if (last.isPresent() && last.get().phase() != Phase.UNDECLARED) {
      StatusReport report = reports(seen.stored()).undeclared(last.get(), commit);
      LOG.warn("{}: {}", group, report.ready().message());
      store.update(report, new TreeMap<>(), "undeclared at " + commit.shortHex());
    }
  }

  /** Takes the group's next step. */
  Outcome reconcile(ApplicationGroup group, CommitId commit) throws PortException {
    List<Manifest> objects = cluster.observe(group.name());
    Optional<LiveWorkflow> running = Attempts.running(objects);
    if (running.isPresent()) {
      resume(running.get(), group, commit);
      return new Outcome.Progressing(running.get().name());
    }
    Seen seen = see(group.name(), namespace(group), objects);
    return seen.lagging().isEmpty()
        ? planAndBegin(group, commit, seen)
        : new Outcome.Progressing(seen.lagging());
  }

  private Namespace namespace(ApplicationGroup group) {
    return group.namespace() == null ? settings.namespace() : group.namespace();
  }

  private Reports reports(Stored stored) {
    return new Reports(stored.report(), clock.instant());
  }

  /** The file was wrong or gone while the Workflow ran, and is well again. */
  private void resume(LiveWorkflow running, ApplicationGroup group, CommitId commit)
      throws RepoException {
    Optional<StatusReport> report = store.report(group.name());
    if (report.isPresent()
        && report.get().phase() != Phase.PLANNED
        && report.get().attempted() == Phase.PLANNED
        && report.get().workflow().equals(running.name())) {
      StatusReport resumed =
          new Reports(report, clock.instant()).resumed(report.get(), group, commit);
      store.update(resumed, new TreeMap<>(), "attempt " + resumed.attempt() + " is under way");
    }
  }

  /** Reads what is stored, once the end of the attempt, where it came, is told there. */
  private Seen see(GroupName group, Namespace namespace, List<Manifest> objects)
      throws PortException {
    Map<ReleaseName, LiveRelease> live = Planner.live(objects);
    Stored stored = store.read(group, namespace);
    Optional<Manifest> ended = Attempts.untold(stored, objects);
    if (ended.isEmpty()) {
      return new Seen(objects, live, stored, "", false);
    }
    LiveWorkflow workflow = LiveWorkflow.of(ended.get());
    StatusReport last = stored.report().orElseThrow();
    String commit = ended.get().annotation(Labels.COMMIT).orElse(last.commit());
    StatusReport report = reports(stored).observed(last, commit, workflow, live);
    if (Attempts.lags(report, workflow, live, clock.instant())) {
      return new Seen(objects, live, stored, workflow.name(), false);
    }
    SortedMap<RepoPath, String> files =
        StatusStore.inventories(Attempts.afterwards(stored, report), stored.planned());
    String end = report.phase().text().toLowerCase(Locale.ROOT);
    store.update(report, files, "attempt " + report.attempt() + " " + end);
    LOG.info("{}: attempt {} {}: {}", group, report.attempt(), end, report.ready().message());
    boolean released = report.phase() == Phase.RELEASED;
    return new Seen(objects, live, store.read(group, namespace), "", released);
  }

  private Outcome planAndBegin(ApplicationGroup group, CommitId commit, Seen seen)
      throws PortException {
    Stored stored = seen.stored();
    List<Problem> unsupported = unsupported(group, stored.inventory());
    if (!unsupported.isEmpty()) {
      return invalid(stored, group.name(), group.origin(), commit, "Unsupported", unsupported);
    }
    try {
      Inventory given = Attempts.given(stored, seen.live());
      DesiredGroup desired = charts.resolve(group, commit, given);
      Plan plan =
          Planner.plan(
              desired,
              given,
              seen.live(),
              release -> StatusStore.values(stored.snapshot(), group.name(), release));
      if (plan.isEmpty()) {
        return inSync(plan, seen);
      }
      return Attempts.failedAt(plan, stored) ? held(plan, stored) : begin(plan, seen);
    } catch (ChartProblems e) {
      return chartProblems(e, group, commit, stored);
    }
  }

  private List<Problem> unsupported(ApplicationGroup group, Inventory inventory) {
    List<Problem> problems = new ArrayList<>(Resolver.unsupported(group));
    if (!cluster.reaches(namespace(group))) {
      problems.add(
          Problem.at(
              group.origin(),
              ProblemCode.NOT_SUPPORTED_YET,
              "metadata.namespace",
              "must be one that this agent watches, such as \""
                  + settings.namespace()
                  + "\"; got \""
                  + namespace(group)
                  + "\"",
              "Leave it out: the agent's `cluster.namespace` then holds the group's objects."));
    } else if (!inventory.namespace().equals(namespace(group))) {
      problems.add(
          Problem.at(
              group.origin(),
              ProblemCode.NOT_SUPPORTED_YET,
              "metadata.namespace",
              "must stay \""
                  + inventory.namespace()
                  + "\", where the group's releases are; got \""
                  + namespace(group)
                  + "\"",
              "Set it back: this version moves no release to another namespace."));
    }
    return problems.stream().sorted().toList();
  }

  private Outcome chartProblems(
      ChartProblems e, ApplicationGroup group, CommitId commit, Stored stored)
      throws RepoException {
    boolean releasedHere =
        stored
            .report()
            .filter(r -> r.phase() == Phase.RELEASED && r.commit().equals(commit.hex()))
            .isPresent();
    Problem first = e.problems().get(0);
    if (!releasedHere) {
      invalid(stored, group.name(), group.origin(), commit, "ChartPullFailed", e.problems());
    }
    return e.retryable()
        ? new Outcome.Failed(first.code(), first.message(), true)
        : new Outcome.Stalled(e.problems());
  }

  /** The same is not tried again; the status says so again where it said something else since. */
  private Outcome held(Plan plan, Stored stored) throws RepoException {
    StatusReport report = stored.report().orElseThrow();
    if (report.phase() != Phase.FAILED) {
      DesiredGroup desired = plan.desired();
      report = reports(stored).resumed(report, desired.group(), desired.commit());
      store.update(report, new TreeMap<>(), "attempt " + report.attempt() + " failed");
    }
    return new Outcome.Held(report.ready().message());
  }

  /** Nothing is left to give to Flux. */
  private Outcome inSync(Plan plan, Seen seen) throws PortException {
    Stored stored = seen.stored();
    boolean told =
        stored
            .report()
            .filter(r -> r.phase() == Phase.RELEASED && r.digest().equals(plan.digest().hex()))
            .isPresent();
    if (!told) {
      Optional<LiveRelease> unready =
          seen.live().values().stream()
              .filter(r -> r.state() != LiveRelease.State.READY)
              .findFirst();
      if (unready.isPresent()) {
        return Attempts.failedAt(plan, stored) ? held(plan, stored) : waiting(unready.get());
      }
      tellInSync(plan, stored);
    }
    if (seen.released()) {
      collect(plan);
    }
    return new Outcome.InSync();
  }

  private static Outcome waiting(LiveRelease release) {
    String reason = release.reason().isEmpty() ? "" : " (" + release.reason() + ")";
    return new Outcome.Waiting("Flux has not finished with release " + release.release() + reason);
  }

  private void tellInSync(Plan plan, Stored stored) throws RepoException {
    int attempt = stored.report().map(StatusReport::attempt).orElse(0);
    String workflow = stored.report().map(StatusReport::workflow).orElse("");
    StatusReport report = reports(stored).released(plan, attempt, workflow);
    RenderedBundle bundle = BundleRenderer.render(plan, Math.max(1, attempt), settings, Map.of());
    Inventory inventory = Attempts.wanted(plan);
    store.update(
        report,
        with(bundle.files(), StatusStore.inventories(inventory, inventory)),
        "in sync at " + plan.desired().commit().shortHex());
  }

  /** What nothing refers to any more goes, once everything is released. */
  private void collect(Plan plan) throws PortException {
    cluster.collect(
        plan.desired().group().name(),
        plan.inventory().namespace().value(),
        BundleRenderer.prerequisites(plan, settings));
  }

  private Outcome begin(Plan plan, Seen seen) throws PortException, ChartProblems {
    Stored stored = seen.stored();
    GroupName group = plan.desired().group().name();
    int attempt = Attempts.number(plan, stored, seen.objects());
    Map<ReleaseName, HelmOutput> outputs = charts.render(plan.desired(), kubeVersion());
    RenderedBundle bundle = BundleRenderer.render(plan, attempt, settings, outputs);
    if (!bundle.problems().isEmpty()) {
      return invalid(
          stored,
          group,
          plan.desired().group().origin(),
          plan.desired().commit(),
          "WorkflowTemplateGenerationFailed",
          bundle.problems());
    }
    StatusReport report = reports(stored).planned(plan, attempt, bundle.workflowName());
    if (stored.report().filter(report::sameAttempt).isEmpty()) {
      SortedMap<RepoPath, String> files =
          with(bundle.files(), StatusStore.inventories(plan.inventory(), Attempts.wanted(plan)));
      files.put(
          RepoPath.parse("plan.md"),
          Pages.plan(plan, report, GroupCharts.notices(plan.desired(), outputs)));
      store.replace(report, files, "plan attempt " + attempt);
    }
    LOG.info("{}: {}", group, report.ready().message());
    apply(bundle, report);
    return new Outcome.Progressing(bundle.workflowName());
  }

  private void apply(RenderedBundle bundle, StatusReport planned) throws PortException {
    try {
      cluster.apply(bundle.prerequisites());
      if (!cluster.create(bundle.workflow().orElseThrow())) {
        LOG.info("{}: Workflow {} is there already", planned.group(), bundle.workflowName());
      }
    } catch (ClusterException e) {
      if (!e.retryable()) {
        tellTaken(planned, e.code().id() + ": " + e.getMessage());
      }
      throw e;
    }
    tellTaken(planned, "");
  }

  /** Says that the cluster took the plan or why it did not, unless the branch says it already. */
  private void tellTaken(StatusReport planned, String refusal) throws RepoException {
    Optional<StatusReport> before = store.report(planned.group());
    Reports reports = new Reports(before, clock.instant());
    StatusReport report = refusal.isEmpty() ? planned : reports.refused(planned, refusal);
    boolean said =
        before.filter(b -> b.ready().message().equals(report.ready().message())).isPresent();
    if (!said) {
      String subject =
          "attempt " + planned.attempt() + (refusal.isEmpty() ? " begins" : " refused");
      store.update(report, new TreeMap<>(), subject);
    }
  }

  private String kubeVersion() throws ClusterException {
    return kubeVersionOverride.isEmpty() ? cluster.kubernetesVersion() : kubeVersionOverride;
  }

  private static SortedMap<RepoPath, String> with(
      SortedMap<RepoPath, String> files, SortedMap<RepoPath, String> more) {
    SortedMap<RepoPath, String> all = new TreeMap<>(files);
    all.putAll(more);
    return all;
  }
}
