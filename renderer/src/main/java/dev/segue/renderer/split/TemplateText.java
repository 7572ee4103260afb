// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * A template taken apart as Go's {@code text/template} does: its actions and the blocks that they
 * open and close. Strings, raw strings and comments may hold braces. What Go would refuse is read
 * as far as it goes: the whole chart does not render then.
 */
final class TemplateText {
  private static final Set<String> OPENING = Set.of("if", "range", "with", "define", "block");

  private final String text;
  private final List<Action> actions = new ArrayList<>();
  private final List<Definition> definitions = new ArrayList<>();

  private TemplateText(String text) {
    this.text = text;
  }

  static TemplateText of(String text) {
    TemplateText read = new TemplateText(text);
    read.scan();
    read.match();
    return read;
  }

  /**
   * One action, comments left out.
   *
   * @param start where its left delimiter begins
   * @param end behind its right delimiter
   * @param code between the delimiters, without the signs that trim spaces
   * @param codeStart where the code begins
   * @param tokens those of the code
   */
  record Action(int start, int end, String code, int codeStart, List<GoTokens.Token> tokens) {
    String keyword() {
      return tokens.isEmpty() || tokens.get(0).kind() != GoTokens.Kind.WORD
          ? ""
          : tokens.get(0).text();
    }
  }

  /**
   * A named template.
   *
   * @param start where {@code define} begins
   * @param bodyStart behind the action that opens it
   * @param bodyEnd where the action that ends it begins
   * @param end behind that action
   * @param inline whether it is a {@code block}, which is executed where it stands
   * @param empty whether it holds nothing but spaces and comments; such a one does not replace
   *     another
   */
  record Definition(
      String name, int start, int bodyStart, int bodyEnd, int end, boolean inline, boolean empty) {}

  String text() {
    return text;
  }

  /** In the text's order. */
  List<Action> actions() {
    return actions;
  }

  /** By where they end. */
  List<Definition> definitions() {
    return definitions;
  }

  /** Returns the actions of a named template's body. */
  List<Action> body(Definition definition) {
    return actions.stream()
        .filter(a -> a.start() >= definition.bodyStart() && a.end() <= definition.bodyEnd())
        .toList();
  }

  /** Returns the actions that are executed when the file itself is. */
  List<Action> executed() {
    List<Definition> apart = definitions.stream().filter(d -> !d.inline()).toList();
    if (apart.isEmpty()) {
      return actions;
    }
    List<Action> executed = new ArrayList<>();
    for (Action action : actions) {
      if (apart.stream().noneMatch(d -> d.start() <= action.start() && action.end() <= d.end())) {
        executed.add(action);
      }
    }
    return executed;
  }

  /** Returns the named templates alone: a file that gives no output but defines the same. */
  String definitionsOnly() {
    StringBuilder only = new StringBuilder();
    for (Definition definition : definitions) {
      if (definition.inline()) {
        only.append("{{ define ").append(quote(definition.name())).append(" }}");
        only.append(text, definition.bodyStart(), definition.bodyEnd());
        only.append(trimmed(definition) ? "{{- end }}\n" : "{{ end }}\n");
      } else {
        only.append(text, definition.start(), definition.end()).append('\n');
      }
    }
    return only.toString();
  }

  /** The action that ends a block may trim the spaces before it. */
  private boolean trimmed(Definition definition) {
    return text.startsWith("{{-", definition.bodyEnd());
  }

  private static String quote(String name) {
    return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Returns the line, 1 being the first, in which {@code offset} stands. */
  int line(int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  private void scan() {
    int at = text.indexOf("{{");
    while (at >= 0) {
      int code = at + 2;
      if (isTrim(code)) {
        code += 1;
      }
      int comment = skipSpaces(code);
      int end =
          text.startsWith("/*", comment) && (comment == code || isTrim(at + 2))
              ? endOfComment(comment)
              : endOfAction(at, code);
      at = text.indexOf("{{", end);
    }
  }

  /** {@code -} before a space. */
  private boolean isTrim(int at) {
    return at + 1 < text.length()
        && text.charAt(at) == '-'
        && Character.isWhitespace(text.charAt(at + 1));
  }

  private int skipSpaces(int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private int endOfComment(int start) {
    int end = text.indexOf("*/", start + 2);
    int close = end < 0 ? -1 : text.indexOf("}}", end + 2);
    return close < 0 ? text.length() : close + 2;
  }

  private int endOfAction(int start, int codeStart) {
    int at = codeStart;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (text.startsWith("}}", at)) {
        int codeEnd =
            at > codeStart + 1
                    && text.charAt(at - 1) == '-'
                    && Character.isWhitespace(text.charAt(at - 2))
                ? at - 1
                : at;
        String code = text.substring(codeStart, codeEnd);
        actions.add(new Action(start, at + 2, code, codeStart, GoTokens.of(code)));
        return at + 2;
      }
      at = c == '"' || c == '`' || c == '\'' ? GoTokens.endOfQuoted(text, at) : at + 1;
    }
    return text.length();
  }

  private void match() {
    Deque<Action> open = new ArrayDeque<>();
    for (Action action : actions) {
      String keyword = action.keyword();
      if (OPENING.contains(keyword)) {
        open.push(action);
      } else if (keyword.equals("end") && !open.isEmpty()) {
        Action opening = open.pop();
        boolean inline = opening.keyword().equals("block");
        if (inline || opening.keyword().equals("define")) {
          define(opening, action, inline);
        }
      }
    }
  }

  private void define(Action opening, Action end, boolean inline) {
    List<GoTokens.Token> tokens = opening.tokens();
    if (tokens.size() > 1 && tokens.get(1).kind() == GoTokens.Kind.STRING) {
      definitions.add(
          new Definition(
              tokens.get(1).text(),
              opening.start(),
              opening.end(),
              end.start(),
              end.end(),
              inline,
              isEmpty(opening.end(), end.start())));
    }
  }

  private boolean isEmpty(int from, int to) {
    if (actions.stream().anyMatch(a -> a.start() >= from && a.end() <= to)) {
      return false;
    }
    int at = from;
    while (at < to) {
      if (text.startsWith("{{", at)) { // a comment, or an action would be there
        int comment = text.indexOf("/*", at);
        at = comment < 0 ? to : endOfComment(comment);
      } else if (!Character.isWhitespace(text.charAt(at))) {
        return false;
      } else {
        at++;
      }
    }
    return true;
  }
}
