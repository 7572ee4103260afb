// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One pass over one cluster. */
final class ClusterSync {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final AgentConfig config;
  private final String host;
  private final Sharing sharing;
  private final Console console;
  private final String prefix;

  /**
   * @param host as which this process is known where several agents are
   * @param prefix of each line that is printed
   */
  ClusterSync(AgentConfig config, String host, Sharing sharing, Console console, String prefix) {
    this.config = config;
    this.host = host;
    this.sharing = sharing;
    this.console = console;
    this.prefix = prefix;
  }

  /**
   * Polls once and waits until every group is settled, or the time is up. What may pass is tried
   * again until then. Returns 0 when every group is in sync.
   */
  int run(Duration timeout) {
    Deadline deadline = Deadline.in(timeout);
    try (Wiring wiring =
        Wiring.open(
            config,
            host,
            sharing,
            (group, outcome) -> warn(group + ": " + outcome.describe()),
            Clock.systemUTC())) {
      Reconciling reconciler = wiring.reconciling();
      boolean begun = begin(wiring, deadline);
      boolean settled = begun && reconciler.awaitSettled(deadline.left());
      if (!settled) {
        warn(
            "not everything was released within "
                + GoDuration.format(timeout)
                + "; the next run goes on from here");
      }
      return report(reconciler, settled);
    } catch (PortException e) {
      warn(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Returns whether it polled in time; says why not. */
  private boolean begin(Wiring wiring, Deadline deadline)
      throws PortException, InterruptedException {
    Reconciling reconciler = wiring.reconciling();
    AtomicReference<String> untold = new AtomicReference<>("");
    Retry retry =
        new Retry(
            deadline::sleep,
            line -> {
              untold.set("");
              warn(line);
            });
    boolean begun =
        deadline.cutOff(
            () -> {
              untold.set(silent(ProblemCode.CLUSTER_UNREACHABLE, wiring.cluster().description()));
              if (!leads(wiring, retry, deadline, untold)) {
                return false;
              }
              if (!retry.until(reconciler::start)) {
                return false;
              }
              untold.set(silent(ProblemCode.GIT_UNREACHABLE, config.source().description()));
              return retry.until(reconciler::poll);
            });
    String reason = Objects.requireNonNullElse(untold.get(), "");
    if (!begun && !reason.isEmpty()) {
      warn(reason);
    }
    return begun;
  }

  /** Returns whether all groups are ours; where other agents are, these must have ended. */
  private static boolean leads(
      Wiring wiring, Retry retry, Deadline deadline, AtomicReference<String> untold)
      throws PortException, InterruptedException {
    Optional<Leadership> leadership = wiring.leadership();
    if (leadership.isEmpty()) {
      return true;
    }
    if (!retry.until(leadership.get()::compete)) {
      return false;
    }
    while (leadership.get().held().size() < leadership.get().shards()) {
      untold.set(
          ProblemCode.CLUSTER_CONFLICT.id()
              + ": another agent works for this cluster ("
              + leadership.get().holders()
              + "); end it, or set `highAvailability.enabled` to false where it is not there");
      if (deadline.sleep(LOOK)) {
        return false;
      }
    }
    return true;
  }

  private static String silent(ProblemCode code, String server) {
    return code.id() + ": " + server + " did not do what it was asked in time";
  }

  private int report(Reconciling reconciler, boolean settled) {
    reconciler.problems().forEach(problem -> console.out().println(prefix + problem));
    Map<GroupName, Outcome> outcomes = reconciler.outcomes();
    outcomes.forEach(
        (group, outcome) -> console.out().println(prefix + group + ": " + outcome.describe()));
    boolean released =
        settled
            && reconciler.problems().isEmpty()
            && outcomes.values().stream().allMatch(Outcome.InSync.class::isInstance);
    return released ? 0 : 1;
  }

  private void warn(String line) {
    console.err().println(prefix + line);
  }
}
