// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files of a work tree, read as a repository would hold them: no links followed, {@code .git} left
 * out.
 */
final class LocalFiles {
  private static final long MAX_FILE_BYTES = 20L * 1024 * 1024;
  private static final int MAX_FILES = 100_000;

  private LocalFiles() {}

  /** Whether the file's name is one that may declare groups. */
  static boolean isDeclaration(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  /** All regular files below {@code root} by their path from it. */
  static SortedMap<RepoPath, byte[]> snapshot(Path root) throws IOException {
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    addBelow(root, root, files);
    return files;
  }

  /** Adds all regular files below {@code folder} by their path from {@code root}. */
  static void addBelow(Path root, Path folder, SortedMap<RepoPath, byte[]> files)
      throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
            return isGit(below) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && attributes.size() <= MAX_FILE_BYTES && !isGit(file)) {
              if (files.size() >= MAX_FILES) {
                throw new IOException("\"" + root + "\" must hold at most " + MAX_FILES + " files");
              }
              files.put(RepoPath.parse(relative(root, file)), Files.readAllBytes(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The path from {@code root} with slashes. */
  static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  /** Whether this is {@code .git}: the folder, or the file of a linked work tree. */
  static boolean isGit(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().equals(".git");
  }
}
