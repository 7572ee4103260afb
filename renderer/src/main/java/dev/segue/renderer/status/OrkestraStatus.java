// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.PlainData;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status of an ApplicationGroup of Orkestra. Its CRD drops what it does not know: what is
 * written is what it keeps, so that it is written once.
 */
public final class OrkestraStatus {
  private static final String CONDITIONS = "conditions";
  private static final String TAKEN_OVER = "TakenOver";
  private static final List<String> KEPT =
      List.of("observedGeneration", "lastSucceededGeneration", CONDITIONS);

  private OrkestraStatus() {}

  /**
   * Returns a status in Orkestra's fields.
   *
   * @param status what {@link GroupStatus} makes
   */
  public static Map<String, @Nullable Object> of(Map<String, ? extends @Nullable Object> status) {
    Map<String, @Nullable Object> theirs = new LinkedHashMap<>();
    List<@Nullable Object> applications = new ArrayList<>();
    if (status.get("releases") instanceof List<?> releases) {
      releases.forEach(release -> applications.add(application(release)));
    }
    if (!applications.isEmpty()) {
      theirs.put("applications", applications);
    }
    KEPT.stream()
        .filter(key -> status.get(key) != null)
        .forEach(key -> theirs.put(key, status.get(key)));
    return theirs;
  }

  private static Map<String, @Nullable Object> application(@Nullable Object release) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", PlainData.text(release, "name"));
    Map<String, String> others = new LinkedHashMap<>();
    others.put("version", PlainData.text(release, "version"));
    others.put("error", PlainData.text(release, "message"));
    others.forEach(
        (key, value) -> {
          if (!value.isEmpty()) {
            fields.put(key, value);
          }
        });
    return fields;
  }

  /**
   * Returns the status that Orkestra wrote, with a condition more: that the object is not ours yet,
   * and why.
   */
  public static Map<String, @Nullable Object> notTakenOver(
      Map<String, ? extends @Nullable Object> before,
      String message,
      long generation,
      Instant now) {
    List<@Nullable Object> conditions = new ArrayList<>();
    String since = now.truncatedTo(ChronoUnit.SECONDS).toString();
    if (before.get(CONDITIONS) instanceof List<?> theirs) {
      for (Object condition : theirs) {
        if (PlainData.text(condition, "type").equals(TAKEN_OVER)) {
          since = PlainData.text(condition, "lastTransitionTime");
        } else {
          conditions.add(condition);
        }
      }
    }
    Map<String, @Nullable Object> condition = new LinkedHashMap<>();
    condition.put("type", TAKEN_OVER);
    condition.put("status", "False");
    condition.put("reason", "TwoOwners");
    condition.put("message", message);
    condition.put("lastTransitionTime", since);
    condition.put("observedGeneration", generation);
    conditions.add(condition);
    Map<String, @Nullable Object> status = new LinkedHashMap<>(before);
    status.put(CONDITIONS, conditions);
    return status;
  }
}
