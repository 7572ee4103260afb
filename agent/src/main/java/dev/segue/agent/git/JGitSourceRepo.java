// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.git.RepositoryAddress.Commit;
import dev.segue.agent.git.RepositoryAddress.Ref;
import dev.segue.agent.git.RepositoryAddress.Tag;
import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/** A repository followed through a mirror on disk. */
public final class JGitSourceRepo implements SourceRepo {
  private final RepositoryAddress address;
  private final JGitMirror mirror;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Polled last;

  private JGitSourceRepo(RepositoryAddress address, JGitMirror mirror) {
    this.address = address;
    this.mirror = mirror;
    refName().ifPresent(mirror::watch);
  }

  /**
   * Opens the repository, with its mirror in a folder of its own below {@code cache}; without the
   * network. What an earlier run left there is used.
   */
  public static JGitSourceRepo open(RepositoryAddress address, Path cache, GitLimits limits)
      throws RepoException {
    return new JGitSourceRepo(address, JGitMirror.open(address, cache, limits).acquire());
  }

  /** As the other, with a mirror that others may use too. */
  public static JGitSourceRepo open(RepositoryAddress address, Mirrors mirrors)
      throws RepoException {
    return new JGitSourceRepo(address, mirrors.acquire(address));
  }

  @Override
  public RepoTree poll() throws RepoException {
    if (address.ref() instanceof Commit pinned) {
      return tree(pinned.id());
    }
    String name = refName().orElseThrow();
    MirrorRefs.Tip tip = mirror.refresh().get(name);
    if (tip == null || tip.id().isEmpty()) {
      throw new RepoException(
          ProblemCode.REPOSITORY_REF_NOT_FOUND,
          false,
          described() + " must exist in \"" + address.url() + "\"; push it, or watch another",
          null);
    }
    return treeOf(tip.id().get());
  }

  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    mirror.require(commit);
    return treeOf(ObjectId.fromString(commit.hex()));
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
    return mirror.descends(commit, ancestor);
  }

  @Override
  public String url() {
    return address.fluxUrl();
  }

  @Override
  public String branch() {
    return address.ref() instanceof Branch branch ? branch.name() : "";
  }

  /** What is watched, as last fetched, for others to fetch until this is closed. */
  public GitService service() {
    return new JGitService(mirror, address.ref());
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      mirror.release();
    }
  }

  RepositoryAddress address() {
    return address;
  }

  JGitMirror mirror() {
    return mirror;
  }

  private record Polled(ObjectId id, Repository repository, RepoTree tree) {}

  private RepoTree treeOf(ObjectId id) throws RepoException {
    Repository repository = mirror.repository();
    Polled before = last;
    if (before != null && before.id().equals(id) && before.repository() == repository) {
      return before.tree();
    }
    RepoTree tree =
        mirror.read(
            "read commit " + id.name(),
            repository,
            reader -> {
              try (RevWalk walk = new RevWalk(reader)) {
                RevCommit commit = walk.parseCommit(id);
                CommitId commitId = CommitId.parse(commit.name());
                return new JGitRepoTree(
                    mirror, repository, commitId, commit.getTree().getId().copy());
              } catch (IncorrectObjectTypeException e) {
                throw new RepoException(
                    ProblemCode.REPOSITORY_REF_NOT_FOUND,
                    false,
                    described() + " of \"" + address.url() + "\" must name a commit",
                    e);
              }
            });
    last = new Polled(id, repository, tree);
    return tree;
  }

  private Optional<String> refName() {
    Ref ref = address.ref();
    if (ref instanceof Branch branch) {
      return Optional.of("refs/heads/" + branch.name());
    }
    return ref instanceof Tag tag ? Optional.of("refs/tags/" + tag.name()) : Optional.empty();
  }

  private String described() {
    Ref ref = address.ref();
    if (ref instanceof Branch branch) {
      return "branch \"" + branch.name() + "\"";
    }
    if (ref instanceof Tag tag) {
      return "tag \"" + tag.name() + "\"";
    }
    return "commit \"" + ((Commit) ref).id() + "\"";
  }
}
