// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a work tree Git would not commit: those that a {@code .gitignore} or {@code
 * info/exclude} leaves out and that are not tracked all the same (gitignore(5)). A user's own
 * {@code core.excludesFile} is not read.
 */
public final class IgnoredFiles {
  private static final String RULES = ".gitignore";

  private final Path root;
  private final Path top;
  private final boolean inWorkTree;
  private final Map<Path, Optional<IgnoreNode>> rules = new HashMap<>();
  private final Map<Path, Boolean> folders = new HashMap<>();

  private IgnoredFiles(Path root, @Nullable Path top) {
    this.root = root;
    this.top = top == null ? root : top;
    this.inWorkTree = top != null;
  }

  /**
   * Returns those that Git would not commit.
   *
   * @param root a folder of a work tree, or one that is in none: then its own rules count alone
   * @param files below it, as paths from it
   */
  public static SortedSet<RepoPath> among(Path root, Collection<RepoPath> files)
      throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    return new IgnoredFiles(absolute, workTree(absolute)).among(files);
  }

  private static @Nullable Path workTree(Path root) {
    for (Path folder = root; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        return folder;
      }
    }
    return null;
  }

  private SortedSet<RepoPath> among(Collection<RepoPath> files) throws IOException {
    SortedSet<RepoPath> ignored = new TreeSet<>();
    for (RepoPath file : files) {
      Path path = root.resolve(file.value());
      Path folder = path.getParent();
      if ((folder != null && isIgnoredFolder(folder)) || isIgnored(path, false)) {
        ignored.add(file);
      }
    }
    if (!ignored.isEmpty() && inWorkTree) {
      removeTracked(ignored);
    }
    return ignored;
  }

  /** What is below an ignored folder is ignored, whatever is said of it. */
  private boolean isIgnoredFolder(Path folder) throws IOException {
    if (folder.equals(top) || !folder.startsWith(top)) {
      return false;
    }
    Boolean known = folders.get(folder);
    if (known == null) {
      Path above = folder.getParent();
      known = (above != null && isIgnoredFolder(above)) || isIgnored(folder, true);
      folders.put(folder, known);
    }
    return known;
  }

  /** The nearest rules that say anything count. */
  private boolean isIgnored(Path path, boolean isFolder) throws IOException {
    for (Path folder = path.getParent();
        folder != null && folder.startsWith(top);
        folder = folder.getParent()) {
      Boolean ignored = said(rulesOf(folder.resolve(RULES)), folder, path, isFolder);
      if (ignored != null) {
        return ignored;
      }
    }
    Path exclude = top.resolve(".git").resolve("info").resolve("exclude");
    return Boolean.TRUE.equals(said(rulesOf(exclude), top, path, isFolder));
  }

  private static @Nullable Boolean said(
      @Nullable IgnoreNode rules, Path folder, Path path, boolean isFolder) {
    String relative =
        folder.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
    return rules == null ? null : rules.checkIgnored(relative, isFolder);
  }

  private @Nullable IgnoreNode rulesOf(Path file) throws IOException {
    Optional<IgnoreNode> known = rules.get(file);
    if (known == null) {
      known = Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
      rules.put(file, known);
    }
    return known.orElse(null);
  }

  private static IgnoreNode read(Path file) throws IOException {
    IgnoreNode node = new IgnoreNode();
    try (InputStream in = Files.newInputStream(file)) {
      node.parse(in);
    }
    return node;
  }

  private void removeTracked(SortedSet<RepoPath> ignored) throws IOException {
    FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(top.toFile());
    if (builder.getGitDir() == null) {
      return;
    }
    try (Repository repository = builder.build()) {
      DirCache index = repository.readDirCache();
      ignored.removeIf(file -> index.findEntry(prefix() + file.value()) >= 0);
    }
  }

  private String prefix() {
    String above = top.relativize(root).toString().replace(top.getFileSystem().getSeparator(), "/");
    return above.isEmpty() ? "" : above + "/";
  }
}
