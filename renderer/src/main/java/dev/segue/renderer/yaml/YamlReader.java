// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

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

  private final List<YamlFault> faults = new ArrayList<>();
  private int nodes;

  private YamlReader() {}

  /** Reads all documents of {@code text}; never throws for what is in the text. */
  public static YamlStream read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      String message =
          "must have at most " + MAX_CHARACTERS + " characters; it has " + text.length();
      return new YamlStream(
          List.of(), List.of(new YamlFault(YamlFault.Kind.TOO_LARGE, 0, message)));
    }
    YamlReader reader = new YamlReader();
    return new YamlStream(reader.documents(text), reader.faults);
  }

  private List<YamlNode> documents(String text) {
    List<YamlNode> documents = new ArrayList<>();
    try {
      for (Node root :
          new Yaml(new SafeConstructor(options())).composeAll(new java.io.StringReader(text))) {
        YamlNode document = convert(root, 0);
        if (!(document instanceof YamlNode.Scalar scalar && scalar.value() == null)) {
          documents.add(document);
        }
      }
    } catch (TooManyNodes e) {
      faults.add(new YamlFault(YamlFault.Kind.TOO_LARGE, 0, e.message));
    } catch (MarkedYAMLException e) {
      faults.add(new YamlFault(YamlFault.Kind.SYNTAX, line(e.getProblemMark()), messageOf(e)));
    } catch (
        RuntimeException
            e) { // SnakeYAML throws more than it declares: IllegalArgumentException on `!%b`
      faults.add(new YamlFault(YamlFault.Kind.SYNTAX, 0, "must be YAML: " + firstLine(e)));
    }
    return documents;
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(1000);
    options.setAllowRecursiveKeys(false);
    return options;
  }

  private YamlNode convert(Node node, int depth) {
    if (++nodes > MAX_NODES) {
      throw new TooManyNodes("must have at most " + MAX_NODES + " nodes, aliases followed");
    }
    if (depth
        > MAX_DEPTH) { // only an alias to its own parent gets here: the parser bounds the rest
      throw new TooManyNodes("must be nested at most " + MAX_DEPTH + " deep, aliases followed");
    }
    int line = line(node.getStartMark());
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
        merge(value, merged);
        continue;
      }
      String key = keyNode.getValue();
      Integer first = firstLines.putIfAbsent(key, line);
      if (first != null) {
        String message = "key \"" + key + "\" must stand once; it is already on line " + first;
        faults.add(new YamlFault(YamlFault.Kind.DUPLICATE_KEY, line, message));
        continue;
      }
      own.put(key, new YamlNode.Entry(key, line, value));
    }
    merged.forEach(own::putIfAbsent);
    return List.copyOf(own.values());
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

  private static int line(@org.jspecify.annotations.Nullable Mark mark) {
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private static String messageOf(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? firstLine(e) : e.getProblem();
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    return "must be YAML: " + context + problem;
  }

  private static String firstLine(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  private static final class TooManyNodes extends RuntimeException {
    private final String message;

    TooManyNodes(String message) {
      super(message);
      this.message = message;
    }
  }
}
