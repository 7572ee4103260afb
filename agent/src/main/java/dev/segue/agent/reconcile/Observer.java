// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.RequestsFile;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what there is of a group, and tells the end of its attempt when that has come. */
final class Observer {
  private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

  private final Cluster cluster;
  private final StatusStore store;
  private final Clock clock;

  Observer(Cluster cluster, StatusStore store, Clock clock) {
    this.cluster = cluster;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Reads the group.
   *
   * @param namespace where its objects are when nothing of it was released yet
   */
  Seen see(GroupName group, Namespace namespace) throws PortException {
    List<Manifest> objects = cluster.observe(group);
    Map<ReleaseName, LiveRelease> live = Planner.live(objects);
    Optional<Manifest> running = Attempts.running(objects);
    Stored stored = store.read(group, namespace);
    Optional<LiveWorkflow> ended = Attempts.untold(stored, objects);
    if (running.isPresent() || ended.isEmpty()) {
      return seen(objects, live, stored, running, "", false);
    }
    StatusReport last = stored.report().orElseThrow();
    StatusReport report =
        new Reports(stored.report(), clock.instant()).observed(last, ended.get(), live);
    if (Attempts.lags(report, ended.get(), live, clock.instant())) {
      return seen(objects, live, stored, running, ended.get().name(), false);
    }
    collectAfterRemoval(stored, report);
    tellEnd(stored, report, ended.get());
    boolean succeeded = report.attempt().result() == Attempt.Result.SUCCEEDED;
    return seen(objects, live, store.read(group, namespace), running, "", succeeded);
  }

  static Seen seen(
      List<Manifest> objects,
      Map<ReleaseName, LiveRelease> live,
      Stored stored,
      Optional<Manifest> running,
      String lagging,
      boolean succeeded) {
    return new Seen(objects, live, stored, annotated(objects), running, lagging, succeeded);
  }

  /** What people ask for by annotation. */
  private static Requests annotated(List<Manifest> objects) {
    return objects.stream()
        .filter(object -> List.of("ConfigMap", "ApplicationGroup").contains(object.kind()))
        .map(RequestsFile::ofAnnotations)
        .reduce(Requests.NONE, Requests::or);
  }

  /**
   * Once it is told that a group was removed nobody looks at it any more: what its releases read
   * goes before. Nothing does where a release was left to itself.
   */
  private void collectAfterRemoval(Stored stored, StatusReport report) throws PortException {
    boolean left = report.releases().stream().anyMatch(r -> r.state() == State.ORPHANED);
    if (report.phase() == StatusReport.Phase.REMOVED && !left) {
      cluster.collect(report.group(), stored.inventory().namespace().value(), List.of());
    }
  }

  private void tellEnd(Stored stored, StatusReport report, LiveWorkflow workflow)
      throws RepoException {
    Inventory now = Attempts.afterwards(stored, report);
    SortedMap<RepoPath, String> files = StatusStore.inventories(now, stored.planned());
    Attempt attempt = report.attempt();
    if (attempt.result() == Attempt.Result.SUCCEEDED) {
      files.putAll(StatusStore.good(new LastGood(CommitId.parse(attempt.commit()), now)));
    }
    Optional<AttemptRecord> begun =
        PastAttempts.one(stored.snapshot(), report.group(), attempt.number());
    if (begun.isPresent()) {
      files.put(
          HistoryFile.path(attempt.number()),
          HistoryFile.write(
              begun.get().ended(report, workflow.startedAt(), workflow.finishedAt())));
    }
    String end = report.phase().text().toLowerCase(Locale.ROOT);
    store.update(report, files, "attempt " + attempt.number() + " " + end);
    LOG.info(
        "{}: attempt {} {}: {}", report.group(), attempt.number(), end, report.ready().message());
  }
}
