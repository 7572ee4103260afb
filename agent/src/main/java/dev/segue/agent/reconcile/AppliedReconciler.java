// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles the ApplicationGroups that others applied to the cluster, beside those of Git or
 * without any: an operator. It polls what is watched as soon as something of it changes.
 */
public final class AppliedReconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AppliedReconciler.class);

  /** Changes that come together are looked at together. */
  private static final long TOGETHER_MILLIS = 50;

  private final GroupObjects objects;
  private final AppliedSource source;
  private final Reconciler reconciler;
  private final Claims claims;
  private final ScheduledExecutorService soon;
  private final AtomicBoolean due = new AtomicBoolean();
  private Map<GroupObject.Ref, String> seen = Map.of();
  private boolean absent;
  private volatile boolean working;

  /**
   * @param remains asked before something is taken over from Orkestra
   * @param memory what is known of the groups; not fenced
   * @param claims what Git has, and what these objects have
   * @param mandate as in {@link Reconciler}
   */
  public AppliedReconciler(
      GroupObjects objects,
      OrkestraRemains remains,
      SharedCluster cluster,
      StatusBranch memory,
      ChartStore charts,
      ReconcilerSettings settings,
      Mandate mandate,
      Claims claims,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    ReconcilerSettings own = settings.ofObjects();
    this.objects = objects;
    this.claims = claims;
    this.source = new AppliedSource(objects, memory);
    Cluster part =
        cluster.part(
            group -> source.of(group).stream().map(each -> each.object().manifest()).toList());
    StatusBranch branch =
        new AppliedBranch(memory, revision -> source.revision(revision).map(AppliedObject::text));
    Passes passes = GitReconciler.passes(source, part, branch, charts, own, mandate, clock);
    this.reconciler =
        new Reconciler(
            source,
            part,
            new AppliedPasses(
                source,
                new FencedGroupObjects(objects, mandate),
                new TakeOver(remains),
                passes,
                claims,
                clock),
            null,
            own,
            mandate,
            listener,
            clock);
    claims.listen(Claims.Side.OBJECTS, reconciler::look);
    this.soon = Executors.newSingleThreadScheduledExecutor(new DaemonThreads("applied-groups"));
  }

  /** Begins to watch the cluster. A cluster that does not know the kind has no such groups yet. */
  public void start() throws ClusterException {
    absent = !objects.watch(this::changed);
    if (absent) {
      LOG.warn("the cluster does not know ApplicationGroups; apply deploy/crds");
    }
    reconciler.start();
  }

  private void changed(GroupObject.Ref object) {
    if (working && due.compareAndSet(false, true)) {
      try {
        var unused = soon.schedule(this::pollSoon, TOGETHER_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("closing: {} is looked at after the next start", object.place());
      }
    }
  }

  private void pollSoon() {
    try {
      poll();
    } catch (RepoException e) {
      LOG.warn("{}: {}", e.code().id(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a bug of Segue; please report it", e);
    }
  }

  /**
   * Looks at what is watched; every group whose object changed is looked at soon, and the others
   * when they are due.
   */
  public synchronized void poll() throws RepoException {
    working = true;
    due.set(false); // what changes from here on is another change
    if (absent) {
      try {
        absent = !objects.watch(this::changed);
      } catch (ClusterException e) {
        throw new RepoException(e.code(), e.retryable(), e.getMessage(), e);
      }
    }
    if (absent) {
      claims.claim(Claims.Side.OBJECTS, Map.of());
      return;
    }
    reconciler.poll();
    changedOtherwise().forEach(reconciler::look);
  }

  /** The groups of whose objects something else than spec and status changed. */
  private List<GroupName> changedOtherwise() {
    Map<GroupObject.Ref, String> now = new HashMap<>();
    List<GroupName> changed = new ArrayList<>();
    for (AppliedObject object : source.all()) {
      GroupObject each = object.object();
      String text =
          each.uid()
              + each.manifest().map("metadata", "annotations")
              + each.deleting()
              + each.finalizers();
      now.put(each.ref(), text);
      if (!text.equals(seen.get(each.ref()))) {
        StatusReader.name(each.name()).ifPresent(changed::add);
      }
    }
    seen = now;
    return changed;
  }

  /** As {@link Reconciler#mandateChanged}. */
  public void mandateChanged() {
    working = false;
    reconciler.mandateChanged();
  }

  /** Where each group stands: see {@link Reconciler#outcomes}. */
  public Map<GroupName, Outcome> outcomes() {
    return reconciler.outcomes();
  }

  /** What is wrong with the objects. */
  public List<Problem> problems() {
    return reconciler.problems();
  }

  /** Whether a poll found nothing left to do; true where the cluster does not know the kind. */
  public synchronized boolean settled() {
    return absent || reconciler.settled();
  }

  /** When the longest of the passes under way began; empty when there is none. */
  public Optional<Instant> busySince() {
    return reconciler.busySince();
  }

  @Override
  public void close() {
    soon.shutdownNow();
    reconciler.close();
  }
}
