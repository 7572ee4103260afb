// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML into nodes that know their lines. Nothing is constructed but plain data; size, depth
 * and the number of nodes after aliases are bounded; a key that stands twice is a fault, not a
 * surprise.
 */
public final class YamlReader {
  /** The most characters of a text that is read: 3 MiB, twice what etcd would take. */
  public static final int MAX_CHARACTERS = 3 * 1024 * 1024;

  /** The deepest nesting. */
  public static final int MAX_DEPTH = 64;

  /** The most nodes of a text, aliases followed. */
  public static final int MAX_NODES = 400_000;

  /** After so many faults the rest is not read. */
  static final int MAX_FAULTS = 100;

  private static final Pattern NEXT_DOCUMENT = Pattern.compile("^---(?=\\s|$)", Pattern.MULTILINE);

  private final String text;
  private final boolean rendered;
  private final List<YamlNode> documents = new ArrayList<>();
  // A set: what an alias repeats is told once.
  private final Set<YamlFault> faults = new LinkedHashSet<>();
  private int nodes;
  // The lines before the part that is being read.
  private int linesBefore;

  private YamlReader(String text, boolean rendered) {
    this.text = text;
    this.rendered = rendered;
  }

  /**
   * Reads all documents of {@code text}; never throws for what is in the text. After a syntax fault
   * it goes on with the next document that {@code ---} begins.
   */
  public static YamlStream read(String text) {
    return read(text, false);
  }

  /**
   * As {@link #read}, for what others read too: where a key stands before a {@code <<} that has it
   * as well, it counts for us and by YAML's rule, and the merged one for Helm and kubectl (seen
   * with Helm 4.2). Such a key is a fault.
   */
  public static YamlStream readRendered(String text) {
    return read(text, true);
  }

  private static YamlStream read(String text, boolean rendered) {
    if (text.length() > MAX_CHARACTERS) {
      String message =
          "must have at most " + MAX_CHARACTERS + " characters; it has " + text.length();
      return new YamlStream(
          List.of(), List.of(new YamlFault(YamlFault.Kind.TOO_LARGE, 0, message)));
    }
    YamlReader reader = new YamlReader(text, rendered);
    reader.readAll();
    return new YamlStream(reader.documents, List.copyOf(reader.faults));
  }

  private void readAll() {
    int start = 0;
    while (start >= 0) {
      linesBefore = lineBreaks(0, start);
      try {
        readFrom(start);
        return;
      } catch (TooLarge e) {
        faults.add(new YamlFault(YamlFault.Kind.TOO_LARGE, 0, e.message));
        return;
      } catch (Broken e) {
        faults.add(new YamlFault(YamlFault.Kind.SYNTAX, e.line, "must be YAML: " + e.message));
        start = e.line == 0 ? -1 : nextDocument(start, e.line);
      }
      if (faults.size() >= MAX_FAULTS) {
        String message = "has more than " + MAX_FAULTS + " faults; the rest was not read";
        faults.add(new YamlFault(YamlFault.Kind.TOO_LARGE, 0, message));
        return;
      }
    }
  }

  private void readFrom(int start) {
    try {
      StringReader part = new StringReader(text);
      long skipped = part.skip(start);
      if (skipped != start) {
        throw new IllegalStateException("a string is always skipped in full");
      }
      Composer nodes = nodes(part);
      while (nodes.checkNode()) {
        YamlNode document = convert(nodes.getNode(), 0);
        if (!(document instanceof YamlNode.Scalar scalar && scalar.value() == null)) {
          documents.add(document);
        }
      }
    } catch (TooLarge e) {
      throw e;
    } catch (MarkedYAMLException e) {
      throw new Broken(faultLine(e), messageOf(e));
    } catch (ReaderException e) {
      int position = text.offsetByCodePoints(start, Math.min(e.getPosition(), text.length()));
      throw new Broken(
          lineBreaks(0, position) + 1,
          "character U+" + digits(e.getCodePoint()) + " must not stand in YAML");
    } catch (IOException e) {
      throw new IllegalStateException("a string is always readable", e);
    } catch (RuntimeException e) { // more than it declares: IllegalArgumentException on `!%b`
      if (firstLine(e).startsWith("Nesting Depth exceeded")) {
        throw new TooLarge("must be nested at most " + MAX_DEPTH + " deep");
      }
      throw new Broken(0, firstLine(e));
    }
  }

  /** Returns where the first document begins that stands below {@code line}; -1 without one. */
  private int nextDocument(int start, int line) {
    int position = start;
    for (int n = linesBefore; n < line && position >= 0; n++) {
      position = text.indexOf('\n', position) + 1;
      if (position == 0) {
        return -1;
      }
    }
    Matcher matcher = NEXT_DOCUMENT.matcher(text);
    boolean found = matcher.find(position);
    if (found && matcher.start() == start) {
      found = matcher.find();
    }
    return found ? matcher.start() : -1;
  }

  private int lineBreaks(int from, int to) {
    return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
  }

  /** The library's entrance is not used, as it sets up the JDK's logging, which takes long. */
  private static Composer nodes(Reader text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(1000);
    options.setAllowRecursiveKeys(false);
    return new Composer(new ParserImpl(new StreamReader(text), options), new PlainTag(), options);
  }

