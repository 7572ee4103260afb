// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.split.TemplateText.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the templates do that may come out otherwise in parts, by template and line. */
final class Hazards {
  private static final Pattern STRING =
      Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*+\"|`[^`]*+`", Pattern.DOTALL);
  private static final Pattern LOOKUP = Pattern.compile("(?<![\\w.$-])lookup(?![\\w.:-])");
  private static final Pattern RELEASE =
      Pattern.compile("\\.Release\\.(IsInstall|IsUpgrade|Revision)\\b");
  private static final Pattern WRITES =
      Pattern.compile(
          "(?<![\\w.$-])(set|unset|(?:must)?[mM]erge(?:Overwrite)?)\\s+\\(?\\s*"
              + "\\$?[\\w.]*?\\.(?:Values\\.([\\w.]+)|(Subcharts)\\b)");
  private static final Pattern EARLY_HOOK =
      Pattern.compile("helm\\.sh/hook[\"']?\\s*:[^\n]*\\bpre-(?:install|upgrade)\\b");

  /** What is looked for has one of these in it. */
  private static final List<String> WORDS = List.of("lookup", ".Release.", "set", "erge");

  private final List<SplitChart.Refusal> refusals = new ArrayList<>();
  private final SortedSet<String> notices = new TreeSet<>();

  List<SplitChart.Refusal> refusals() {
    return refusals;
  }

  SortedSet<String> notices() {
    return notices;
  }

  void ofSubchart(String subchart, Reach reach) {
    reach.spans().forEach(span -> read(span, new TreeSet<>()));
    refuseForeignFiles(subchart, reach);
  }

  void ofParent(ChartTree root, Reach reach, SortedSet<String> others) {
    for (Reach.Span span : reach.spans()) {
      read(span, span.file().subchart().isEmpty() ? others : new TreeSet<>());
      if (!span.file().partial()) {
        earlyHook(span.file());
      }
    }
    reach.names().values().stream()
        .filter(winner -> winner.definition() == null && !winner.file().partial())
        .filter(winner -> others.contains(winner.file().subchart()))
        .forEach(winner -> refuse("the templates of " + root.meta().name(), winner.file()));
  }

  private void refuseForeignFiles(String subchart, Reach reach) {
    reach.names().values().stream()
        .filter(winner -> winner.definition() == null && !winner.file().partial())
        .filter(winner -> !winner.file().subchart().equals(subchart))
        .forEach(winner -> refuse("sub-chart \"" + subchart + "\"", winner.file()));
  }

  private void refuse(String who, Definitions.File file) {
    SplitChart.Refusal refusal =
        new SplitChart.Refusal(
            ProblemCode.SPLIT_NOT_EXACT,
            file.name()
                + ":1: is included as a whole by "
                + who
                + ", which must not include a rendered template of another chart",
            "Give what is shared a name with `define`, or keep the sub-chart with its parent"
                + " (`staging: false`)");
    if (!refusals.contains(refusal)) {
      refusals.add(refusal);
    }
  }

  private void read(Reach.Span span, SortedSet<String> others) {
    for (Action action : span.actions()) {
      if (WORDS.stream().noneMatch(action.code()::contains)) {
        continue;
      }
      String code =
          STRING.matcher(action.code()).replaceAll(s -> s.group().replaceAll("[^\n]", "_"));
      Matcher lookup = LOOKUP.matcher(code);
      while (lookup.find()) {
        note(
            span,
            action,
            lookup.start(),
            "calls `lookup`, which in the cluster may find objects of parts that are released"
                + " before; what it finds decides");
      }
      Matcher release = RELEASE.matcher(code);
      while (release.find()) {
        note(
            span,
            action,
            release.start(),
            "asks `.Release." + release.group(1) + "`, which counts for each part by itself");
      }
      Matcher writes = WRITES.matcher(code);
      while (writes.find()) {
        String path = writes.group(2) == null ? "" : writes.group(2);
        String first = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
        if (writes.group(3) != null || first.equals("global") || others.contains(first)) {
          note(
              span,
              action,
              writes.start(),
              "changes values that other charts see (`"
                  + writes.group(1)
                  + "`); in parts they do not see it");
        }
      }
    }
  }

  private void earlyHook(Definitions.File file) {
    Matcher hook = EARLY_HOOK.matcher(file.text().text());
    if (hook.find()) {
      notices.add(
          place(file, hook.start())
              + " is a hook that runs before the parent is installed or upgraded: in the whole it"
              + " ran before every sub-chart, now it runs after them");
    }
  }

  private void note(Reach.Span span, Action action, int offset, String what) {
    notices.add(place(span.file(), action.codeStart() + offset) + " " + what);
  }

  private static String place(Definitions.File file, int offset) {
    return file.name() + ":" + file.text().line(offset);
  }
}
