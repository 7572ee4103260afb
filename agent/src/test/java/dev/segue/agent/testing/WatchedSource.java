// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.util.List;
import java.util.Optional;

/** A repository whose calls are counted and fail on demand. */
final class WatchedSource implements SourceRepo {
  private final SourceRepo source;
  private final Calls calls;

  WatchedSource(SourceRepo source, Calls calls) {
    this.source = source;
    this.calls = calls;
  }

  @Override
  public RepoTree poll() throws RepoException {
    calls.on("source.poll", RepoException.class);
    RepoTree tree = source.poll();
    calls.on("source.poll done", RepoException.class);
    return new Tree(tree);
  }

  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    calls.on("source.tree", RepoException.class);
    return new Tree(source.tree(commit));
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
    calls.on("source.descends", RepoException.class);
    return source.descends(commit, ancestor);
  }

  @Override
  public String url() {
    return source.url();
  }

  @Override
  public String branch() {
    return source.branch();
  }

  @Override
  public void close() {
    source.close();
  }

  private final class Tree implements RepoTree {
    private final RepoTree tree;

    Tree(RepoTree tree) {
      this.tree = tree;
    }

    @Override
    public CommitId commit() {
      return tree.commit();
    }

    @Override
    public List<Entry> list(RepoPath folder) throws RepoException {
      calls.on("tree.list", RepoException.class);
      return tree.list(folder);
    }

    @Override
    public List<Entry> find(List<String> globs) throws RepoException {
      calls.on("tree.find", RepoException.class);
      return tree.find(globs);
    }

    @Override
    public Optional<String> objectId(RepoPath path) throws RepoException {
      return tree.objectId(path);
    }

    @Override
    public byte[] read(RepoPath file, long maxBytes) throws RepoException {
      calls.on("tree.read", RepoException.class);
      return tree.read(file, maxBytes);
    }
  }
}
