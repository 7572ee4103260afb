// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.diff.Hint;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Picture;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.Reports;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Previews as a comment on a pull request. Nothing from a file is more than text in it, and nobody
 * is called by it. What does not fit is left out as a whole, and said to be.
 */
public final class PreviewMarkdown {
  /** The most characters of a comment on GitHub. */
  public static final int GITHUB = 65_536;

  /** The most characters of a comment on GitLab. */
  public static final int GITLAB = 1_000_000;

  /** The fewest characters that a page can do with. */
  public static final int SHORTEST = Fitted.SHORTEST;

  /** So many lines of a release's differences come before the whole of any. */
  private static final int FIRST_LINES = 40;

  private static final Pattern BACKQUOTES = Pattern.compile("`+");

  private PreviewMarkdown() {}

  /**
   * Returns the comment; it ends in a line break.
   *
   * @param detail how much there may be of each release
   * @param maxCharacters at least {@link #SHORTEST}
   * @throws IllegalArgumentException for less
   */
  public static String write(List<GroupPreview> previews, Detail detail, int maxCharacters) {
    Fitted page = new Fitted();
    page.add("", "# What this commit would do\n\n" + headline(previews) + "\n");
    page.add(
        "the table of all groups",
        "",
        "\n" + SitesTable.markdown(previews, maxCharacters / 2),
        "\n" + SitesTable.markdown(previews));
    for (GroupPreview preview : SitesTable.sorted(previews)) {
      if (preview.changes() || !preview.problems().isEmpty() || !preview.notices().isEmpty()) {
        group(page, preview, detail);
      }
    }
    return page.within(maxCharacters);
  }

  private static String headline(List<GroupPreview> previews) {
    long changing = previews.stream().filter(GroupPreview::changes).count();
    long broken = previews.stream().filter(GroupPreview::isBroken).count();
    String text =
        changing == 0 && broken == 0
            ? "**Nothing to do.**"
            : "**"
                + changing
                + " of "
                + previews.size()
                + (previews.size() == 1 ? " group" : " groups")
                + " would change.**";
    return broken == 0 ? text : text + " **" + broken + " cannot be planned.**";
  }

  private static String name(GroupPreview preview) {
    return Pages.code(preview.group().value()) + " at " + Pages.code(preview.site());
  }

  private static void group(Fitted page, GroupPreview preview, Detail detail) {
    String name = name(preview);
    Plan plan = preview.plan();
    page.add("the section of " + name, "", "\n## " + name + "\n\n" + summary(preview));
    page.add("the problems and notices of " + name, "", remarks(preview));
    page.add("the hints of " + name, "", hints(preview));
    if (plan != null && preview.changes()) {
      List<ReleaseStatus> releases = Reports.releases(plan);
      page.add("the releases of " + name, "", "\n" + called(Pages.table(plan, releases)));
      page.add("the order of " + name, "", order(preview, plan));
      page.add("the picture of " + name, "", "\n" + Picture.of(releases));
      preview.done().forEach(change -> release(page, preview, change, detail));
    }
  }

  private static String summary(GroupPreview preview) {
    String summary = preview.summary();
    StringBuilder text = new StringBuilder("**");
    text.append(summary.substring(0, 1).toUpperCase(Locale.ROOT)).append(summary.substring(1));
    text.append(".** From ")
        .append(preview.from() == null ? "nothing" : "`" + preview.from().shortHex() + "`")
        .append(" to `")
        .append(preview.to().shortHex())
        .append("`.");
    preview
        .approval()
        .ifPresent(digest -> text.append(" Plan `").append(digest.hex()).append("`."));
    if (preview.changes() && !preview.gate().isEmpty()) {
      text.append("\n\n**Waits:** ").append(SitesTable.cell(preview.gate()));
    }
    return text.append('\n').toString();
  }

  private static String remarks(GroupPreview preview) {
    List<String> lines = new ArrayList<>();
    preview.problems().forEach(problem -> lines.add(SitesTable.cell(problem.toString())));
    preview.notices().forEach(notice -> lines.add("Notice: " + SitesTable.cell(notice)));
    return bullets(lines);
  }

