// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a failed pod of a step is followed by another (operator.go, processNodeRetries, of Argo
 * Workflows).
 *
 * @param limit the most retries; {@link Integer#MAX_VALUE} for no limit
 * @param policy {@code Always}, {@code OnFailure} or {@code OnError}
 * @param backoff null for none
 * @param expression asked before each retry; "" for none
 */
record RetryStrategy(int limit, String policy, @Nullable Backoff backoff, String expression) {
  private static final Set<String> FIELDS = Set.of("backoff", "expression", "limit", "retryPolicy");
  private static final Set<String> BACKOFF_FIELDS =
      Set.of("cap", "duration", "factor", "maxDuration");
  private static final Set<String> POLICIES = Set.of("Always", "OnFailure", "OnError");

  /** Fails for a field that is not supported; values may still hold placeholders. */
  static void check(String where, @Nullable Object strategy) throws WorkflowException {
    Map<String, @Nullable Object> fields = Fields.typed(strategy);
    WorkflowReader.refuseUnknown(where + ".retryStrategy", fields, FIELDS);
    WorkflowReader.refuseUnknown(
        where + ".retryStrategy.backoff", Fields.typed(fields.get("backoff")), BACKOFF_FIELDS);
    RetryExpression.parse(Fields.text(fields.get("expression")));
  }

  /** Reads a strategy whose placeholders are filled. */
  static RetryStrategy of(@Nullable Object strategy) throws WorkflowException {
    Map<String, @Nullable Object> fields = Fields.typed(strategy);
    String expression = Fields.text(fields.get("expression"));
    String policy = Fields.text(fields.get("retryPolicy"));
    if (policy.isEmpty()) {
      policy = expression.isEmpty() ? "OnFailure" : "Always";
    }
    if (policy.equals("OnTransientError")) {
      throw WorkflowException.unsupported("`retryPolicy: OnTransientError`");
    }
    if (!POLICIES.contains(policy)) {
      throw WorkflowException.invalid(policy + " is not a valid RetryPolicy");
    }
    int limit =
        fields.get("limit") == null
            ? Integer.MAX_VALUE
            : number("retryStrategy.limit", fields.get("limit"));
    return new RetryStrategy(limit, policy, Backoff.of(fields.get("backoff")), expression);
  }

  boolean retries(NodePhase phase) {
    return switch (policy) {
      case "Always" -> true;
      case "OnError" -> phase == NodePhase.ERROR;
      default -> phase == NodePhase.FAILED;
    };
  }

  private static int number(String field, @Nullable Object value) throws WorkflowException {
    String text = Fields.text(value);
    if (!text.matches("[0-9]{1,6}")) {
      throw WorkflowException.invalid(field + " must be a number; got \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  /**
   * The time between two pods.
   *
   * @param factor 0 for none
   * @param most since the first pod's start; empty for no limit
   * @param cap of one wait; empty for no limit
   */
  record Backoff(Duration base, int factor, Optional<Duration> most, Optional<Duration> cap) {
    static @Nullable Backoff of(@Nullable Object backoff) throws WorkflowException {
      if (backoff == null) {
        return null;
      }
      Map<String, @Nullable Object> fields = Fields.typed(backoff);
      if (fields.get("duration") == null) {
        throw WorkflowException.invalid("no base duration specified for retryStrategy");
      }
      Object factor = fields.get("factor");
      return new Backoff(
          duration("duration", fields.get("duration")),
          factor == null ? 0 : number("retryStrategy.backoff.factor", factor),
          optional("maxDuration", fields.get("maxDuration")),
          optional("cap", fields.get("cap")));
    }

    /** Returns the wait after the {@code pods}th pod, 1 being the first. */
    Duration after(int pods) {
      double times = factor > 0 ? Math.pow(factor, pods - 1) : 1;
      Duration wait =
          Duration.ofMillis((long) Math.min(base.toMillis() * times, Long.MAX_VALUE / 1e7));
      return cap.filter(most -> wait.compareTo(most) > 0).orElse(wait);
    }

    private static Optional<Duration> optional(String field, @Nullable Object value)
        throws WorkflowException {
      return value == null ? Optional.empty() : Optional.of(duration(field, value));
    }

    private static Duration duration(String field, @Nullable Object value)
        throws WorkflowException {
      String text = Fields.text(value);
      Optional<Duration> duration = Timestamps.parse(text);
      if (duration.isEmpty()) {
        throw WorkflowException.invalid(
            "retryStrategy.backoff." + field + " must be a duration; got \"" + text + "\"");
      }
      return duration.get();
    }
  }
}
