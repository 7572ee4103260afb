// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import java.util.Locale;

/**
 * A condition as Kubernetes has them.
 *
 * @param lastTransitionTime RFC 3339, when {@code status} became what it is
 */
public record Condition(
    String type, Status status, String reason, String message, String lastTransitionTime) {
  /** The three values of a condition's status. */
  public enum Status {
    TRUE,
    FALSE,
    UNKNOWN;

    /** As Kubernetes writes it: {@code True}, {@code False}, {@code Unknown}. */
    public String text() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }
}
