// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.DnsLabel;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.ObjectName;
import dev.segue.renderer.model.SemanticVersion;
import java.util.regex.Pattern;

/** The rules for a setting's text. */
final class SettingCheck {
  private static final int MAX_LABEL = 63;
  private static final Pattern BAD_REF =
      Pattern.compile(
          ".*(\\.\\.|[\\s~^:?*\\[\\\\\\p{Cntrl}]|@\\{|//|/\\.|\\.lock(/|$)).*|[-/.].*|refs/.*|.*[/.]|@",
          Pattern.DOTALL);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int MAX_COUNT = 10_000;

  private SettingCheck() {}

  /**
   * Throws IllegalArgumentException with "must …" for what the setting does not take; never shows
   * what may be a secret.
   */
  static void check(Setting.Kind kind, String text) {
    switch (kind) {
      case TEXT -> checkText(text);
      case LABEL, LABELS -> DnsLabel.check("it", text, MAX_LABEL);
      case OBJECT_NAME -> ObjectName.check("it", text);
      case GIT_URL -> GitUrl.check(text);
      case FLUX_URL -> GitUrl.checkForFlux(text);
      case REF -> require(!BAD_REF.matcher(text).matches(), "must be a ref's short name", text);
      case COMMIT -> CommitId.parse(text);
      case FILE ->
          require(!CONTROL.matcher(text).find(), "must be a path without control characters", text);
      case DURATION -> GoDuration.parse(text);
      case COUNT -> checkCount(text, 0);
      case POSITIVE_COUNT -> checkCount(text, 1);
      case SIZE -> ByteSize.parse(text);
      case POD_GC ->
          require(
              Setting.POD_GC_STRATEGIES.contains(text),
              "must be one of " + String.join(", ", Setting.POD_GC_STRATEGIES),
              text);
      case VERSION -> SemanticVersion.parse(text);
      case GLOBS ->
          require(
              !text.isEmpty() && !text.startsWith("/") && !text.matches("(.*/)?\\.\\.(/.*)?"),
              "must be a pattern of paths inside the repository",
              text);
      case FLAG ->
          require(text.equals("true") || text.equals("false"), "must be true or false", text);
      case LISTEN -> ListenAddress.parse(text);
      case WEB_URL -> GitUrl.checkForWeb(text);
    }
  }

  /** What goes into a commit's author must not break out of its line. */
  private static void checkText(String text) {
    boolean safe = !CONTROL.matcher(text).find() && !text.contains("<") && !text.contains(">");
    require(safe, "must be a line without `<` and `>`", text);
  }

  private static void checkCount(String text, int min) {
    boolean number = text.matches("[0-9]{1,9}");
    boolean inRange =
        number && Integer.parseInt(text) >= min && Integer.parseInt(text) <= MAX_COUNT;
    require(inRange, "must be a whole number from " + min + " to " + MAX_COUNT, text);
  }

  private static void require(boolean holds, String rule, String text) {
    if (!holds) {
      throw new IllegalArgumentException(rule + "; got \"" + text + "\"");
    }
  }
}
