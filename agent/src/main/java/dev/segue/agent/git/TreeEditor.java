// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new tree of an old one and an edit. Only the folders on the way to a change are looked
 * at; whatever else stands there, links and odd names too, stays as it is.
 */
final class TreeEditor {
  private final ObjectReader reader;
  private final ObjectInserter inserter;

  TreeEditor(ObjectReader reader, ObjectInserter inserter) {
    this.reader = reader;
    this.inserter = inserter;
  }

  /** Returns the new tree, with its objects inserted; null when no file is left. */
  @Nullable ObjectId apply(Edit edit, @Nullable ObjectId tree) throws IOException {
    Node root = new Node();
    for (RepoPath each : edit.replaced()) {
      root.at(each).replaced = true;
    }
    for (Map.Entry<RepoPath, String> each : edit.files().entrySet()) {
      root.at(each.getKey()).content = each.getValue().getBytes(StandardCharsets.UTF_8);
    }
    for (Map.Entry<RepoPath, byte[]> each : edit.blobs().entrySet()) {
      root.at(each.getKey()).content = each.getValue();
    }
    return apply(root, tree);
  }

  /** What is to happen at a path. */
  private static final class Node {
    private final Map<String, Node> children = new TreeMap<>();
    private boolean replaced;
    private byte @Nullable [] content;

    Node at(RepoPath path) {
      Node node = this;
      if (!path.value().isEmpty()) {
        for (String segment : path.value().split("/", -1)) {
          node = node.children.computeIfAbsent(segment, s -> new Node());
        }
      }
      return node;
    }
  }

  /**
   * An entry of a tree.
   *
   * @param name its bytes as characters of ISO 8859-1, whose order is that of the bytes
   */
  private record Entry(String name, FileMode mode, ObjectId id) {
    /** Git sorts a folder as if its name ended in a slash. */
    String sortedAs() {
      return FileMode.TREE.equals(mode) ? name + "/" : name;
    }
  }

  private @Nullable ObjectId apply(Node node, @Nullable ObjectId tree) throws IOException {
    Map<String, Entry> entries = tree == null || node.replaced ? new TreeMap<>() : entriesOf(tree);
    for (Map.Entry<String, Node> each : node.children.entrySet()) {
      String name =
          new String(each.getKey().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      change(entries, name, each.getValue());
    }
    return entries.isEmpty() ? null : format(entries);
  }

  private void change(Map<String, Entry> entries, String name, Node child) throws IOException {
    if (child.content != null) {
      if (!child.children.isEmpty()) {
        throw new IllegalArgumentException("\"" + name + "\" must not be both file and folder");
      }
      ObjectId blob = inserter.insert(Constants.OBJ_BLOB, child.content);
      entries.put(name, new Entry(name, FileMode.REGULAR_FILE, blob));
      return;
    }
    Entry old = entries.get(name);
    ObjectId folder = old != null && FileMode.TREE.equals(old.mode()) ? old.id() : null;
    ObjectId below = apply(child, folder);
    if (below != null) {
      entries.put(name, new Entry(name, FileMode.TREE, below));
    } else if (folder != null || child.replaced) {
      entries.remove(name);
    }
  }

  private Map<String, Entry> entriesOf(ObjectId tree) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    CanonicalTreeParser parser = new CanonicalTreeParser(null, reader, tree);
    for (; !parser.eof(); parser.next()) {
      byte[] bytes = new byte[parser.getNameLength()];
      parser.getName(bytes, 0);
      String name = new String(bytes, StandardCharsets.ISO_8859_1);
      entries.put(
          name, new Entry(name, parser.getEntryFileMode(), parser.getEntryObjectId().copy()));
    }
    return entries;
  }

  private ObjectId format(Map<String, Entry> entries) throws IOException {
    List<Entry> sorted =
        entries.values().stream().sorted(Comparator.comparing(Entry::sortedAs)).toList();
    TreeFormatter formatter = new TreeFormatter();
    for (Entry each : sorted) {
      byte[] name = each.name().getBytes(StandardCharsets.ISO_8859_1);
      formatter.append(name, 0, name.length, each.mode(), each.id(), true);
    }
    return inserter.insert(formatter);
  }
}
