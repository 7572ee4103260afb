// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.diff.Hint;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.Printable;
import dev.segue.renderer.preview.Palette.Tone;
import dev.segue.renderer.status.Pages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** All groups at all sites in one table, by site and group. */
public final class SitesTable {
  private static final List<String> ACTIONS =
      List.of("install", "upgrade", "repair", "delete", "orphan", "keep");

  private static final int ROOM_FOR_NOTE = 200;

  private SitesTable() {}

  /** As a terminal shows it; it ends in a line break. */
  public static String text(List<GroupPreview> previews, Palette palette) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header().stream().map(name -> name.toUpperCase(java.util.Locale.ROOT)).toList());
    List<GroupPreview> sorted = sorted(previews);
    sorted.forEach(preview -> rows.add(cells(preview).stream().map(Printable::line).toList()));
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      Tone tone = i == 0 ? Tone.STRONG : tone(sorted.get(i - 1));
      text.append(palette.paint(tone, aligned(rows.get(i), widths))).append('\n');
    }
    return text.toString();
  }

  /** As a Markdown table; it ends in a line break. */
  public static String markdown(List<GroupPreview> previews) {
    StringBuilder table = new StringBuilder();
    row(table, header());
    row(table, header().stream().map(name -> "---").toList());
    sorted(previews)
        .forEach(preview -> row(table, cells(preview).stream().map(SitesTable::cell).toList()));
    return table.toString();
  }

  /**
   * As a Markdown table of so many characters at most. Where it would have more, groups with which
   * nothing would be done are left out, then the last ones, and the end says so.
   *
   * @param maxCharacters at least {@link PreviewMarkdown#SHORTEST} / 2
   */
  public static String markdown(List<GroupPreview> previews, int maxCharacters) {
    String all = markdown(previews);
    if (all.length() <= maxCharacters) {
      return all;
    }
    List<GroupPreview> telling =
        sorted(previews).stream()
            .filter(preview -> preview.changes() || preview.isBroken())
            .toList();
    StringBuilder table = new StringBuilder(markdown(List.of()));
    int shown = 0;
    for (GroupPreview preview : telling) {
      String row = markdown(List.of(preview)).lines().skip(2).findFirst().orElseThrow() + "\n";
      if (table.length() + row.length() > maxCharacters - ROOM_FOR_NOTE) {
        break;
      }
      table.append(row);
      shown++;
    }
    int quiet = previews.size() - telling.size();
    int more = telling.size() - shown;
    return table
        .append("\n**Shortened to ")
        .append(maxCharacters)
        .append(" characters.** Left out: ")
        .append(quiet)
        .append(quiet == 1 ? " group" : " groups")
        .append(" with nothing to do")
        .append(more == 0 ? "" : ", and **" + more + " with something to do**")
        .append(".\n")
        .toString();
  }

  static List<GroupPreview> sorted(List<GroupPreview> previews) {
    return previews.stream()
        .sorted(Comparator.comparing(GroupPreview::site).thenComparing(GroupPreview::group))
        .toList();
  }

  private static void row(StringBuilder table, List<String> cells) {
    table.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /** Nobody is called by what a file says. */
  static String cell(String text) {
    return Pages.cell(text).replace("@", "@\u200b");
  }

  private static List<String> header() {
    List<String> header = new ArrayList<>(List.of("site", "group"));
    header.addAll(ACTIONS);
    header.addAll(List.of("steps", "hints", "waits", "plan"));
    return header;
  }

  private static List<String> cells(GroupPreview preview) {
    List<String> cells = new ArrayList<>(List.of(preview.site(), preview.group().value()));
    ACTIONS.forEach(action -> cells.add(count(preview, preview.count(action))));
    cells.add(count(preview, preview.plan() == null ? 0 : preview.plan().steps().size()));
    cells.add(count(preview, preview.diffs().values().stream().mapToLong(SitesTable::grave).sum()));
    cells.add(
        preview.isBroken()
            ? problems(preview)
            : preview.changes() ? preview.gate().isEmpty() ? "-" : preview.gate() : "-");
    cells.add(preview.approval().map(digest -> digest.prefix(12)).orElse("-"));
    return cells;
  }

  private static String problems(GroupPreview preview) {
    int count = preview.problems().size();
    return count + (count == 1 ? " problem" : " problems");
  }

  private static String count(GroupPreview preview, long count) {
    return preview.plan() == null ? "-" : Long.toString(count);
  }

  /** Hints that are more than pods that restart. */
  static long grave(ReleaseDiff diff) {
    return diff.hints().stream().filter(SitesTable::isGrave).count();
  }

  static boolean isGrave(Hint hint) {
    return hint.kind() != Hint.Kind.RESTART && hint.kind() != Hint.Kind.NOTE;
  }

  private static Tone tone(GroupPreview preview) {
    if (preview.isBroken()) {
      return Tone.REMOVED;
    }
    return preview.changes() ? Tone.CHANGED : Tone.FAINT;
  }

  private static String aligned(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
    }
    return line.toString().stripTrailing();
  }
}
