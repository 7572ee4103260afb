// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.renderer.model.RepoPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ids that Git gives to objects, without a repository: SHA-1 of kind, length and content. */
final class GitIds {
  private static final HexFormat HEX = HexFormat.of();

  private GitIds() {}

  /** Returns the ids of files and of the folders that they are in, by path; the root is "". */
  static Map<String, String> of(SortedMap<RepoPath, byte[]> files) {
    Map<String, String> ids = new HashMap<>();
    Map<String, Folder> folders = new HashMap<>();
    Folder root = folder("", folders);
    files.forEach(
        (path, content) -> {
          String id = id("blob", content);
          ids.put(path.value(), id);
          folder(parent(path.value()), folders).put("100644", path.fileName(), id);
        });
    root.ids("", ids);
    return ids;
  }

  /** Returns the id of a first commit at the beginning of time, of that tree. */
  static String commit(String tree, GitAuthor author, String message) {
    String who = author.name() + " <" + author.email() + "> 0 +0000";
    String text = "tree %s\nauthor %s\ncommitter %s\n\n%s\n".formatted(tree, who, who, message);
    return id("commit", text.getBytes(StandardCharsets.UTF_8));
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** Returns that folder, made with those above it when it is new. */
  private static Folder folder(String path, Map<String, Folder> folders) {
    Folder known = folders.get(path);
    if (known != null) {
      return known;
    }
    Folder made = new Folder();
    folders.put(path, made);
    if (!path.isEmpty()) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      folder(parent(path), folders).folders.put(name, made);
    }
    return made;
  }

  /** Entries in Git's order: by the bytes of their names, a folder's as if it ended in a slash. */
  private static final class Folder {
    private final Map<String, Folder> folders = new HashMap<>();
    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    void put(String mode, String name, String id) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      entry.writeBytes(bytes(mode + " " + name));
      entry.write(0);
      entry.writeBytes(HEX.parseHex(id));
      entries.put(bytes(mode.equals("40000") ? name + "/" : name), entry.toByteArray());
    }

    String ids(String path, Map<String, String> ids) {
      String start = path.isEmpty() ? "" : path + "/";
      folders.forEach((name, folder) -> put("40000", name, folder.ids(start + name, ids)));
      ByteArrayOutputStream tree = new ByteArrayOutputStream();
      entries.values().forEach(tree::writeBytes);
      String id = id("tree", tree.toByteArray());
      ids.put(path, id);
      return id;
    }
  }

  private static String id(String kind, byte[] content) {
    MessageDigest sha = sha1();
    sha.update(bytes(kind + " " + content.length));
    sha.update((byte) 0);
    return HEX.formatHex(sha.digest(content));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
