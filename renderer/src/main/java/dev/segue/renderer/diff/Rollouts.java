// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the pods of a workload that changes are replaced, and whether others serve meanwhile. */
final class Rollouts {
  private static final String APPS = "apps";

  private final Pair pair;
  private final ReleaseObjects after;
  private final List<Hint> hints = new ArrayList<>();

  private Rollouts(Pair pair, ReleaseObjects after) {
    this.pair = pair;
    this.after = after;
  }

  static List<Hint> of(Pair pair, ReleaseObjects after) {
    Rollouts rollouts = new Rollouts(pair, after);
    if (pair.id().is(APPS, "Deployment")) {
      rollouts.deployment();
    } else if (pair.id().is(APPS, "StatefulSet")) {
      rollouts.statefulSet();
    } else if (pair.id().is(APPS, "DaemonSet")) {
      rollouts.daemonSet();
    }
    return rollouts.hints;
  }

  private boolean templateChanges() {
    return pair.differs("spec", "template");
  }

  private String cause() {
    return Pair.named(pair.under("spec", "template")) + " changes: ";
  }

  private void add(Hint.Kind kind, String reason) {
    hints.add(new Hint(kind, pair.id(), reason));
  }

  private void deployment() {
    long replicas = replicas();
    if (scalesToNothing(replicas) || !templateChanges()) {
      return;
    }
    if (pair.after().text("spec", "strategy", "type").equals("Recreate")) {
      add(Hint.Kind.DOWNTIME, cause() + "strategy Recreate stops all pods before new ones start");
      return;
    }
    Object rolling = pair.after().at("spec", "strategy", "rollingUpdate");
    long unavailable = Share.of(PlainData.at(rolling, "maxUnavailable"), replicas, false);
    long surge = Share.of(PlainData.at(rolling, "maxSurge"), replicas, true);
    if (unavailable == 0 && surge == 0) {
      unavailable = 1; // as the controller does, which would not get on otherwise
    }
    if (replicas > 0 && unavailable >= replicas) {
      add(
          Hint.Kind.DOWNTIME,
          cause()
              + "of "
              + replicas
              + (replicas == 1 ? " replica " : " replicas ")
              + unavailable
              + " may be unavailable");
    } else if (replicas > 0) {
      add(Hint.Kind.RESTART, cause() + "its pods are replaced a few at a time");
    }
  }

  private void statefulSet() {
    long replicas = replicas();
    loseClaims(replicas);
    if (scalesToNothing(replicas) || !templateChanges() || replicas == 0) {
      return;
    }
    if (pair.after().text("spec", "updateStrategy", "type").equals("OnDelete")) {
      add(Hint.Kind.NOT_APPLIED, cause() + "OnDelete leaves the pods until somebody deletes them");
      return;
    }
    Object partition = pair.after().at("spec", "updateStrategy", "rollingUpdate", "partition");
    long first = partition instanceof Number number ? number.longValue() : 0;
    if (first > 0) {
      add(
          first >= replicas ? Hint.Kind.NOT_APPLIED : Hint.Kind.RESTART,
          cause() + "partition " + first + " leaves the pods below it as they are");
    } else if (replicas == 1) {
      add(Hint.Kind.DOWNTIME, cause() + "its only pod stops before the new one starts");
    } else {
      add(Hint.Kind.RESTART, cause() + "its pods restart one after the other, the last first");
    }
  }

  private void loseClaims(long replicas) {
    long before = number(pair.before().at("spec", "replicas"), 1);
    if (replicas < before
        && pair.after()
            .text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled")
            .equals("Delete")) {
      add(
          Hint.Kind.DATA,
          "from " + before + " to " + replicas + " replicas: `whenScaled: Delete` deletes claims");
    }
  }

  private void daemonSet() {
    if (!templateChanges()) {
      return;
    }
    if (pair.after().text("spec", "updateStrategy", "type").equals("OnDelete")) {
      add(Hint.Kind.NOT_APPLIED, cause() + "OnDelete leaves the pods until somebody deletes them");
    } else {
      add(Hint.Kind.RESTART, cause() + "its pods restart on one node after the other");
    }
  }

  private boolean scalesToNothing(long replicas) {
    boolean stops = replicas == 0 && number(pair.before().at("spec", "replicas"), 1) > 0;
    if (stops) {
      add(Hint.Kind.DOWNTIME, "is scaled to 0 replicas");
    }
    return stops;
  }

  /** Where an autoscaler sees to them, the fewest that it leaves. */
  private long replicas() {
    Object own = pair.after().at("spec", "replicas");
    if (own != null) {
      return number(own, 1);
    }
    return after.objects().stream()
        .filter(object -> object.id().is("autoscaling", "HorizontalPodAutoscaler"))
        .filter(object -> object.id().namespace().equals(pair.id().namespace()))
        .filter(
            object ->
                object.text("spec", "scaleTargetRef", "kind").equals(pair.id().kind())
                    && object.text("spec", "scaleTargetRef", "name").equals(pair.id().name()))
        .map(object -> number(object.at("spec", "minReplicas"), 1))
        .findFirst()
        .orElse(1L);
  }

  private static long number(@Nullable Object value, long otherwise) {
    return value instanceof Number number ? number.longValue() : otherwise;
  }

  /** A number of pods or a percentage of them. */
  private static final class Share {
    private static final String DEFAULT = "25%";

    private Share() {}

    static long of(@Nullable Object share, long replicas, boolean up) {
      if (share instanceof Number number) {
        return number.longValue();
      }
      String text = share instanceof String given ? given : DEFAULT;
      try {
        long percent = Long.parseLong(text.replace("%", "").strip());
        return text.contains("%")
            ? up ? (replicas * percent + 99) / 100 : replicas * percent / 100
            : percent;
      } catch (NumberFormatException e) {
        return of(DEFAULT, replicas, up);
      }
    }
  }
}
