// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Glob;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A commit's files. {@link #find} also names symbolic links and submodules that match, so that
 * {@link #read} says for each alone why it cannot be used.
 */
final class JGitRepoTree implements RepoTree {
  private static final int MAX_LISTED = 200_000;
  private static final int MAX_SEARCHED = 2_000_000;

  private final GitObjects objects;
  private final Repository repository;
  private final CommitId commit;
  private final ObjectId root;

  JGitRepoTree(GitObjects objects, Repository repository, CommitId commit, ObjectId root) {
    this.objects = objects;
    this.repository = repository;
    this.commit = commit;
    this.root = root;
  }

  @Override
  public CommitId commit() {
    return commit;
  }

  @Override
  public List<Entry> list(RepoPath folder) throws RepoException {
    return read(
        "list \"" + folder + "\"",
        reader -> {
          Optional<Found> found = locate(reader, folder);
          if (found.isEmpty()) {
            return List.of();
          }
          requireUsable(folder, found.get().mode());
          if (!FileMode.TREE.equals(found.get().mode())) {
            return List.of();
          }
          List<Entry> entries = new ArrayList<>();
          TreeFiles.walk(
              reader,
              found.get().id(),
              folder,
              MAX_LISTED,
              below -> true,
              file -> {
                requireUsable(file.path(), file.mode());
                entries.add(entry(reader, file));
              });
          entries.sort(Comparator.comparing(Entry::path));
          return List.copyOf(entries);
        });
  }

  @Override
  public List<Entry> find(List<String> globs) throws RepoException {
    List<Glob> parsed = FileRules.globs(globs);
    List<RepoPath> named = FileRules.named(parsed);
    return read(
        "look for " + globs,
        reader -> {
          for (Glob each : parsed) {
            // What is behind a link would else be found empty, without a word.
            RepoPath folder = new RepoPath(each.literalFolder());
            Optional<Found> found = locate(reader, folder);
            if (found.isPresent()) {
              requireUsable(folder, found.get().mode());
            }
          }
          List<Entry> entries = new ArrayList<>();
          TreeFiles.walk(
              reader,
              root,
              RepoPath.ROOT,
              MAX_SEARCHED,
              folder ->
                  parsed.stream().anyMatch(g -> g.mayMatchBelow(folder))
                      || FileRules.isNamed(named, folder),
              file -> {
                String path = file.text();
                if (FileRules.isNamed(named, path)
                    || parsed.stream().anyMatch(g -> g.matches(path))) {
                  entries.add(entry(reader, file));
                }
                if (entries.size() > MAX_LISTED) {
                  throw TreeFiles.tooMuch(RepoPath.ROOT, MAX_LISTED);
                }
              });
          entries.sort(Comparator.comparing(Entry::path));
          return List.copyOf(entries);
        });
  }

  @Override
  public Optional<String> objectId(RepoPath path) throws RepoException {
    return read(
        "look up \"" + path + "\"", reader -> locate(reader, path).map(found -> found.id().name()));
  }

  @Override
  public byte[] read(RepoPath file, long maxBytes) throws RepoException {
    return read(
        "read \"" + file + "\"",
        reader -> {
          Optional<Found> found = locate(reader, file);
          if (found.isEmpty() || FileMode.TREE.equals(found.get().mode())) {
            throw FileRules.notFound(file, commit);
          }
          requireUsable(file, found.get().mode());
          long size = reader.getObjectSize(found.get().id(), Constants.OBJ_BLOB);
          FileRules.requireSize(file, size, maxBytes);
          byte[] content =
              reader
                  .open(found.get().id(), Constants.OBJ_BLOB)
                  .getCachedBytes((int) Math.min(maxBytes, Integer.MAX_VALUE - 8));
          FileRules.requireNoPointer(file, content);
          return content;
        });
  }

  private record Found(ObjectId id, FileMode mode) {}

  /** Goes down segment by segment; fails where a link or a submodule stands in the way. */
  private Optional<Found> locate(ObjectReader reader, RepoPath path)
      throws IOException, RepoException {
    Found at = new Found(root, FileMode.TREE);
    RepoPath so = RepoPath.ROOT;
    if (path.equals(so)) {
      return Optional.of(at);
    }
    for (String segment : path.value().split("/", -1)) {
      requireUsable(so, at.mode());
      if (!FileMode.TREE.equals(at.mode())) {
        return Optional.empty();
      }
      try (TreeWalk walk = TreeWalk.forPath(reader, segment, at.id())) {
        if (walk == null) {
          return Optional.empty();
        }
        at = new Found(walk.getObjectId(0), walk.getFileMode(0));
      }
      so = so.resolve(segment);
    }
    return Optional.of(at);
  }

  private static Entry entry(ObjectReader reader, TreeFiles.File file)
      throws IOException, RepoException {
    boolean submodule = FileMode.GITLINK.equals(file.mode());
    long size = submodule ? 0 : reader.getObjectSize(file.id(), Constants.OBJ_BLOB);
    return new Entry(file.path(), size, FileMode.EXECUTABLE_FILE.equals(file.mode()));
  }

  private static void requireUsable(RepoPath path, FileMode mode) throws RepoException {
    if (FileMode.SYMLINK.equals(mode)) {
      throw FileRules.problem(
          ProblemCode.REPOSITORY_SYMBOLIC_LINK,
          "\"" + path + "\" must not be a symbolic link; commit what it points to in its place");
    }
    if (FileMode.GITLINK.equals(mode)) {
      throw FileRules.problem(
          ProblemCode.REPOSITORY_SUBMODULE,
          "\"" + path + "\" must not be a submodule; commit its files, or name its chart by `url`");
    }
  }

  private <T> T read(String what, GitObjects.Reading<T> reading) throws RepoException {
    return objects.read(what + " of commit " + commit.shortHex(), repository, reading);
  }
}
