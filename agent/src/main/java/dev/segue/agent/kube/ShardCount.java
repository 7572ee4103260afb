// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many shards there are, as the first Lease says in an annotation, whoever holds it: agents
 * that count otherwise would work for each other's groups. Who takes that Lease may change it, in
 * two steps: first no number stands there, and for as long as a Lease is held nobody begins
 * anything; after that all that counted otherwise have ended. Safe for several threads.
 */
final class ShardCount {
  private static final Logger LOG = LoggerFactory.getLogger(ShardCount.class);
  private static final String ANNOTATION = "segue.dev/shards";

  /** While the number changes. */
  private static final String NONE = "0";

  private final LeaseSettings settings;
  private final String own;
  private @Nullable Long agreedAt;
  private @Nullable Long changingSince;
  private boolean otherwise;

  ShardCount(LeaseSettings settings) {
    this.settings = settings;
    this.own = Integer.toString(settings.shards());
  }

  /**
   * Takes note of what the first Lease says.
   *
   * @param sent when it was asked for ({@link System#nanoTime})
   */
  synchronized void saw(Map<String, @Nullable Object> lease, long sent) {
    String counted = counted(lease);
    if (counted.equals(own)) {
      agreedAt = sent;
      otherwise = false;
      return;
    }
    if (!otherwise && !counted.isEmpty() && !counted.equals(NONE)) {
      LOG.warn(
          "Lease {} is of agents with {} shards, and this one has {}: it begins nothing beside"
              + " them; all must have the same `highAvailability.shards`",
          settings.leaseName(0),
          counted,
          own);
    }
    otherwise = true;
  }

  /** Whether the agents that are there counted as we do, not longer ago than that. */
  synchronized boolean agreed(Duration ago) {
    Long at = agreedAt;
    return !otherwise && at != null && System.nanoTime() - at < ago.toNanos();
  }

  /** Whether the first Lease says another number than ours. */
  synchronized boolean isOtherwise() {
    return otherwise;
  }

  /** Whether the number was another before we took the first Lease, not long enough ago. */
  synchronized boolean changes() {
    return changingSince != null;
  }

  /**
   * Returns the first Lease with the number that is to stand there.
   *
   * @param before as it was; null where there is none yet
   * @param held whether it is ours already
   */
  synchronized Map<String, @Nullable Object> in(
      Map<String, @Nullable Object> lease,
      @Nullable Map<String, @Nullable Object> before,
      boolean held) {
    if (!held) {
      changingSince =
          before == null || counted(before).equals(own) ? null : Long.valueOf(System.nanoTime());
    }
    Map<String, @Nullable Object> metadata = map(lease.get("metadata"));
    Map<String, @Nullable Object> annotations = map(metadata.get("annotations"));
    annotations.put(ANNOTATION, isOver() ? own : NONE);
    metadata.put("annotations", annotations);
    Map<String, @Nullable Object> with = new LinkedHashMap<>(lease);
    with.put("metadata", metadata);
    return with;
  }

  private boolean isOver() {
    Long since = changingSince;
    return since == null || System.nanoTime() - since >= settings.leaseDuration().toNanos();
  }

  /**
   * Takes note that the first Lease, as {@link #in} gave it, was written.
   *
   * @param begins whether it was not ours before
   */
  synchronized void wrote(Map<String, @Nullable Object> lease, boolean begins) {
    if (counted(lease).equals(own)) {
      changingSince = null;
    } else if (begins) {
      changingSince = System.nanoTime(); // whoever looked before the answer may not know yet
      LOG.info(
          "the number of shards becomes {}: nothing begins for {} s",
          own,
          settings.leaseDuration().toSeconds());
    }
  }

  private static String counted(Map<String, @Nullable Object> lease) {
    return map(map(lease.get("metadata")).get("annotations")).get(ANNOTATION) instanceof String text
        ? text
        : "";
  }

  private static Map<String, @Nullable Object> map(@Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> fields) {
      fields.forEach((key, each) -> copy.put(String.valueOf(key), each));
    }
    return copy;
  }
}
