// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import java.util.ArrayList;
import java.util.List;

/** The tokens of an action of a Go template. */
final class GoTokens {
  private GoTokens() {}

  /** What a token is. */
  enum Kind {
    /** A string, its escapes resolved. */
    STRING,
    /** A name, a field chain such as {@code $.Values.db} or a number. */
    WORD,
    /** A parenthesis, a pipe, a comma, an assignment. */
    SIGN
  }

  /**
   * @param offset where it begins in the code
   */
  record Token(Kind kind, String text, int offset) {
    boolean is(String word) {
      return kind != Kind.STRING && text.equals(word);
    }
  }

  static List<Token> of(String code) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < code.length()) {
      char c = code.charAt(at);
      if (c == '"' || c == '`' || c == '\'') {
        int end = endOfQuoted(code, at);
        if (c != '\'') {
          tokens.add(new Token(Kind.STRING, unquote(code.substring(at, end)), at));
        }
        at = end;
      } else if (isWord(c)) {
        int end = at;
        while (end < code.length() && isWord(code.charAt(end))) {
          end++;
        }
        tokens.add(new Token(Kind.WORD, code.substring(at, end), at));
        at = end;
      } else {
        if (!Character.isWhitespace(c)) {
          tokens.add(new Token(Kind.SIGN, String.valueOf(c), at));
        }
        at++;
      }
    }
    return tokens;
  }

  /** Returns where the string, raw string or character that begins at {@code start} has ended. */
  static int endOfQuoted(String text, int start) {
    char quote = text.charAt(start);
    for (int at = start + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\' && quote != '`') {
        at++;
      } else if (c == quote) {
        return at + 1;
      } else if (c == '\n' && quote != '`') {
        return at; // Go refuses it
      }
    }
    return text.length();
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$';
  }

  private static String unquote(String quoted) {
    int end = quoted.length() > 1 && quoted.endsWith(quoted.substring(0, 1)) ? 1 : 0;
    String inner = quoted.substring(1, quoted.length() - end);
    if (quoted.charAt(0) == '`' || inner.indexOf('\\') < 0) {
      return inner;
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < inner.length(); at++) {
      char c = inner.charAt(at);
      if (c != '\\' || at + 1 == inner.length()) {
        text.append(c);
        continue;
      }
      char escaped = inner.charAt(++at);
      int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : escaped == 'U' ? 8 : 0;
      if (digits > 0 && at + digits < inner.length()) {
        at += appendCodePoint(text, inner.substring(at + 1, at + 1 + digits));
      } else {
        text.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              default -> escaped;
            });
      }
    }
    return text.toString();
  }

  private static int appendCodePoint(StringBuilder text, String hex) {
    int codePoint = 0;
    for (int i = 0; i < hex.length(); i++) {
      codePoint = codePoint * 16 + Math.max(0, Character.digit(hex.charAt(i), 16));
    }
    text.appendCodePoint(Character.isValidCodePoint(codePoint) ? codePoint : 0xFFFD);
    return hex.length();
  }
}
