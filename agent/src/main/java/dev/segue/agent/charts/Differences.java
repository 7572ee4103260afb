// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.renderer.split.UnionProof.Difference;
import java.util.ArrayList;
import java.util.List;

/** Says in words where the parts of an umbrella chart are not the chart. */
final class Differences {
  private static final int MOST = 10;

  private Differences() {}

  /** One line for each difference, at most ten, and how many more there are. */
  static List<String> lines(List<Difference> differences) {
    List<String> lines = new ArrayList<>();
    differences.stream().limit(MOST).forEach(difference -> lines.add(line(difference)));
    if (differences.size() > MOST) {
      lines.add("… and " + (differences.size() - MOST) + " more differences like these");
    }
    return lines;
  }

  private static String line(Difference difference) {
    String part =
        difference.part().isEmpty()
            ? "what remains of the parent"
            : "sub-chart \"" + difference.part() + "\"";
    String object = difference.source() + ": object \"" + difference.object() + "\"";
    if (!difference.field().isEmpty()) {
      return object
          + ": field `"
          + difference.field()
          + "` must be "
          + shown(difference.whole())
          + " as in the whole chart; "
          + part
          + " alone gives "
          + shown(difference.parts());
    }
    return difference.parts().isEmpty()
        ? object + " must be in a part as it is in the whole chart; it is in none"
        : object + " must not be in a part, as it is not in the whole chart; " + part + " gives it";
  }

  private static String shown(String value) {
    String line = value.replaceAll("\\s+", " ").strip();
    return line.isEmpty() ? "absent" : line.startsWith("\"") ? line : "\"" + line + "\"";
  }
}
