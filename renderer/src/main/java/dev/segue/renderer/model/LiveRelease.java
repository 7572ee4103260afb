// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A HelmRelease as it is in the cluster.
 *
 * @param object its name there
 * @param digest the digest label: what it was last asked to be; "" when it has none
 * @param token what its last pass was asked for with; "" when it has none
 * @param state what Flux says of it
 * @param reason the reason of its condition Ready; "" when Flux has not looked yet
 * @param message the message of that condition
 * @param chartVersion what is installed; "" when nothing was yet
 * @param drift what Flux says of objects that were changed behind its back: the message of the
 *     condition Drifted; "" when there is no drift, or nobody looks for it
 * @param deployed the chart version that Helm released well last, which is what the next upgrade is
 *     compared with; "" when there is none
 * @param revision the number of Helm's last revision; 0 when there is none
 * @param spec what it was last given
 */
public record LiveRelease(
    ReleaseName release,
    String object,
    String digest,
    String token,
    State state,
    String reason,
    String message,
    String chartVersion,
    String drift,
    String deployed,
    long revision,
    Map<String, @Nullable Object> spec) {
  /**
   * The digest label of a release that is as it was, but for its objects: whoever deletes the
   * release deletes none of them.
   */
  public static final String HELD = "held";

  private static final String YIELDED = "yielded-";
  private static final String HELD_YIELDED = "held-yielded";

  private static final Set<String> FAILURES =
      Set.of(
          "InstallFailed",
          "UpgradeFailed",
          "TestFailed",
          "RollbackFailed",
          "UninstallFailed",
          "RollbackSucceeded",
          "UninstallSucceeded");

  public LiveRelease {
    spec = Collections.unmodifiableMap(new LinkedHashMap<>(spec));
  }

  /** A release of which nobody asks for the spec. */
  public LiveRelease(
      ReleaseName release,
      String object,
      String digest,
      String token,
      State state,
      String reason,
      String message,
      String chartVersion,
      String drift) {
    this(
        release,
        object,
        digest,
        token,
        state,
        reason,
        message,
        chartVersion,
        drift,
        "",
        0,
        Map.of());
  }

  /**
   * Returns the digest label of a release that is as wanted, while what it has no longer is on its
   * way to releases of its own.
   *
   * @param remaining the sub-charts that it still has; sorted
   */
  public static String yielded(List<String> remaining) {
    return YIELDED + Digest.of(String.join("\n", remaining)).prefix(8);
  }

  /** Whether what it had is on its way to releases of its own; see {@link #yielded}. */
  public boolean hasYielded() {
    return digest.startsWith(YIELDED);
  }

  /** Whether whoever deletes it deletes none of its objects. */
  public boolean isHeld() {
    return digest.equals(HELD) || digest.equals(HELD_YIELDED);
  }

  /**
   * Whether it has the chart of an attempt that did not reach its end, which no record tells of.
   */
  public boolean isBetween() {
    return hasYielded() || digest.equals(HELD_YIELDED);
  }

  /** The digest label that it has while it is as it was, but for its objects; {@link #HELD}. */
  public String whenHeld() {
    return isBetween() ? HELD_YIELDED : HELD;
  }

  /** What Flux says of a release. */
  public enum State {
    /** The last pass saw this very spec and token, and all is well. */
    READY,
    /** Flux has not finished, or waits for something that may pass by itself. */
    PROGRESSING,
    /** Flux gave up, or tries again what failed. */
    FAILED,
    /** It is being uninstalled. */
    DELETING
  }

  /**
   * Returns what {@code helmRelease} (v2) says; empty when it carries no release label of ours, or
   * one that somebody changed to what is no release's name.
   */
  public static Optional<LiveRelease> of(Manifest helmRelease) {
    return helmRelease
        .label(Labels.RELEASE)
        .filter(LiveRelease::isName)
        .map(
            release -> {
              Map<String, @Nullable Object> ready = condition(helmRelease, "Ready");
              return new LiveRelease(
                  ReleaseName.parse(release),
                  helmRelease.name(),
                  helmRelease.label(Labels.DIGEST).orElse(""),
                  helmRelease.annotation(Labels.REQUESTED_AT).orElse(""),
                  state(helmRelease),
                  PlainData.text(ready, "reason"),
                  PlainData.text(ready, "message"),
                  helmRelease.maps("status", "history").stream()
                      .findFirst()
                      .map(latest -> PlainData.text(latest, "chartVersion"))
                      .orElse(""),
                  drift(helmRelease),
                  helmRelease.maps("status", "history").stream()
                      .filter(entry -> PlainData.text(entry, "status").equals("deployed"))
                      .findFirst()
                      .map(entry -> PlainData.text(entry, "chartVersion"))
                      .orElse(""),
                  helmRelease.maps("status", "history").stream()
                      .findFirst()
                      .map(latest -> latest.get("version"))
                      .map(version -> version instanceof Long number ? number : 0L)
                      .orElse(0L),
                  helmRelease.map("spec"));
            });
  }

  private static String drift(Manifest helmRelease) {
    Map<String, @Nullable Object> drifted = condition(helmRelease, "Drifted");
    return PlainData.text(drifted, "status").equals("True")
        ? PlainData.text(drifted, "message")
        : "";
  }

  private static boolean isName(String label) {
    try {
      ReleaseName.parse(label);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static State state(Manifest release) {
    if (release.text("metadata", "deletionTimestamp").isPresent()) {
      return State.DELETING;
    }
    Map<String, @Nullable Object> ready = condition(release, "Ready");
    boolean current =
        release
                .number("status", "observedGeneration")
                .equals(release.number("metadata", "generation"))
            && release
                .annotation(Labels.REQUESTED_AT)
                .equals(release.text("status", "lastHandledReconcileAt"));
    if (current && PlainData.text(ready, "status").equals("True")) {
      return State.READY;
    }
    if (PlainData.text(condition(release, "Stalled"), "status").equals("True")
        || (PlainData.text(ready, "status").equals("False")
            && FAILURES.contains(PlainData.text(ready, "reason")))) {
      return State.FAILED;
    }
    return State.PROGRESSING;
  }

  private static Map<String, @Nullable Object> condition(Manifest release, String type) {
    return release.maps("status", "conditions").stream()
        .filter(condition -> type.equals(condition.get("type")))
        .findFirst()
        .orElse(Map.of());
  }
}
