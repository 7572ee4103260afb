// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why an API server does not take an object, in few of its words. */
final class Refusals {
  private static final int MOST_CAUSES = 3;
  private static final int LONGEST = 240;

  /** What stands before the field that is not known. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "^.*?(?:failed to create typed (?:patch|live|new) object \\([^)]*\\): |strict decoding error: |error decoding from json: )",
          Pattern.DOTALL);

  /** An invalid value, and what is wrong with it. */
  private static final Pattern INVALID =
      Pattern.compile("^Invalid value: (\"(?:\\\\.|[^\"\\\\])*\"|[-0-9.]+|true|false): (.*)$");

  private static final String INVALID_VALUE = "Invalid value: ";
  private static final int LONGEST_VALUE = 60;

  private Refusals() {}

  /** Returns it in one line; of a Secret without values. */
  static String text(Target target, Answer answer) {
    boolean secret = target.kind().equals(Resource.SECRET.kind());
    List<String> causes = causes(answer, secret);
    if (causes.isEmpty()) {
      return cut(PREFIX.matcher(Failures.said(target, answer)).replaceFirst(""));
    }
    int more = causes.size() - MOST_CAUSES;
    String text = String.join("; ", causes.subList(0, Math.min(MOST_CAUSES, causes.size())));
    return more > 0 ? text + "; and " + more + " more" : text;
  }

  private static List<String> causes(Answer answer, boolean secret) {
    List<String> causes = new ArrayList<>();
    if (answer.fields() != null
        && answer.fields().get("details") instanceof Map<?, ?> details
        && details.get("causes") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> cause
            && cause.get("message") instanceof String message
            && cause.get("field") instanceof String field) {
          String text =
              cut((field.isEmpty() ? "" : "`" + field + "` ") + withoutValue(message, secret));
          if (!causes.contains(text)) {
            causes.add(text);
          }
        }
      }
    }
    return causes;
  }

  /** A value that is long, or a Secret's, is left out. */
  private static String withoutValue(String message, boolean secret) {
    if (!message.startsWith(INVALID_VALUE)) {
      return message;
    }
    Matcher invalid = INVALID.matcher(message);
    boolean simple = invalid.matches();
    if (simple && !secret && invalid.group(1).length() <= LONGEST_VALUE) {
      return message;
    }
    int why = message.lastIndexOf(": ");
    return "Invalid value: "
        + (simple
            ? invalid.group(2)
            : message.substring(Math.max(INVALID_VALUE.length(), why + 2)));
  }

  private static String cut(String text) {
    String line = Failures.oneLine(text);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
