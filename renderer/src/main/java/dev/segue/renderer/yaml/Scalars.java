// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What a scalar means to Kubernetes and Helm, whose reader (sigs.k8s.io/yaml) takes {@code yes} and
 * {@code on} for booleans as YAML 1.1 does, and has neither dates nor numbers to the base of 60.
 */
final class Scalars {
  /** The tag of a scalar without quotes and without a tag of its own. */
  static final Tag PLAIN = new Tag("!plain");

  private static final Set<Tag> KNOWN =
      Set.of(
          PLAIN,
          Tag.STR,
          Tag.NULL,
          Tag.BOOL,
          Tag.INT,
          Tag.FLOAT,
          Tag.TIMESTAMP,
          Tag.MERGE,
          Tag.MAP,
          Tag.SEQ);
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSES =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9][0-9_]*");
  private static final Pattern OTHER_BASE =
      Pattern.compile(
          "[-+]?0([xX]_*[0-9a-fA-F][0-9a-fA-F_]*|[bB]_*[01][01_]*|[oO]?_*[0-7][0-7_]*)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?");

  private Scalars() {}

  /** Returns what the scalar means; its tag must be one that {@link #isKnown} knows. */
  static @Nullable Object resolve(ScalarNode node) {
    Tag tag = node.getTag();
    return tag.equals(PLAIN)
            || tag.equals(Tag.NULL)
            || tag.equals(Tag.BOOL)
            || tag.equals(Tag.INT)
            || tag.equals(Tag.FLOAT)
        ? resolvePlain(node.getValue())
        : node.getValue();
  }

  /** Whether the tag, written or implied, is one of plain data. */
  static boolean isKnown(Tag tag) {
    return KNOWN.contains(tag);
  }

  /** Whether some reader takes the plain {@code text} for something else than a string. */
  static boolean isAmbiguous(String text) {
    return !(resolvePlain(text) instanceof String);
  }

  private static @Nullable Object resolvePlain(String text) {
    if (NULLS.contains(text)) {
      return null;
    }
    if (TRUES.contains(text)) {
      return true;
    }
    if (FALSES.contains(text)) {
      return false;
    }
    if (OTHER_BASE.matcher(text).matches()) {
      return otherBase(text);
    }
    if (DECIMAL.matcher(text).matches()) {
      return integer(text.replace("_", ""), 10);
    }
    if (FLOAT.matcher(text).matches()) {
      return finite(text);
    }
    return text;
  }

  private static Object finite(String text) {
    double number = Double.parseDouble(text.replace("_", ""));
    return Double.isFinite(number) ? number : text; // JSON has no infinity
  }

  private static Object otherBase(String text) {
    String sign = text.startsWith("-") ? "-" : "";
    String digits = text.replace("_", "").replaceFirst("^[-+]?0", "");
    if (digits.isEmpty()) {
      return 0L;
    }
    return switch (Character.toLowerCase(digits.charAt(0))) {
      case 'x' -> integer(sign + digits.substring(1), 16);
      case 'b' -> integer(sign + digits.substring(1), 2);
      case 'o' -> integer(sign + digits.substring(1), 8);
      default -> integer(sign + digits, 8);
    };
  }

  private static Object integer(String digits, int radix) {
    BigInteger number = new BigInteger(digits, radix);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }
}
