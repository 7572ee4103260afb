// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.Comparator;
import java.util.Locale;

/**
 * What a change does to what runs.
 *
 * @param reason one clause for people; what is secret is masked in it
 */
public record Hint(Kind kind, ObjectId object, String reason) implements Comparable<Hint> {
  private static final Comparator<Hint> ORDER =
      Comparator.comparing(Hint::kind).thenComparing(Hint::object).thenComparing(Hint::reason);

  /** The worst first. */
  public enum Kind {
    /** The API server will refuse the upgrade. */
    REFUSED("will be refused"),
    /** Data goes with an object. */
    DATA("data may be lost"),
    /** For some time nothing of it runs. */
    DOWNTIME("downtime"),
    /** Helm leaves it as it is although the chart has it otherwise. */
    NOT_APPLIED("not applied"),
    /** Pods are replaced, and others serve meanwhile. */
    RESTART("restarts"),
    /** Something else that a reader should know. */
    NOTE("note");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** For people, such as {@code will be refused}. */
    public String title() {
      return title;
    }

    /** The word for it in data, such as {@code not-applied}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public int compareTo(Hint other) {
    return ORDER.compare(this, other);
  }
}
