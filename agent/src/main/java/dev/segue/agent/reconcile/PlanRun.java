// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static dev.segue.renderer.render.BundleRenderer.WORKFLOW_FILE;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.References;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.render.RequestsObject;
import dev.segue.renderer.render.UnreadableManifests;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Gate;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a plan, or says why it does not begin: one step each time. */
final class PlanRun {
  private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);

  private final Cluster cluster;
  private final StatusStore store;
  private final LastAttempt lastAttempt;
  private final GroupCharts charts;
  private final RenderSettings settings;
  private final UnaryOperator<Gate> gates;
  private final Clock clock;

  /**
   * @param gates what is made of a gate before it is obeyed
   */
  PlanRun(
      Cluster cluster,
      StatusStore store,
      GroupCharts charts,
      RenderSettings settings,
      UnaryOperator<Gate> gates,
      Clock clock) {
    this.cluster = cluster;
    this.store = store;
    this.lastAttempt = new LastAttempt(store, clock);
    this.charts = charts;
    this.settings = settings;
    this.gates = gates;
    this.clock = clock;
  }

  /**
   * A plan and what bears on it.
   *
   * @param held why it is not what the commit wants; null when it is
   * @param caution why somebody must approve it whatever the file says; "" for no reason
   */
  record Task(Plan plan, Seen seen, @Nullable Held held, Lifecycle lifecycle, String caution) {
    Stored stored() {
      return seen.stored();
    }

    GroupName group() {
      return plan.desired().group().name();
    }
  }

  /** What cannot be rendered so that the API server takes it, or must not be released. */
  static final class Unrenderable extends Exception {
    private final String reason;
    private final transient List<Problem> problems;

    private Unrenderable(String reason, List<Problem> problems) {
      super(problems.toString());
      this.reason = reason;
      this.problems = problems;
    }

    /** For the group's status. */
    String reason() {
      return reason;
    }

    List<Problem> problems() {
      return problems;
    }
  }

  /** Takes the plan's next step. */
  Outcome run(Task task) throws PortException, ChartProblems, Unrenderable {
    Plan plan = task.plan();
    if (plan.isEmpty()) {
      return settled(task);
    }
    int last = task.stored().attempt().number();
    if (Attempts.failedAt(plan, task.stored()) && !task.seen().requests().retries(last)) {
      return held(task);
    }
    Optional<LiveRelease> leaving =
        wanted(task).filter(r -> r.state() == LiveRelease.State.DELETING).findFirst();
    if (leaving.isPresent()) { // nothing may begin on top of it, nor can it be given anything
      return new Outcome.Waiting("release " + leaving.get().release() + " is being deleted");
    }
    String digest = plan.approval().hex();
    Requests requests = task.seen().requests(digest);
    Gate gate =
        gates.apply(
            Gate.of(
                task.lifecycle(),
                requests,
                plan.purpose(),
                digest,
                task.caution(),
                clock.instant()));
    return gate instanceof Gate.Closed closed
        ? postpone(task, closed)
        : begin(task, ((Gate.Open) gate).approvedBy());
  }

  private Reports reports(Stored stored) {
    return new Reports(stored.report(), clock.instant());
  }

  /** The same is not tried again. */
  private Outcome held(Task task) throws RepoException {
    DesiredGroup desired = task.plan().desired();
    StatusReport report = lastAttempt.sayAgain(task.stored(), desired.group(), desired.commit());
    return new Outcome.Held(report.ready().message());
  }

  /** Nothing is left to give to Flux. */
  private Outcome settled(Task task) throws PortException {
    Plan plan = task.plan();
    Stored stored = task.stored();
    Attempt last = stored.attempt();
    StatusReport report = reports(stored).done(plan, last.number(), last.workflow(), task.held());
    Inventory inventory = Attempts.wanted(plan);
    if (!told(report, stored) || !stored.inventory().equals(inventory)) {
      Optional<LiveRelease> unready =
          wanted(task).filter(r -> r.state() != LiveRelease.State.READY).findFirst();
      if (unready.isPresent()) {
        return Attempts.failedAt(plan, stored) ? held(task) : waiting(unready.get());
      }
      if (plan.purpose() == Purpose.REMOVE) {
        collect(task); // nobody looks at it any more once that is told
      }
      tellDone(task, report, inventory);
    }
    if (task.seen().succeeded()) {
      collect(task);
    }
    return switch (plan.purpose()) {
      case RELEASE, CORRECT -> new Outcome.InSync();
      case ROLLBACK -> new Outcome.Held(report.ready().message());
      case REMOVE -> new Outcome.Removed();
    };
  }

  /** What is live of what is wanted. */
  private static Stream<LiveRelease> wanted(Task task) {
    return task.seen().live().values().stream()
        .filter(release -> task.plan().desired().releases().containsKey(release.release()));
  }

  private static boolean told(StatusReport report, Stored stored) {
    return stored
        .report()
        .filter(r -> r.phase() == report.phase() && r.digest().equals(report.digest()))
        .filter(r -> r.ready().reason().equals(report.ready().reason()))
        .isPresent();
  }

  private static Outcome waiting(LiveRelease release) {
    String reason = release.reason().isEmpty() ? "" : " (" + release.reason() + ")";
    return new Outcome.Waiting("Flux has not finished with release " + release.release() + reason);
  }

  private void tellDone(Task task, StatusReport report, Inventory inventory) throws RepoException {
    Plan plan = task.plan();
    int attempt = Math.max(1, report.attempt().number());
    RenderedBundle bundle = BundleRenderer.render(plan, attempt, settings, Map.of());
    SortedMap<RepoPath, String> files = StatusStore.inventories(inventory, inventory);
    files.putAll(bundle.files());
    files.putAll(StatusStore.good(new LastGood(plan.desired().commit(), inventory)));
    store.update(report, files, "in sync at " + plan.desired().commit().shortHex());
  }

  /**
   * What nothing refers to any more goes, once everything is released. Nothing does while a release
   * that was left to itself lives on what is there.
   */
  private void collect(Task task) throws PortException {
    Set<ReleaseName> wanted = task.plan().desired().releases().keySet();
    if (!wanted.containsAll(task.seen().live().keySet())) {
      return;
    }
    List<Manifest> kept = new ArrayList<>(BundleRenderer.prerequisites(task.plan(), settings));
    task.seen().objects().stream()
        .filter(object -> object.kind().equals("HelmRelease"))
        .forEach(release -> kept.addAll(References.of(release)));
    cluster.collect(task.group(), task.plan().inventory().namespace().value(), kept);
  }

  /** The plan is there for everybody to see, and does not begin. */
  private Outcome postpone(Task task, Gate.Closed gate) throws PortException {
    Plan plan = task.plan();
    Stored stored = task.stored();
    StatusReport report =
        reports(stored)
            .waiting(
                task.group(),
                Reports.file(plan.desired().group().origin()),
                plan.desired().commit(),
                gate.reason(),
                gate.message());
    boolean said =
        stored.report().filter(report::saysTheSame).isPresent()
            && StatusReader.next(stored.snapshot(), task.group())
                .filter(next -> next.plan().equals(plan.approval().hex()))
                .isPresent();
    if (!said) {
      int attempt = Attempts.number(plan, stored, task.seen().objects());
      RenderedBundle bundle = BundleRenderer.render(plan, attempt, settings, Map.of());
      StatusReport planned =
          reports(stored).planned(plan, attempt, bundle.workflowName(), task.held());
      SortedMap<RepoPath, String> files = new TreeMap<>();
      files.put(WORKFLOW_FILE, Objects.requireNonNull(bundle.files().get(WORKFLOW_FILE)));
      files.put(StatusPaths.PLAN_PAGE, Pages.plan(plan, planned, List.of()));
      files.put(
          StatusPaths.PLAN,
          HistoryFile.write(AttemptRecord.planned(plan, planned, "", clock.instant())));
      store.postpone(report, files, "plan waits: " + gate.reason());
      LOG.info("{}: {}", task.group(), gate.message());
    }
    if (gate.reason().equals(Gate.AWAITING_APPROVAL)) {
      Manifest requests = RequestsObject.of(task.group(), plan.inventory().namespace());
      if (task.seen().objects().stream().noneMatch(o -> o.name().equals(requests.name()))) {
        cluster.apply(List.of(requests));
      }
    }
    return new Outcome.Postponed(gate.reason(), gate.message(), gate.until());
  }

  private Outcome begin(Task task, String approvedBy)
      throws PortException, ChartProblems, Unrenderable {
    Plan plan = task.plan();
    Stored stored = task.stored();
    int attempt = Attempts.number(plan, stored, task.seen().objects());
    Map<ReleaseName, HelmOutput> outputs = outputs(plan);
    List<Problem> refused = TenantCheck.released(plan.desired(), outputs, settings, cluster::scope);
    if (!refused.isEmpty()) {
      throw new Unrenderable(TenantCheck.REASON, refused);
    }
    RenderedBundle bundle = BundleRenderer.render(plan, attempt, settings, outputs);
    if (!bundle.problems().isEmpty()) {
      throw new Unrenderable("WorkflowTemplateGenerationFailed", bundle.problems());
    }
    StatusReport report =
        reports(stored).planned(plan, attempt, bundle.workflowName(), task.held());
    if (stored.report().filter(report::sameAttempt).isEmpty()) {
      SortedMap<RepoPath, String> files = PlanFiles.of(plan, report, bundle, outputs);
      files.put(StatusPaths.INVENTORY, InventoryFile.write(plan.inventory()));
      files.put(
          HistoryFile.path(attempt),
          HistoryFile.write(AttemptRecord.planned(plan, report, approvedBy, clock.instant())));
      store.replace(report, files, "plan attempt " + attempt);
    }
    LOG.info("{}: {}", task.group(), report.ready().message());
    apply(bundle, report);
    return new Outcome.Progressing(bundle.workflowName());
  }

  /** The way back is taken although a chart cannot be rendered for people to read. */
  private Map<ReleaseName, HelmOutput> outputs(Plan plan) throws PortException, ChartProblems {
    try {
      Map<ReleaseName, HelmOutput> outputs = charts.render(plan.desired());
      List<Problem> unreadable = UnreadableManifests.of(plan, outputs);
      if (!unreadable.isEmpty()) {
        throw new ChartProblems(unreadable, false);
      }
      return outputs;
    } catch (ChartProblems e) {
      if (plan.purpose() != Purpose.ROLLBACK) {
        throw e;
      }
      LOG.warn("{}: {}", plan.desired().group().name(), e.problems().get(0));
      return Map.of();
    }
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
          "attempt " + planned.attempt().number() + (refusal.isEmpty() ? " begins" : " refused");
      store.update(report, new TreeMap<>(), subject);
    }
  }
}
