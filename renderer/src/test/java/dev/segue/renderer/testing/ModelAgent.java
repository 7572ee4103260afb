// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Goal;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.StatusReport;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The real decisions over a model of the rest: a group's record as the agent keeps it, and a
 * cluster in which a Workflow's steps end as a test says.
 */
public final class ModelAgent {
  private static final GroupName GROUP = GroupName.parse("shop");
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");

  private final Map<ReleaseName, LiveRelease> live = new TreeMap<>();
  private final ModelHelm helm = new ModelHelm();
  private Optional<StatusReport> report = Optional.empty();
  private Inventory inventory = Inventory.empty(GROUP, Products.NAMESPACE);
  private Optional<DesiredGroup> good = Optional.empty();

  /** How a step ends that does not end well. */
  public enum Fault {
    /** The release was given to Flux, and failed there. */
    IN_FLUX,
    /** Nothing was changed. */
    BEFORE_FLUX,
    /** The release was given to Flux, and failed there before Helm did anything. */
    BEFORE_HELM
  }

  /** What is carried out now, and why it is not what the commit wants. */
  public record Aim(Plan plan, @Nullable Held held, boolean stays) {}

  public ModelAgent copy() {
    ModelAgent copy = new ModelAgent();
    copy.live.putAll(live);
    copy.helm.become(helm);
    copy.report = report;
    copy.inventory = inventory;
    copy.good = good;
    return copy;
  }

  /** What the agent sets out to do when a commit wants {@code desired}. */
  public Aim aim(DesiredGroup desired, OnFailure onFailure) {
    Goal goal =
        Goal.of(
            report,
            desired.digest().hex(),
            desired.commit(),
            onFailure,
            good.filter(g -> !g.releases().isEmpty()).map(DesiredGroup::commit),
            Requests.NONE);
    if (goal instanceof Goal.Back back) {
      return new Aim(plan(good.orElseThrow(), Purpose.ROLLBACK), back.held(), false);
    }
    if (goal instanceof Goal.Nothing nothing) {
      return new Aim(plan(nothing(desired), Purpose.ROLLBACK), nothing.held(), false);
    }
    if (goal instanceof Goal.Stay stay) {
      return new Aim(plan(desired, Purpose.RELEASE), stay.held(), true);
    }
    Attempt last = attempt();
    boolean reached =
        last.result() == Attempt.Result.SUCCEEDED && last.digest().equals(desired.digest().hex());
    return new Aim(plan(desired, reached ? Purpose.CORRECT : Purpose.RELEASE), null, false);
  }

  /** What the agent sets out to do when no file declares the group any more. */
  public Aim removal(DesiredGroup last) {
    return new Aim(plan(nothing(last), Purpose.REMOVE), null, false);
  }

  /**
   * Takes one attempt, or none where there is nothing to do or the same failed already.
   *
   * @param faults by task
   * @return whether a Workflow ran
   */
  public boolean pass(Aim aim, Map<String, Fault> faults) {
    Plan plan = aim.plan();
    Attempt last = attempt();
    boolean failedBefore =
        last.failedAt(plan.digest().hex())
            && (last.purpose() == plan.purpose()
                || (last.purpose().isForward() && plan.purpose().isForward()));
    if (aim.stays() || (failedBefore && !plan.isEmpty())) {
      return false;
    }
    Reports reports = new Reports(report, NOW);
    if (plan.isEmpty()) {
      report = Optional.of(reports.done(plan, last.number(), last.workflow(), aim.held()));
      inventory = wanted(plan);
      good = Optional.of(plan.desired());
      return false;
    }
    int number = last.number() + 1;
    String workflow = Names.workflow(GROUP, plan.digest(), number);
    StatusReport planned = reports.planned(plan, number, workflow, aim.held());
    LiveWorkflow ended = run(plan, workflow, faults);
    StatusReport told = new Reports(Optional.of(planned), NOW).observed(planned, ended, live);
    inventory = afterwards(wanted(plan), told);
    report = Optional.of(told);
    if (told.attempt().result() == Attempt.Result.SUCCEEDED) {
      good = Optional.of(plan.desired());
    }
    return true;
  }

  /** Runs the steps as soon as what they wait for allows it, as Argo does. */
  private LiveWorkflow run(Plan plan, String workflow, Map<String, Fault> faults) {
    Map<String, LiveWorkflow.Step> steps = new TreeMap<>();
    Set<String> well = new TreeSet<>();
    Map<String, Step> open = new TreeMap<>();
    plan.steps().forEach(step -> open.put(step.task(), step));
    while (!open.isEmpty()) {
      Step step =
          open.values().stream()
              .filter(s -> s.waits().stream().noneMatch(wait -> open.containsKey(wait.task())))
              .findFirst()
              .orElseThrow(() -> new AssertionError("a cycle among " + open.keySet()));
      open.remove(step.task());
      boolean runs =
          step.waits().stream().allMatch(wait -> wait.soft() || well.contains(wait.task()));
      @Nullable Fault fault = faults.get(step.task());
      boolean succeeds = runs && take(step, workflow, fault);
      String phase = !runs ? "Omitted" : succeeds ? "Succeeded" : "Failed";
      if (succeeds) {
        well.add(step.task());
      }
      steps.put(step.task(), step(phase));
      boolean resets =
          step.phase() == Step.Phase.LAST
              ? step.change() instanceof Change.Apply apply && apply.liveFailed()
              : step.phase() == Step.Phase.YIELD
                  && step.change() instanceof Change.Yield yield
                  && yield.resets();
      if (resets) {
        String reset = fault == Fault.IN_FLUX ? "Succeeded" : phase;
        steps.put(TaskNames.reset(step.change().release()), step(reset));
      }
    }
    boolean succeeded = well.size() == plan.steps().size();
    return Products.workflow(workflow, succeeded ? "Succeeded" : "Failed", "", steps);
  }

