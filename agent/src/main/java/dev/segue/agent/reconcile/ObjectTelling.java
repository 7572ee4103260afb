// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupObjects.Happening;
import dev.segue.agent.reconcile.GroupObjects.Tone;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.StatusReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says at an object how its group stands. */
final class ObjectTelling {
  private ObjectTelling() {}

  /**
   * Makes the object's status what is known, and adds an Event where that is new.
   *
   * @param generation of the spec that this was found out of
   */
  static GroupObject tell(
      GroupObjects objects,
      GroupObject object,
      long generation,
      Optional<StatusReport> report,
      Outcome outcome)
      throws ClusterException {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", generation);
    report.ifPresent(
        r -> {
          status.put("phase", r.phase().text());
          status.put("conditions", conditions(r, generation));
        });
    String before = ready(object.status());
    GroupObject told = objects.status(object, status);
    if (report.isPresent() && !ready(told.status()).equals(before)) {
      Condition ready = report.get().ready();
      objects.event(
          told,
          new Happening(
              ready.status() == Condition.Status.FALSE ? Tone.WARNING : Tone.NORMAL,
              ready.reason(),
              ready.message(),
              report.get().commit() + " " + report.get().attempt().number()));
    }
    return told;
  }

  private static List<Map<String, Object>> conditions(StatusReport report, long generation) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Condition condition : report.conditions()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("type", condition.type());
      map.put("status", condition.status().text());
      map.put("reason", condition.reason());
      map.put("message", condition.message());
      map.put("lastTransitionTime", condition.lastTransitionTime());
      map.put("observedGeneration", generation);
      all.add(map);
    }
    return all;
  }

  private static String ready(Map<String, @Nullable Object> status) {
    if (!(status.get("conditions") instanceof List<?> conditions)) {
      return "";
    }
    return conditions.stream()
        .filter(each -> PlainData.text(each, "type").equals("Ready"))
        .map(each -> PlainData.text(each, "reason") + ": " + PlainData.text(each, "message"))
        .findFirst()
        .orElse("");
  }
}