  private YamlNode convert(Node node, int depth) {
    if (++nodes > MAX_NODES) {
      throw new TooLarge("must have at most " + MAX_NODES + " nodes, aliases followed");
    }
    if (depth
        > MAX_DEPTH) { // only an alias to its own parent gets here: the parser bounds the rest
      throw new TooLarge("must be nested at most " + MAX_DEPTH + " deep, aliases followed");
    }
    int line = line(node.getStartMark());
    if (!Scalars.isKnown(node.getTag())) {
      faults.add(
          new YamlFault(
              YamlFault.Kind.SYNTAX,
              line,
              "must not have the tag " + quote(node.getTag().getValue())));
    }
    if (node instanceof MappingNode mapping) {
      return new YamlNode.Mapping(line, entries(mapping, depth));
    }
    if (node instanceof SequenceNode sequence) {
      return new YamlNode.Sequence(
          line, sequence.getValue().stream().map(item -> convert(item, depth + 1)).toList());
    }
    ScalarNode scalar = (ScalarNode) node;
    return new YamlNode.Scalar(line, Scalars.resolve(scalar), scalar.getValue());
  }

  private List<YamlNode.Entry> entries(MappingNode mapping, int depth) {
    Map<String, YamlNode.Entry> own = new LinkedHashMap<>();
    Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
    Map<String, Integer> firstLines = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = line(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        faults.add(
            new YamlFault(YamlFault.Kind.SYNTAX, line, "a key must be a string; got a collection"));
        continue;
      }
      YamlNode value = convert(tuple.getValueNode(), depth + 1);
      if (keyNode.getTag().equals(Tag.MERGE)) {
        Map<String, YamlNode.Entry> more = new LinkedHashMap<>();
        merge(value, more);
        if (rendered) {
          checkMerge(more, own, merged, line);
        }
        more.forEach(merged::putIfAbsent);
        continue;
      }
      String key = keyNode.getValue();
      Integer first = firstLines.putIfAbsent(key, line);
      if (first != null) {
        String message = "key " + quote(key) + " must stand once; it is already on line " + first;
        faults.add(new YamlFault(YamlFault.Kind.DUPLICATE_KEY, line, message));
        continue;
      }
      own.put(key, new YamlNode.Entry(key, line, value));
    }
    merged.forEach(own::putIfAbsent);
    return List.copyOf(own.values());
  }

  private void checkMerge(
      Map<String, YamlNode.Entry> more,
      Map<String, YamlNode.Entry> own,
      Map<String, YamlNode.Entry> merged,
      int line) {
    for (String key : more.keySet()) {
      if (own.containsKey(key) || merged.containsKey(key)) {
        String message = "`<<` must stand before key " + quote(key) + ", which it has as well";
        faults.add(new YamlFault(YamlFault.Kind.DUPLICATE_KEY, line, message));
      }
    }
  }

  private void merge(YamlNode source, Map<String, YamlNode.Entry> merged) {
    if (source instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach(entry -> merged.putIfAbsent(entry.key(), entry));
    } else if (source instanceof YamlNode.Sequence sequence) {
      sequence.items().forEach(item -> merge(item, merged));
    } else {
      faults.add(
          new YamlFault(
              YamlFault.Kind.SYNTAX, source.line(), "`<<` must merge a map or a list of maps"));
    }
  }

  /** In the document that is broken: a fault is often seen only where the next one begins. */
  private int faultLine(MarkedYAMLException e) {
    int line = line(e.getProblemMark());
    boolean inNextDocument =
        line > linesBefore + 1 && NEXT_DOCUMENT.matcher(lineText(e.getProblemMark())).lookingAt();
    if (!inNextDocument) {
      return line;
    }
    int context = line(e.getContextMark());
    return context > 0 && context < line ? context : line - 1;
  }

  private String lineText(@Nullable Mark mark) {
    return text.lines().skip(line(mark) - 1L).findFirst().orElse("");
  }

  private static String quote(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return "\"" + shown.replaceAll("\\p{Cntrl}", " ") + "\"";
  }

  private int line(@Nullable Mark mark) {
    return mark == null ? 0 : linesBefore + mark.getLine() + 1;
  }

  private static String messageOf(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? firstLine(e) : e.getProblem();
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    return (context + problem)
        .replace("found \n(10)", "found at the end of the line")
        .replaceAll("[\\p{Cntrl}\u2028\u2029]", " ");
  }

  private static String firstLine(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  /** Keeps plain scalars apart from those that are tagged as strings. */
  /** At least four, as Unicode writes them; Java's own formats differ between countries. */
  private static String digits(int codePoint) {
    String hex = Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
    return "0".repeat(Math.max(0, 4 - hex.length())) + hex;
  }

  private static final class PlainTag extends Resolver {
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      if (kind != NodeId.scalar || !implicit) {
        return super.resolve(kind, value, implicit);
      }
      return value.equals("<<") ? Tag.MERGE : Scalars.PLAIN;
    }
  }

  private static final class TooLarge extends RuntimeException {
    private final String message;

    TooLarge(String message) {
      super(message);
      this.message = message;
    }
  }

  private static final class Broken extends RuntimeException {
    private final int line;
    private final String message;

    Broken(int line, String message) {
      super(message);
      this.line = line;
      this.message = message;
    }
  }
}
