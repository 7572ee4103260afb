// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks through the templates of a chart and its sub-charts for what makes their output depend on
 * more than chart and values.
 *
 * @param clusterNotices one for {@code lookup} and one for questions which APIs the cluster has
 * @param clock where the time is used, as {@code templates/a.yaml:3 calls `now`}; a line at most
 * @param chance where what may differ between two renders is used, in the same form
 * @param evaluatesValues whether values are evaluated as templates too ({@code tpl})
 * @param writes whether a template may change data that another one reads
 */
record TemplateScan(
    List<String> clusterNotices,
    List<String> clock,
    List<String> chance,
    boolean evaluatesValues,
    boolean writes) {
  /** Actions; a comment may hold braces. */
  private static final Pattern ACTION =
      Pattern.compile("\\{\\{-?\\s*/\\*.*?\\*/\\s*-?}}|\\{\\{(.*?)}}", Pattern.DOTALL);

  private static final Pattern STRING =
      Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*+\"|`[^`]*+`", Pattern.DOTALL);
  private static final Pattern CLOCK = function("now|ago");
  private static final Pattern CHANCE =
      function(
          "rand[A-Z]\\w*|uuidv4|gen[A-Z]\\w*|buildCustomCert|htpasswd|bcrypt|encryptAES|shuffle"
              + "|env|expandenv|getHostByName|keys|values|date|dateInZone|date_in_zone|htmlDate"
              + "|htmlDateInZone|dateModify|date_modify|derivePassword");
  private static final Pattern TPL = function("tpl");

  /** Sprig's functions that change the map they are given. */
  private static final Pattern WRITE =
      function("set|unset|merge|mergeOverwrite|mustMerge|mustMergeOverwrite");

  private static final Pattern LOOKUP = function("lookup");
  private static final Pattern HAS =
      Pattern.compile("(\\.Capabilities\\.APIVersions)(?:\\.Has)?\\b");

  private static Pattern function(String names) {
    return Pattern.compile("(?<![\\w.$-])(" + names + ")(?![\\w.:-])");
  }

  /** What is in one file. */
  private record OfFile(
      List<TemplateUse> lookups,
      List<TemplateUse> apis,
      List<TemplateUse> clock,
      List<TemplateUse> chance,
      boolean evaluates,
      boolean writes,
      boolean template) {}

  /** What is in the files of a chart, to be used for charts that have the same files. */
  static final class Scanned {
    private final ChartFiles chart;
    private final Map<String, OfFile> files = new TreeMap<>();

    private Scanned(ChartFiles chart) {
      this.chart = chart;
      chart.all().forEach((path, content) -> files.put(path, file(path, content)));
    }

    TemplateScan whole() {
      return together(files.values());
    }

    /**
     * Returns what is in another chart, whose files are those of this one, maybe with something
     * before them on their first line.
     */
    TemplateScan of(ChartFiles other) {
      List<OfFile> found = new ArrayList<>();
      other
          .all()
          .forEach(
              (path, content) -> {
                byte[] same = chart.all().get(path);
                OfFile before = files.get(path);
                boolean known = same != null && before != null && endsWith(content, same);
                found.add(known && before != null ? before : file(path, content));
              });
      return together(found);
    }

    private static boolean endsWith(byte[] content, byte[] end) {
      int from = content.length - end.length;
      return from >= 0 && Arrays.equals(content, from, content.length, end, 0, end.length);
    }
  }

  static Scanned scan(ChartFiles chart) {
    return new Scanned(chart);
  }

  static TemplateScan of(ChartFiles chart) {
    return scan(chart).whole();
  }

  private static TemplateScan together(Collection<OfFile> files) {
    List<String> clusterNotices = new ArrayList<>();
    TemplateUse.told(all(files, OfFile::lookups), "calls", "call")
        .forEach(
            use ->
                clusterNotices.add(
                    use
                        + ": shown here as if it found nothing, in the cluster what it finds"
                        + " decides"));
    TemplateUse.told(all(files, OfFile::apis), "asks", "ask")
        .forEach(
            use ->
                clusterNotices.add(
                    use
                        + ": shown here for the APIs that Helm knows, in the cluster those that it"
                        + " has decide"));
    boolean evaluates = files.stream().anyMatch(OfFile::evaluates);
    boolean writes =
        files.stream().anyMatch(file -> file.writes() && (file.template() || evaluates));
    return new TemplateScan(
        clusterNotices,
        TemplateUse.told(all(files, OfFile::clock), "calls", "call"),
        TemplateUse.told(all(files, OfFile::chance), "calls", "call"),
        evaluates,
        writes);
  }

  private static List<TemplateUse> all(
      Collection<OfFile> files, Function<OfFile, List<TemplateUse>> uses) {
    return files.stream().flatMap(file -> uses.apply(file).stream()).toList();
  }

  private static OfFile file(String path, byte[] content) {
    String inChart = path.substring(WorkerCopy.chartFolder(path).length());
    String text = ChartFiles.text(content);
    if (!inChart.startsWith("templates/")) {
      return new OfFile(List.of(), List.of(), List.of(), List.of(), false, mayWrite(text), false);
    }
    List<TemplateUse> lookups = new ArrayList<>();
    List<TemplateUse> apis = new ArrayList<>();
    List<TemplateUse> clock = new ArrayList<>();
    List<TemplateUse> chance = new ArrayList<>();
    boolean tpl = false;
    boolean writes = false;
    Matcher action = ACTION.matcher(text);
    while (action.find()) {
      if (action.group(1) == null) {
        continue;
      }
      String code = blankStrings(action.group(1));
      int offset = action.start(1);
      find(CLOCK, code, path, text, offset, clock);
      find(CHANCE, code, path, text, offset, chance);
      find(LOOKUP, code, path, text, offset, lookups);
      find(HAS, code, path, text, offset, apis);
      tpl |= TPL.matcher(code).find();
      writes |= WRITE.matcher(code).find();
    }
    return new OfFile(lookups, apis, clock, chance, tpl, writes, true);
  }

  /** Whether a template may change data that another one reads, when the values are these. */
  boolean writesWith(String values) {
    return writes || (evaluatesValues && mayWrite(values));
  }

  private static boolean mayWrite(String data) {
    return data.contains("{{") && WRITE.matcher(data).find();
  }

  /** Whether two renders may differ when the values are these. */
  boolean mayDiffer(String values) {
    boolean inValues =
        evaluatesValues
            && values.contains("{{")
            && (CHANCE.matcher(values).find() || CLOCK.matcher(values).find());
    return !chance.isEmpty() || !clock.isEmpty() || inValues;
  }

  /**
   * Returns the text of a template, or of values that are evaluated as one, in which every {@code
   * lookup} is a call with the same arguments that gives an empty map.
   */
  static String withoutLookup(String text) {
    if (!text.contains("lookup")) {
      return text;
    }
    StringBuilder changed = new StringBuilder();
    int copied = 0;
    Matcher action = ACTION.matcher(text);
    while (action.find()) {
      if (action.group(1) == null) {
        continue;
      }
      for (Matcher use : uses(LOOKUP, blankStrings(action.group(1)))) {
        int start = action.start(1) + use.start();
        changed.append(text, copied, start).append("omit (dict)");
        copied = start + "lookup".length();
      }
    }
    return changed.append(text, copied, text.length()).toString();
  }

  private static void find(
      Pattern pattern, String code, String path, String text, int offset, List<TemplateUse> found) {
    for (Matcher use : uses(pattern, code)) {
      found.add(new TemplateUse(place(path, text, offset + use.start()), use.group(1)));
    }
  }

  private static List<Matcher> uses(Pattern pattern, String code) {
    List<Matcher> uses = new ArrayList<>();
    Matcher matcher = pattern.matcher(code);
    int from = 0;
    while (matcher.find(from)) {
      from = matcher.end();
      uses.add(matcher);
      matcher = pattern.matcher(code);
    }
    return uses;
  }

  /** Strings are no code; their lines count all the same. */
  private static String blankStrings(String code) {
    if (code.indexOf('"') < 0 && code.indexOf('`') < 0) {
      return code;
    }
    return STRING.matcher(code).replaceAll(found -> found.group().replaceAll("[^\n]", "_"));
  }

  private static String place(String path, String text, int offset) {
    long line = 1 + text.substring(0, offset).chars().filter(c -> c == '\n').count();
    return path + ":" + line;
  }
}
