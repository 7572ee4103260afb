// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows in columns, two spaces apart. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  /** Adds a row of as many cells as the header has; an empty one shows as a dash. */
  void add(String... cells) {
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      String line = Shown.line(cell);
      row.add(line.isEmpty() ? "-" : line);
    }
    rows.add(row);
  }

  /**
   * Returns the lines, each begun with {@code indent}.
   *
   * @param painted the column whose cells {@code paint} colours
   */
  String text(String indent, int painted, UnaryOperator<String> paint) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < columns; i++) {
        String cell = row.get(i);
        boolean colours = i == painted && row != rows.get(0);
        line.append(colours ? paint.apply(cell) : cell);
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - width(cell) + 2));
        }
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
