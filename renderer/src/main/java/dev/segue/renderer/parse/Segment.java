// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of one document as text, for what can be said about it though it is no YAML.
 *
 * @param firstLine 1 being the first of the file
 */
record Segment(int firstLine, List<String> lines) {
  private static final Pattern BEGIN = Pattern.compile("---(\\s.*)?");
  private static final Pattern OURS =
      Pattern.compile(
          "\\bapiVersion[\"']?\\s*:\\s*[\"']?(segue\\.dev|orkestra\\.azure\\.microsoft\\.com)/"
              + "|\\bkind[\"']?\\s*:\\s*[\"']?ApplicationGroup\\b");
  private static final Pattern NAME =
      Pattern.compile("(?:^|[{,\\s\"'])name[\"']?\\s*:\\s*[\"']?([a-z0-9-]+)");

  Segment {
    lines = List.copyOf(lines);
  }

  /** Splits at the lines that begin a document. */
  static List<Segment> of(String text) {
    List<Segment> segments = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    int line = 0;
    int firstLine = 1;
    for (String content : text.split("\n", -1)) {
      line++;
      if (line > 1 && BEGIN.matcher(content).matches()) {
        segments.add(new Segment(firstLine, lines));
        lines = new ArrayList<>();
        firstLine = line;
      }
      lines.add(content);
    }
    segments.add(new Segment(firstLine, lines));
    return segments;
  }

  boolean contains(int line) {
    return line >= firstLine && line < firstLine + lines.size();
  }

  /** Whether it was probably meant for us. */
  boolean isOurs() {
    return lines.stream().anyMatch(line -> OURS.matcher(line).find());
  }

  /** Whether it is a template, which need not be YAML before it is rendered. */
  boolean isTemplate() {
    return lines.stream().anyMatch(line -> line.contains("{{"));
  }

  /** What {@code metadata.name} probably is. */
  Optional<String> guessedName() {
    boolean inMetadata = false;
    for (String line : lines) {
      boolean begins = line.startsWith("metadata:");
      boolean goesOn =
          inMetadata && (line.isBlank() || line.startsWith(" ") || line.startsWith("#"));
      inMetadata = begins || goesOn;
      Matcher name = NAME.matcher(line);
      if (inMetadata && !line.strip().startsWith("#") && name.find()) {
        return Optional.of(name.group(1));
      }
    }
    return Optional.empty();
  }
}
