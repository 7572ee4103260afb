// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.StatusStore.Stored;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one group a step further. It remembers nothing: every pass begins with what the commit,
 * the status branch and the cluster say, names the state and takes one step, so that a pass may be
 * cut off anywhere and the next goes on.
 */
final class GroupReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(GroupReconciler.class);

  /** How long what is watched may lag behind a Workflow that ended. */
  private static final Duration LAG = Duration.ofSeconds(30);

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

  /** A file that declares the group is wrong: says so, and leaves what is released as it is. */
  Outcome invalid(GroupName group, Origin origin, CommitId commit, List<Problem> problems)
      throws PortException {
    Stored stored = store.read(group, settings.namespace());
    return invalid(stored, group, origin, commit, "Invalid", problems);
  }

  private Outcome invalid(
      Stored stored,
      GroupName group,
      Origin origin,
      CommitId commit,
      String reason,
      List<Problem> problems)
      throws RepoException {
    StatusReport report =
        new Reports(stored.report(), clock.instant())
            .invalid(group, origin, commit, reason, problems);
    if (!stored.report().equals(Optional.of(report))) {
      store.update(report, new TreeMap<>(), "invalid at " + commit.shortHex());
    }
    return new Outcome.Stalled(problems);
  }

  /** Takes the group's next step. */
  Outcome reconcile(ApplicationGroup group, CommitId commit) throws PortException {
    List<Manifest> objects = cluster.observe(group.name());
    Optional<LiveWorkflow> running =
        workflows(objects).filter(workflow -> !workflow.ended()).findFirst();
    if (running.isPresent()) {
      return new Outcome.Progressing(running.get().name());
    }
    Stored stored = store.read(group.name(), namespace(group));
    Optional<LiveWorkflow> ended = endedAttempt(stored, objects);
    return ended.isPresent()
        ? conclude(stored, ended.get(), objects, group, commit)
        : planAndBegin(group, commit, stored, objects, false);
  }

  private Namespace namespace(ApplicationGroup group) {
    return group.namespace() == null ? settings.namespace() : group.namespace();
  }

  /** The Workflow of the attempt whose end is not yet told. */
  private static Optional<LiveWorkflow> endedAttempt(Stored stored, List<Manifest> objects) {
    return stored
        .report()
        .filter(report -> report.phase() == Phase.PLANNED)
        .flatMap(
            report ->
                workflows(objects).filter(w -> w.name().equals(report.workflow())).findFirst());
  }

  private static Stream<LiveWorkflow> workflows(List<Manifest> objects) {
    return objects.stream()
        .filter(object -> object.kind().equals("Workflow"))
        .map(LiveWorkflow::of);
  }

  private Outcome conclude(
      Stored stored,
      LiveWorkflow workflow,
      List<Manifest> objects,
      ApplicationGroup group,
      CommitId commit)
      throws PortException {
    StatusReport planned = stored.report().orElseThrow();
    Map<ReleaseName, LiveRelease> live = Planner.live(objects);
    StatusReport report =
        new Reports(stored.report(), clock.instant()).observed(planned, workflow, live);
    if (lags(report, workflow, live)) {
      return new Outcome.Progressing(workflow.name());
    }
    Inventory inventory = afterwards(stored, report);
    SortedMap<RepoPath, String> files = StatusStore.inventories(inventory, stored.planned());
    store.update(report, files, "attempt " + report.attempt() + " " + word(report.phase()));
    LOG.info(
        "{}: attempt {} {}: {}",
        report.group(),
        report.attempt(),
        word(report.phase()),
        report.ready().message());
    return report.phase() == Phase.FAILED
        ? new Outcome.Held(report.ready().message())
        : planAndBegin(group, commit, store.read(group.name(), namespace(group)), objects, true);
  }

  private static String word(Phase phase) {
    return phase.text().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Whether the Workflow's end is seen already and that of a release that it applied is not: the
   * two are watched apart.
   */
  private boolean lags(
      StatusReport report, LiveWorkflow workflow, Map<ReleaseName, LiveRelease> live) {
    boolean behind =
        report.releases().stream()
            .filter(release -> !release.task().isEmpty() && release.state() == State.RELEASED)
            .map(release -> Optional.ofNullable(live.get(release.name())))
            .anyMatch(
                release -> release.isEmpty() || !release.get().token().equals(workflow.name()));
    return behind && clock.instant().isBefore(time(workflow.finishedAt()).plus(LAG));
  }

  private static Instant time(String rfc3339) {
    try {
      return Instant.parse(rfc3339);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /**
   * What Flux was given: everything whose step began, and of what was removed everything whose step
   * did not end well.
   */
  private static Inventory afterwards(Stored stored, StatusReport report) {
    Map<ReleaseName, DeployedRelease> releases = new TreeMap<>(stored.inventory().releases());
    for (ReleaseStatus release : report.releases()) {
      Optional<DeployedRelease> given = stored.planned().find(release.name());
      if (release.state() == State.DELETED) {
        releases.remove(release.name());
      } else if (given.isPresent()
          && (release.state() == State.RELEASED || !release.startedAt().isEmpty())
          && release.state() != State.OMITTED) {
        releases.put(release.name(), given.get());
      }
    }
    return new Inventory(stored.inventory().group(), stored.inventory().namespace(), releases);
  }

  /**
   * @param justReleased whether an attempt has just ended well: what it left behind is then
   *     collected
   */
  private Outcome planAndBegin(
      ApplicationGroup group,
      CommitId commit,
      Stored stored,
      List<Manifest> objects,
      boolean justReleased)
      throws PortException {
    List<Problem> unsupported = Resolver.unsupported(group);
    if (!unsupported.isEmpty()) {
      return invalid(stored, group.name(), group.origin(), commit, "Unsupported", unsupported);
    }
    try {
      DesiredGroup desired = charts.resolve(group, commit, stored.inventory());
      Plan plan =
          Planner.plan(
              desired,
              stored.inventory(),
              Planner.live(objects),
              release -> StatusStore.values(stored.snapshot(), group.name(), release));
      if (plan.isEmpty()) {
        return inSync(plan, stored, justReleased);
      }
      Optional<StatusReport> failed =
          stored
              .report()
              .filter(r -> r.phase() == Phase.FAILED && r.digest().equals(plan.digest().hex()));
      return failed.isPresent()
          ? new Outcome.Held(failed.get().ready().message())
          : begin(plan, stored, objects);
    } catch (ChartProblems e) {
      return chartProblems(e, group, commit, stored);
    }
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

  private Outcome inSync(Plan plan, Stored stored, boolean justReleased) throws PortException {
    boolean told =
        stored
            .report()
            .filter(r -> r.phase() == Phase.RELEASED && r.digest().equals(plan.digest().hex()))
            .isPresent();
    if (!told) {
      int attempt = stored.report().map(StatusReport::attempt).orElse(0);
      String workflow = stored.report().map(StatusReport::workflow).orElse("");
      StatusReport report =
          new Reports(stored.report(), clock.instant()).released(plan, attempt, workflow);
      RenderedBundle bundle = BundleRenderer.render(plan, Math.max(1, attempt), settings, Map.of());
      Inventory inventory = wanted(plan);
      store.update(
          report,
          with(bundle.files(), StatusStore.inventories(inventory, inventory)),
          "in sync at " + plan.desired().commit().shortHex());
    }
    if (justReleased) {
      collect(plan);
    }
    return new Outcome.InSync();
  }

  /** What nothing refers to any more goes, once everything is released. */
  private void collect(Plan plan) throws PortException {
    RenderedBundle bundle = BundleRenderer.render(plan, 1, settings, Map.of());
    cluster.collect(
        plan.desired().group().name(),
        plan.inventory().namespace().value(),
        bundle.prerequisites());
  }

  private Outcome begin(Plan plan, Stored stored, List<Manifest> objects)
      throws PortException, ChartProblems {
    GroupName group = plan.desired().group().name();
    int attempt = attempt(plan, stored, objects);
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
    StatusReport report =
        new Reports(stored.report(), clock.instant()).planned(plan, attempt, bundle.workflowName());
    SortedMap<RepoPath, String> files =
        with(bundle.files(), StatusStore.inventories(stored.inventory(), wanted(plan)));
    files.put(RepoPath.parse("plan.md"), Pages.plan(plan, report, notices(plan, outputs)));
    store.replace(report, files, "plan attempt " + attempt);
    LOG.info("{}: {}", group, report.ready().message());
    cluster.apply(bundle.prerequisites());
    if (!cluster.create(bundle.workflow().orElseThrow())) {
      LOG.info("{}: Workflow {} is there already", group, bundle.workflowName());
    }
    return new Outcome.Progressing(bundle.workflowName());
  }

  /**
   * The attempt that was planned and has no Workflow yet goes on; otherwise the next number that no
   * Workflow has had.
   */
  private static int attempt(Plan plan, Stored stored, List<Manifest> objects) {
    Optional<StatusReport> report = stored.report();
    if (report.isPresent()
        && report.get().phase() == Phase.PLANNED
        && report.get().digest().equals(plan.digest().hex())) {
      return report.get().attempt();
    }
    int told = report.map(StatusReport::attempt).orElse(0);
    int seen =
        objects.stream()
            .filter(object -> object.kind().equals("Workflow"))
            .flatMap(object -> object.label(dev.segue.renderer.model.Labels.ATTEMPT).stream())
            .filter(label -> label.matches("[0-9]{1,9}"))
            .mapToInt(Integer::parseInt)
            .max()
            .orElse(0);
    return Math.max(told, seen) + 1;
  }

  private static Inventory wanted(Plan plan) {
    Map<ReleaseName, DeployedRelease> releases = new TreeMap<>();
    GroupName group = plan.desired().group().name();
    plan.desired()
        .releases()
        .forEach(
            (name, r) -> releases.put(name, DeployedRelease.of(r, Names.helmRelease(group, name))));
    return new Inventory(group, plan.inventory().namespace(), releases);
  }

  private static List<String> notices(Plan plan, Map<ReleaseName, HelmOutput> outputs) {
    List<String> notices = new ArrayList<>();
    plan.desired()
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
