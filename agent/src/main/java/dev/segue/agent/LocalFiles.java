// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  /**
   * The YAML files that a path means: itself, or those in and below the folder that belong to no
   * chart; sorted.
   */
  static List<Path> declarations(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skipped = isGit(folder) || Files.exists(folder.resolve("Chart.yaml"));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (attributes.isRegularFile() && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.naturalOrder());
    return files;
  }

  /** All regular files below {@code root} by their path from it. */
  static SortedMap<RepoPath, byte[]> snapshot(Path root) throws IOException {
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isGit(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && attributes.size() <= MAX_FILE_BYTES) {
              if (files.size() >= MAX_FILES) {
                throw new IOException("\"" + root + "\" must hold at most " + MAX_FILES + " files");
              }
              files.put(RepoPath.parse(relative(root, file)), Files.readAllBytes(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** The path from {@code root} with slashes. */
  static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  /**
   * The nearest folder at or above {@code path} that is a Git work tree; otherwise the folder
   * itself.
   */
  static Path repositoryOf(Path path) {
    Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    for (Path above = folder; above != null; above = above.getParent()) {
      if (Files.exists(above.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
        return above;
      }
    }
    return folder == null ? path.toAbsolutePath().getRoot() : folder;
  }

  private static boolean isGit(Path folder) {
    Path name = folder.getFileName();
    return name != null && name.toString().equals(".git");
  }
}
