// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is said of each code in {@code docs/problems.md}, which the jar carries. */
public final class Rules {
  private static final String RESOURCE = "/docs/problems.md";
  private static final Pattern SECTION =
      Pattern.compile("^### (SG\\d+)\\n(.*?)(?=^### |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\([^)]+\\)");
  private static final Pattern TITLE = Pattern.compile("^\\*\\*(.+?)\\*\\*", Pattern.DOTALL);

  private final Map<String, Text> texts = new HashMap<>();

  private Rules(String document) {
    Matcher sections = SECTION.matcher(document);
    while (sections.find()) {
      texts.put(sections.group(1), text(sections.group(2).strip()));
    }
  }

  /**
   * What is said of a code.
   *
   * @param title its first sentence
   * @param markdown all of it, without links, as they lead nowhere from elsewhere
   * @param plain the same without bold type
   */
  record Text(String title, String markdown, String plain) {}

  /** Reads them. */
  public static Rules read() {
    try (InputStream in = Rules.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar must carry " + RESOURCE);
      }
      return new Rules(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the jar itself cannot be read", e);
    }
  }

  /** A title alone for a code without a paragraph. */
  Text of(ProblemCode code) {
    Text text = texts.get(code.id());
    return text == null ? new Text(code.id(), code.id(), code.id()) : text;
  }

  private static Text text(String section) {
    String markdown = LINK.matcher(section).replaceAll("$1");
    String plain = markdown.replace("**", "");
    Matcher bold = TITLE.matcher(markdown);
    String title = bold.find() ? bold.group(1) : plain.lines().findFirst().orElse("");
    String line = title.replaceAll("\\s+", " ").replaceAll("[,.:]$", "");
    return new Text(line + ".", markdown, plain);
  }
}