  private static String hints(GroupPreview preview) {
    List<String> lines = new ArrayList<>();
    preview
        .diffs()
        .forEach(
            (release, diff) ->
                diff.hints().stream()
                    .filter(SitesTable::isGrave)
                    .forEach(hint -> lines.add(hint(hint) + " (" + release + ")")));
    return bullets(lines);
  }

  private static String hint(Hint hint) {
    return "**"
        + hint.kind().title()
        + ":** "
        + SitesTable.cell(hint.object().shortText() + ": " + hint.reason());
  }

  private static String bullets(List<String> lines) {
    return lines.isEmpty() ? "" : "\n- " + String.join("\n- ", lines) + "\n";
  }

  private static String called(String table) {
    return table.replace("@", "@\u200b");
  }

  private static String order(GroupPreview preview, Plan plan) {
    return "\nCritical path: "
        + preview.criticalPath().text()
        + "\n\nBlast radius (unchanged, downstream of a change): "
        + Pages.joined(preview.blastRadius())
        + "\n"
        + Pages.handovers(plan);
  }

  private static void release(Fitted page, GroupPreview preview, Change change, Detail detail) {
    ReleaseName release = change.release();
    String what = "what changes in `" + release + "` of " + name(preview);
    ReleaseDiff diff = preview.diffs().get(release);
    if (diff == null) {
      page.add(what, "", details(change, "its objects are not known", "", List.of()));
      return;
    }
    String about = about(diff);
    String title = counts(diff);
    List<String> forms = new ArrayList<>(List.of(""));
    List<DiffLine> objects = DiffLines.of(diff, Detail.OBJECTS);
    List<DiffLine> all = DiffLines.of(diff, detail);
    forms.add(details(change, title, about, objects));
    if (all.size() > FIRST_LINES + 1 && objects.size() < FIRST_LINES) {
      forms.add(details(change, title, about, beginning(all)));
    }
    forms.add(details(change, title, about, all));
    page.add(what, forms.toArray(String[]::new));
  }

  private static List<DiffLine> beginning(List<DiffLine> all) {
    List<DiffLine> lines = new ArrayList<>(all.subList(0, FIRST_LINES));
    lines.add(new DiffLine(DiffLine.Kind.NOTE, (all.size() - FIRST_LINES) + " more lines"));
    return lines;
  }

  private static String counts(ReleaseDiff diff) {
    Map<String, Long> counts = new TreeMap<>();
    diff.objects().forEach(object -> counts.merge(object.kind().text(), 1L, Long::sum));
    List<String> words = new ArrayList<>();
    counts.forEach((kind, count) -> words.add(count + " " + kind));
    return words.isEmpty() ? "no object differs" : "objects: " + String.join(", ", words);
  }

  private static String about(ReleaseDiff diff) {
    List<String> lines = new ArrayList<>();
    diff.hints().forEach(hint -> lines.add(hint(hint)));
    diff.notices().forEach(notice -> lines.add("Notice: " + SitesTable.cell(notice)));
    diff.hooks().forEach(hook -> lines.add("Hook: " + SitesTable.cell(PreviewText.hook(hook))));
    return bullets(lines);
  }

  private static String details(Change change, String title, String about, List<DiffLine> lines) {
    return "\n<details><summary>"
        + change.release()
        + ": "
        + change.action()
        + ", "
        + title
        + "</summary>\n"
        + about
        + fenced(lines)
        + "\n</details>\n";
  }

  /** In a fence that is longer than any that stands in it. */
  private static String fenced(List<DiffLine> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    StringBuilder block = new StringBuilder();
    lines.forEach(line -> block.append(mark(line)).append(line.text()).append('\n'));
    int longest =
        BACKQUOTES.matcher(block).results().mapToInt(run -> run.group().length()).max().orElse(0);
    String fence = "`".repeat(Math.max(3, longest + 1));
    return "\n" + fence + "diff\n" + block + fence + "\n";
  }

  private static String mark(DiffLine line) {
    return switch (line.kind()) {
      case OBJECT_ADDED -> "@@ added: ";
      case OBJECT_REMOVED -> "@@ removed: ";
      case OBJECT_CHANGED -> "@@ ";
      case ADDED -> "+ ";
      case REMOVED -> "- ";
      case CONTEXT -> "  ";
      case NOTE -> "# ";
    };
  }
}
