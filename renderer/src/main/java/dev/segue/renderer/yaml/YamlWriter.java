// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.serializer.Serializer;

/**
 * Writes plain data as YAML: two spaces, LF, maps in their own order, no anchors, no line folding.
 * Every string that any YAML reader might take for something else is quoted; a string of several
 * lines is a literal block. Equal data, equal bytes.
 */
public final class YamlWriter {
  private static final Resolver RESOLVER = new Resolver(); // only read

  private YamlWriter() {}

  /**
   * Returns {@code data} (maps with string keys, lists, strings, booleans, numbers, null) as one
   * document.
   */
  public static String write(@Nullable Object data) {
    return dump(data, false);
  }

  /**
   * As {@link #write}, for text that passes through Argo's templating: no two braces stand side by
   * side in it, so nothing in the data is ever taken for an expression, and yet it reads back as
   * the same data.
   */
  public static String writeForArgo(@Nullable Object data) {
    return escapeBraces(dump(data, true));
  }

  /** The library's entrance is not used, as it sets up the JDK's logging, which takes long. */
  private static String dump(@Nullable Object data, boolean forArgo) {
    DumperOptions options = options();
    StringWriter text = new StringWriter();
    Serializer serializer = new Serializer(new Emitter(text, options), RESOLVER, options, null);
    try {
      serializer.open();
      serializer.serialize(new PlainData(options, forArgo).represent(data));
      serializer.close();
    } catch (IOException e) {
      throw new UncheckedIOException("text is always writable", e);
    }
    return text.toString();
  }

  /**
   * In double-quoted scalars only: {@link PlainData} sees to it that every doubled brace stands in
   * one.
   */
  private static String escapeBraces(String yaml) {
    return yaml.replace("{{", "\\x7B\\x7B").replace("}}", "\\x7D\\x7D");
  }

  private static DumperOptions options() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(FlowStyle.BLOCK);
    options.setIndent(2);
    options.setIndicatorIndent(0);
    options.setWidth(Integer.MAX_VALUE);
    options.setSplitLines(false);
    options.setLineBreak(DumperOptions.LineBreak.UNIX);
    options.setMaxSimpleKeyLength(1024);
    options.setDereferenceAliases(true);
    return options;
  }

  private static final class PlainData extends Representer {
    private final boolean forArgo;

    PlainData(DumperOptions options, boolean forArgo) {
      super(options);
      setDefaultFlowStyle(options.getDefaultFlowStyle());
      setDefaultScalarStyle(options.getDefaultScalarStyle());
      this.forArgo = forArgo;
      this.representers.put(String.class, data -> string((String) data));
      this.representers.put(Double.class, data -> number((Double) data));
      // One representer for every kind of map and list: the unmodifiable ones of the JDK are no
      // public classes.
      this.multiRepresenters.put(Map.class, data -> represent((Map<?, ?>) data));
      this.multiRepresenters.put(List.class, data -> represent((List<?>) data));
    }

    private Node represent(Map<?, ?> map) {
      return representMapping(Tag.MAP, map, map.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private Node represent(List<?> list) {
      return representSequence(Tag.SEQ, list, list.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private Node string(String text) {
      return representScalar(Tag.STR, text, style(text));
    }

    private ScalarStyle style(String text) {
      if (forArgo && (text.contains("{{") || text.contains("}}"))) {
        return ScalarStyle.DOUBLE_QUOTED;
      }
      if (isBlock(text)) {
        return ScalarStyle.LITERAL;
      }
      return isPlain(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
    }

    /**
     * A block keeps its text only when every line is printable, none ends in a space and the first
     * is not indented.
     */
    private static boolean isBlock(String text) {
      return text.indexOf('\n') > 0
          && !text.startsWith(" ")
          && !text.contains(" \n")
          && !text.endsWith(" ")
          && !text.endsWith("\n\n")
          && text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
    }

    /** Careful: what is not surely a string to every reader is quoted. */
    private static boolean isPlain(String text) {
      return !text.isEmpty()
          && Character.isLetter(text.charAt(0))
          && !text.endsWith(":")
          && !text.contains(": ")
          && !text.contains(" #")
          && !text.endsWith(" ")
          && text.chars().allMatch(c -> c >= ' ' && c < 0x7f)
          && !Scalars.isAmbiguous(text);
    }

    private Node number(Double number) {
      if (number.isNaN() || number.isInfinite()) {
        throw new IllegalArgumentException("YAML that is also JSON has no " + number);
      }
      String text = new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
      return representScalar(
          Tag.FLOAT, text.contains(".") || text.length() > 20 ? number(number, text) : text + ".0");
    }

    private static String number(Double number, String plain) {
      return plain.length() > 20
          ? number.toString().replace("E", "e+").replace("e+-", "e-")
          : plain;
    }
  }
}
