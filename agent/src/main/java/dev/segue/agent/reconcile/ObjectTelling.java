// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupObjects.Happening;
import dev.segue.agent.reconcile.GroupObjects.Tone;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.GroupStatus;
import dev.segue.renderer.status.OrkestraStatus;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at an object that others applied what a pass over its group came to. */
final class ObjectTelling {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectTelling.class);

  private final GroupObjects objects;
  private final Clock clock;
  private final Map<GroupObject.Ref, CommitId> reached = new ConcurrentHashMap<>();

  ObjectTelling(GroupObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * Makes the object's status what is known of the spec that was read, and adds an Event where that
   * is new. An object that is gone is told nothing.
   */
  void tell(AppliedObject read, Outcome outcome, Optional<StatusReport> report)
      throws ClusterException {
    GroupObject.Ref ref = read.object().ref();
    Optional<GroupObject> now =
        objects.find(ref).filter(object -> object.uid().equals(read.object().uid()));
    if (now.isEmpty()) {
      reached.remove(ref);
      return;
    }
    if (outcome instanceof Outcome.InSync) {
      reached.put(ref, read.revision());
    }
    boolean current =
        read.revision().equals(reached.get(ref))
            || report.filter(told -> told.commit().equals(read.revision().hex())).isPresent();
    List<Condition> conditions = GroupView.conditions(outcome, report, current);
    GroupObject object = now.get();
    Map<String, @Nullable Object> ours =
        GroupStatus.of(
            report.orElse(null),
            conditions,
            new GroupStatus.About(
                read.object().generation(), "", object.status(), clock.instant()));
    Map<String, @Nullable Object> status =
        TakeOver.concerns(object) ? OrkestraStatus.of(ours) : ours;
    if (!moment(status).equals(moment(object.status()))) {
      happened(object, conditions, read, report); // after the status nobody would know
    }
    var unused = objects.status(object, status);
  }

  /** Says at an object of Orkestra that it is not ours; the rest of its status is Orkestra's. */
  void notTakenOver(AppliedObject read, Problem why) throws ClusterException {
    Optional<GroupObject> now =
        objects.find(read.object().ref()).filter(o -> o.uid().equals(read.object().uid()));
    if (now.isEmpty()) {
      return;
    }
    String message = why.field() + " " + why.message() + ". " + why.remedy();
    GroupObject object = now.get();
    Map<String, @Nullable Object> status =
        OrkestraStatus.notTakenOver(
            object.status(), message, read.object().generation(), clock.instant());
    if (!status.equals(object.status())) {
      event(object, new Happening(Tone.WARNING, TwoOwners.REASON, message, ""));
      var unused = objects.status(object, status);
    }
  }

  /** What an Event tells of when it changes. */
  private static List<String> moment(Map<String, @Nullable Object> status) {
    return List.of(
        PlainData.text(status, "phase"),
        GroupStatus.reason(status),
        String.valueOf(status.get("attempt")));
  }

  private void happened(
      GroupObject object,
      List<Condition> conditions,
      AppliedObject read,
      Optional<StatusReport> report) {
    Condition ready =
        conditions.stream().filter(c -> c.type().equals("Ready")).findFirst().orElseThrow();
    Tone tone = ready.status() == Condition.Status.FALSE ? Tone.WARNING : Tone.NORMAL;
    int attempt = report.map(told -> told.attempt().number()).orElse(0);
    event(
        object,
        new Happening(tone, ready.reason(), ready.message(), read.revision() + "/" + attempt));
  }

  /** An Event that cannot be written is no reason to be silent about the status. */
  private void event(GroupObject object, Happening happening) {
    try {
      objects.event(object, happening);
    } catch (ClusterException e) {
      LOG.warn("an Event is left out: {}", e.getMessage());
    }
  }
}
