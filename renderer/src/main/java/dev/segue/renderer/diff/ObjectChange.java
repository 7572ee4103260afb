// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object that is not as it was, or not surely.
 *
 * @param id as it is afterwards; as it was when it goes
 * @param part what of a release it is: {@code object}, {@code hook} or {@code crd} (of {@code
 *     crds/})
 * @param fields what differs, by where it stands; empty when the object as a whole comes or goes
 * @param content of an object that comes or goes, masked; empty otherwise
 */
public record ObjectChange(
    ObjectId id,
    String part,
    Kind kind,
    List<FieldChange> fields,
    Map<String, @Nullable Object> content)
    implements Comparable<ObjectChange> {
  public ObjectChange {
    fields = List.copyOf(fields);
    content = Collections.unmodifiableMap(new TreeMap<>(content));
  }

  /** What becomes of an object. */
  public enum Kind {
    ADDED,
    REMOVED,
    /** The release has it no longer, and it stays where it is. */
    LEFT,
    CHANGED,
    /** Nothing but what is masked could differ. */
    UNKNOWN;

    /** The word for it, such as {@code added}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether nothing differs but labels that change with every version of a chart. */
  public boolean isRoutine() {
    return kind == Kind.CHANGED && fields.stream().allMatch(FieldChange::isRoutine);
  }

  @Override
  public int compareTo(ObjectChange other) {
    int byPart = part.compareTo(other.part);
    return byPart != 0 ? byPart : id.compareTo(other.id);
  }
}