  /** Argo gives a step a start also where it leaves it out. */
  private static LiveWorkflow.Step step(String phase) {
    String message = phase.equals("Failed") ? "it failed" : "";
    return new LiveWorkflow.Step(phase, message, NOW.toString(), NOW.toString(), "");
  }

  /** Returns whether the step ends well. */
  private boolean take(Step step, String workflow, @Nullable Fault fault) {
    ReleaseName name = step.change().release();
    boolean last = step.phase() == Step.Phase.LAST;
    if (fault == Fault.BEFORE_FLUX
        || (last && step.change() instanceof Change.Removal && fault != null)) {
      return false;
    }
    if (last && step.change() instanceof Change.Removal) {
      helm.uninstall(name);
      live.remove(name);
      return true;
    }
    Map<String, @Nullable Object> spec = ModelHelm.spec(step);
    if (fault != Fault.BEFORE_HELM) {
      helm.apply(name, spec, fault == null);
    }
    LiveRelease.State state = fault == null ? LiveRelease.State.READY : LiveRelease.State.FAILED;
    live.put(
        name,
        new LiveRelease(
            name,
            "object-" + name,
            digest(step, live.get(name)),
            step.phase().token(workflow),
            state,
            fault == null ? "UpgradeSucceeded" : "UpgradeFailed",
            "",
            String.valueOf(spec.get("version")),
            "",
            helm.deployed(name),
            0,
            spec));
    boolean stored = fault == Fault.IN_FLUX || !helm.knows(name);
    return fault == null || (step.change() instanceof Change.Removal && stored);
  }

  private static String digest(Step step, @Nullable LiveRelease before) {
    return switch (step.phase()) {
      case HOLD, FREE -> before == null ? LiveRelease.HELD : before.whenHeld();
      case ADOPT -> LiveRelease.HELD;
      case YIELD -> LiveRelease.yielded(((Change.Yield) step.change()).desired().remaining());
      case LAST -> ((Change.Apply) step.change()).desired().digest().prefix(Planner.LABEL_DIGITS);
    };
  }

  /** Runs nothing but those steps of a plan, well, whatever they wait for. */
  public void runOnly(Plan plan, Set<String> tasks) {
    plan.steps().stream()
        .filter(step -> tasks.contains(step.task()))
        .forEach(step -> take(step, "only", null));
  }

  private Plan plan(DesiredGroup desired, Purpose purpose) {
    return Planner.plan(desired, purpose, inventory, live, Map.of(), name -> Optional.empty());
  }

  private static DesiredGroup nothing(DesiredGroup of) {
    return DesiredGroup.nothing(GROUP, Products.NAMESPACE, of.group().origin(), of.commit());
  }

  private static Inventory wanted(Plan plan) {
    Inventory wanted = Inventory.empty(GROUP, Products.NAMESPACE);
    for (DesiredRelease release : plan.desired().releases().values()) {
      wanted =
          wanted.with(
              DeployedRelease.of(
                  release,
                  Names.helmRelease(GROUP, release.name()),
                  plan.desired().group().lifecycle().deletion()));
    }
    return wanted;
  }

  /** What the agent records as given to Flux once an attempt has ended. */
  private Inventory afterwards(Inventory planned, StatusReport told) {
    Inventory given = inventory;
    for (ReleaseStatus release : told.releases()) {
      Optional<DeployedRelease> wanted = planned.find(release.name());
      boolean began =
          release.state() == ReleaseStatus.State.RELEASED || !release.startedAt().isEmpty();
      if (release.state().isGone()) {
        given = given.gone(release.name(), planned);
      } else if (wanted.isPresent() && began && release.state() != ReleaseStatus.State.OMITTED) {
        given = given.with(wanted.get());
      }
    }
    return given.settled();
  }

  /** What Helm has done. */
  public ModelHelm helm() {
    return helm;
  }

  public StatusReport report() {
    return report.orElseThrow();
  }

  private Attempt attempt() {
    return report.map(StatusReport::attempt).orElse(Attempt.NONE);
  }

  public Inventory inventory() {
    return inventory;
  }

  public Map<ReleaseName, LiveRelease> live() {
    return live;
  }

  /** Somebody changes what is there. */
  public void putLive(LiveRelease release) {
    live.put(release.release(), release);
  }

  /** Whether the release is live, as wanted, and well. */
  public boolean isReady(DesiredRelease release) {
    LiveRelease now = live.get(release.name());
    return now != null
        && now.state() == LiveRelease.State.READY
        && now.digest().equals(release.digest().prefix(Planner.LABEL_DIGITS));
  }

  /** Whether all that is wanted is live and well, and nothing else is there. */
  public boolean isExactly(DesiredGroup desired) {
    return live.keySet().equals(desired.releases().keySet())
        && desired.releases().values().stream().allMatch(this::isReady);
  }
}
