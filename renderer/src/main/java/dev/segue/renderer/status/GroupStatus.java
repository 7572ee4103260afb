// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status of an ApplicationGroup in a cluster: what a report says, in Kubernetes' form and by
 * the conventions of kstatus. It is never said of a spec that it was not made for: {@code
 * observedGeneration} stands at the status and at each condition.
 */
public final class GroupStatus {
  private static final String READY = "Ready";
  private static final String CONDITIONS = "conditions";
  private static final String LAST_SUCCEEDED = "lastSucceededGeneration";

  /** The whole object must fit the API server. */
  private static final int LONGEST = 4096;

  private static final int LONGEST_OF_RELEASE = 512;
  private static final int MOST_PROBLEMS = 20;

  private GroupStatus() {}

  /**
   * What else is known.
   *
   * @param generation of the object that this is said of
   * @param branch that the commit is on; "" for none
   * @param before the object's status until now; a condition whose status is as it was keeps its
   *     time
   */
  public record About(
      long generation, String branch, Map<String, ? extends @Nullable Object> before, Instant now) {
    public About {
      now = now.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * Returns the status; equal for equal reports.
   *
   * @param report null before the first
   * @param conditions what is to be said, mostly the report's own
   */
  public static Map<String, @Nullable Object> of(
      @Nullable StatusReport report, List<Condition> conditions, About about) {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", about.generation());
    boolean succeeded =
        conditions.stream().anyMatch(c -> c.type().equals(READY) && c.status() == Status.TRUE);
    Object lastSucceeded = about.before().get(LAST_SUCCEEDED);
    if (succeeded) {
      status.put(LAST_SUCCEEDED, about.generation());
    } else if (lastSucceeded != null) {
      status.put(LAST_SUCCEEDED, lastSucceeded);
    }
    if (report != null) {
      status.put(
          "revision", (about.branch().isEmpty() ? "" : about.branch() + "@") + report.commit());
      status.put("phase", report.phase().text());
      if (report.attempt().number() > 0) {
        status.put("attempt", (long) report.attempt().number());
      }
      if (!report.workflow().isEmpty()) {
        status.put("workflow", report.workflow());
      }
    }
    List<@Nullable Object> said = new ArrayList<>();
    conditions.forEach(condition -> said.add(condition(condition, about)));
    status.put(CONDITIONS, said);
    if (report != null && !report.releases().isEmpty()) {
      List<@Nullable Object> releases = new ArrayList<>();
      report.releases().forEach(release -> releases.add(release(release)));
      status.put("releases", releases);
    }
    if (report != null && !report.problems().isEmpty()) {
      status.put("problems", problems(report.problems()));
    }
    return status;
  }

  /** Returns what that object's condition Ready gives as its reason; "" when it has none. */
  public static String reason(Map<String, ? extends @Nullable Object> status) {
    return PlainData.text(find(status, READY), "reason");
  }

  private static Map<String, @Nullable Object> condition(Condition condition, About about) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("type", condition.type());
    fields.put("status", condition.status().text());
    fields.put("reason", condition.reason());
    fields.put("message", cut(condition.message(), LONGEST));
    fields.put("lastTransitionTime", time(condition, about));
    fields.put("observedGeneration", about.generation());
    return fields;
  }

  private static String time(Condition condition, About about) {
    Map<String, @Nullable Object> old = find(about.before(), condition.type());
    String before = PlainData.text(old, "lastTransitionTime");
    if (!before.isEmpty() && PlainData.text(old, "status").equals(condition.status().text())) {
      return before;
    }
    String said = condition.lastTransitionTime();
    return said.isEmpty() ? about.now().toString() : said;
  }

  private static Map<String, @Nullable Object> find(
      Map<String, ? extends @Nullable Object> status, String type) {
    if (status.get(CONDITIONS) instanceof List<?> conditions) {
      for (Object condition : conditions) {
        if (PlainData.text(condition, "type").equals(type)) {
          return PlainData.map(condition);
        }
      }
    }
    return Map.of();
  }

  private static Map<String, @Nullable Object> release(ReleaseStatus release) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", release.name().value());
    fields.put("state", release.state().text());
    if (!release.version().isEmpty()) {
      fields.put("version", release.version());
    }
    if (release.state() == State.FAILED) {
      fields.put("message", cut(release.message(), LONGEST_OF_RELEASE));
    }
    return fields;
  }

  private static List<@Nullable Object> problems(List<String> problems) {
    List<@Nullable Object> lines = new ArrayList<>();
    problems.stream().limit(MOST_PROBLEMS).forEach(line -> lines.add(cut(line, LONGEST)));
    if (problems.size() > MOST_PROBLEMS) {
      lines.add("and " + (problems.size() - MOST_PROBLEMS) + " more");
    }
    return lines;
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
