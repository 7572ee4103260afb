// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Glob;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files that are not committed, as the one commit that they would be, with the ids that Git would
 * give them. Nothing is written and no repository made: that takes longer than all the reading.
 */
public final class UncommittedRepo implements SourceRepo {
  private final Tree tree;
  private final String url;
  private final String branch;

  private UncommittedRepo(Tree tree, String url, String branch) {
    this.tree = tree;
    this.url = url;
    this.branch = branch;
  }

  /**
   * Equal files and an equal author give an equal commit; its time is always the same.
   *
   * @param url as Flux reaches the repository
   */
  public static UncommittedRepo of(
      Map<RepoPath, byte[]> files, GitAuthor author, String url, String branch) {
    return new UncommittedRepo(Tree.of(new TreeMap<>(files), author), url, branch);
  }

  /** The commit of the files. */
  public CommitId commit() {
    return tree.commit();
  }

  @Override
  public RepoTree poll() {
    return tree;
  }

  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    if (!commit.equals(tree.commit())) {
      throw FileRules.problem(
          ProblemCode.REPOSITORY_REF_NOT_FOUND,
          "commit " + commit.shortHex() + " must be the files of the work tree");
    }
    return tree;
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) {
    return commit.equals(tree.commit()) && ancestor.equals(commit);
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public String branch() {
    return branch;
  }

  @Override
  public void close() {
    // nothing is open
  }

  /**
   * @param ids of files and folders by path
   */
  private record Tree(CommitId commit, SortedMap<RepoPath, byte[]> files, Map<String, String> ids)
      implements RepoTree {
    static Tree of(SortedMap<RepoPath, byte[]> files, GitAuthor author) {
      Map<String, String> ids = GitIds.of(files);
      String id =
          GitIds.commit(Objects.requireNonNull(ids.get("")), author, "Files of the work tree");
      return new Tree(CommitId.parse(id), Collections.unmodifiableSortedMap(files), ids);
    }

    @Override
    public List<Entry> list(RepoPath folder) {
      return files.entrySet().stream()
          .filter(file -> file.getKey().isWithin(folder) && !file.getKey().equals(folder))
          .map(Tree::entry)
          .toList();
    }

    @Override
    public List<Entry> find(List<String> globs) throws RepoException {
      List<Glob> parsed = FileRules.globs(globs);
      List<RepoPath> named = FileRules.named(parsed);
      return files.entrySet().stream()
          .filter(
              file ->
                  FileRules.isNamed(named, file.getKey().value())
                      || parsed.stream().anyMatch(glob -> glob.matches(file.getKey().value())))
          .map(Tree::entry)
          .toList();
    }

    private static Entry entry(Map.Entry<RepoPath, byte[]> file) {
      return new Entry(file.getKey(), file.getValue().length, false);
    }

    @Override
    public Optional<String> objectId(RepoPath path) {
      return Optional.ofNullable(ids.get(path.value()));
    }

    @Override
    public byte[] read(RepoPath file, long maxBytes) throws RepoException {
      byte[] content = files.get(file);
      if (content == null) {
        throw FileRules.notFound(file, commit);
      }
      FileRules.requireSize(file, content.length, maxBytes);
      FileRules.requireNoPointer(file, content);
      return Arrays.copyOf(content, content.length);
    }
  }
}
