// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What a scalar means to Kubernetes and Helm, whose reader (sigs.k8s.io/yaml) takes {@code yes} and
 * {@code on} for booleans as YAML 1.1 does, and has neither dates nor numbers to the base of 60.
 */
final class Scalars {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSES =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9][0-9_]*");
  private static final Pattern OTHER_BASE =
      Pattern.compile("[-+]?0([xX][0-9a-fA-F_]+|[bB][01_]+|[oO]?[0-7_]+)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?");

  private Scalars() {}

  static @Nullable Object resolve(ScalarNode node) {
    String text = node.getValue();
    if (node.getScalarStyle() != ScalarStyle.PLAIN
        || (node.getTag().equals(Tag.STR) && !isAmbiguous(text))) {
      return text;
    }
    return resolvePlain(text);
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
