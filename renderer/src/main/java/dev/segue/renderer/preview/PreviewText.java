// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.diff.Hint;
import dev.segue.renderer.diff.HookRun;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.Printable;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.preview.Palette.Tone;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Reports;
import java.util.List;
import java.util.stream.Collectors;

/** Previews as a terminal shows them. */
public final class PreviewText {
  private final Palette palette;
  private final Detail detail;
  private final StringBuilder text = new StringBuilder();

  private PreviewText(Palette palette, Detail detail) {
    this.palette = palette;
    this.detail = detail;
  }

  /** Returns the text, in the order given; it ends in a line break. */
  public static String write(List<GroupPreview> previews, Palette palette, Detail detail) {
    PreviewText text = new PreviewText(palette, detail);
    for (GroupPreview preview : previews) {
      if (!text.text.isEmpty()) {
        text.text.append('\n');
      }
      text.group(preview);
    }
    return text.text.toString();
  }

  private void line(int indent, Tone tone, String line) {
    text.append("  ".repeat(indent)).append(palette.paint(tone, Printable.line(line))).append('\n');
  }

  private void group(GroupPreview preview) {
    line(0, Tone.STRONG, heading(preview));
    line(
        1,
        Tone.FAINT,
        "from "
            + (preview.from() == null ? "nothing" : preview.from().shortHex())
            + " to "
            + preview.to().shortHex()
            + preview.approval().map(digest -> ", plan " + digest.hex()).orElse(""));
    if (!preview.gate().isEmpty() && preview.changes()) {
      line(1, Tone.WARNING, preview.gate());
    }
    preview.problems().forEach(problem -> line(1, Tone.REMOVED, problem.toString()));
    preview.notices().forEach(notice -> line(1, Tone.WARNING, "notice: " + notice));
    if (preview.plan() != null && preview.changes()) {
      steps(preview.plan().steps());
      line(1, Tone.PLAIN, "critical path: " + preview.criticalPath().text());
      line(
          1,
          Tone.PLAIN,
          "blast radius (unchanged, downstream of a change): "
              + Pages.joined(preview.blastRadius()));
    }
    preview.done().forEach(change -> release(preview, change));
  }

  private static String heading(GroupPreview preview) {
    String what =
        preview.plan() == null
            ? "cannot be planned"
            : preview.done().isEmpty() ? "nothing to do" : Reports.summary(preview.plan());
    return preview.group() + " at " + preview.site() + ": " + what;
  }

  private void steps(List<Step> steps) {
    line(1, Tone.PLAIN, "steps:");
    int number = 1;
    for (Step step : steps) {
      String waits =
          step.waits().stream()
              .map(wait -> wait.task() + (wait.soft() ? " (soft)" : ""))
              .collect(Collectors.joining(", "));
      line(
          2,
          Tone.PLAIN,
          number++ + ". " + step.task() + (waits.isEmpty() ? "" : ", after " + waits));
    }
  }

  private void release(GroupPreview preview, Change change) {
    text.append('\n');
    line(0, tone(change), change.release() + ": " + change.action());
    change.reasons().forEach(reason -> line(1, Tone.PLAIN, "why: " + reason));
    ReleaseDiff diff = preview.diffs().get(change.release());
    if (diff == null) {
      line(1, Tone.FAINT, "what becomes of its objects is not known");
      return;
    }
    for (Hint hint : diff.hints()) {
      line(
          1,
          hint.kind() == Hint.Kind.RESTART || hint.kind() == Hint.Kind.NOTE
              ? Tone.FAINT
              : Tone.WARNING,
          hint.kind().title() + ": " + hint.object().shortText() + ": " + hint.reason());
    }
    diff.notices().forEach(notice -> line(1, Tone.WARNING, "notice: " + notice));
    diff.hooks().forEach(hook -> line(1, Tone.PLAIN, "hook: " + hook(hook)));
    if (diff.isEmpty()) {
      line(1, Tone.FAINT, "no object differs");
    }
    DiffLines.of(diff, detail).forEach(this::line);
  }

  /** Such as {@code pre-upgrade Job shop/migrate (weight 0, deleted: before-hook-creation)}. */
  static String hook(HookRun hook) {
    return hook.event()
        + " "
        + hook.id().shortText()
        + " (weight "
        + hook.weight()
        + ", deleted: "
        + String.join(", ", hook.deletePolicies())
        + (hook.changed() ? ", changed)" : ")");
  }

  private static Tone tone(Change change) {
    return switch (change.action()) {
      case "install" -> Tone.ADDED;
      case "delete", "orphan" -> Tone.REMOVED;
      default -> Tone.CHANGED;
    };
  }

  private void line(DiffLine line) {
    switch (line.kind()) {
      case OBJECT_ADDED -> line(1, Tone.ADDED, "+ " + line.text());
      case OBJECT_REMOVED -> line(1, Tone.REMOVED, "- " + line.text());
      case OBJECT_CHANGED -> line(1, Tone.CHANGED, "~ " + line.text());
      case ADDED -> line(2, Tone.ADDED, "+ " + line.text());
      case REMOVED -> line(2, Tone.REMOVED, "- " + line.text());
      case CONTEXT -> line(2, Tone.PLAIN, "  " + line.text());
      case NOTE -> line(2, Tone.FAINT, "# " + line.text());
    }
  }
}
