// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A field that is not as it was. What must be seen by nobody is masked in all of it.
 *
 * @param before plain data; null where nothing stood. Of a list in another order the labels of the
 *     items that it keeps
 * @param after plain data; null where nothing stands. Of a list in another order as {@code before}
 */
public record FieldChange(
    FieldPath path, Kind kind, @Nullable Object before, @Nullable Object after) {
  /** What became of a field. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED,
    /** The items that a list keeps stand in another order. */
    REORDERED,
    /** Both are masked, and what is behind the mask is not known of both. */
    UNKNOWN;

    /** The word for it, such as {@code added}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whether it is a label or annotation that changes with every version of a chart and says nothing
   * by itself.
   */
  public boolean isRoutine() {
    String key = path.lastKey();
    return path.segments().size() > 2
        && isOfMetadata()
        && (key.equals("helm.sh/chart")
            || key.equals("chart")
            || key.equals("app.kubernetes.io/version")
            || key.startsWith("checksum/")
            || key.startsWith("checksum."));
  }

  private boolean isOfMetadata() {
    int size = path.segments().size();
    return path.segments().get(size - 3).equals(new FieldPath.Key("metadata"))
        && (path.segments().get(size - 2).equals(new FieldPath.Key("labels"))
            || path.segments().get(size - 2).equals(new FieldPath.Key("annotations")));
  }
}
