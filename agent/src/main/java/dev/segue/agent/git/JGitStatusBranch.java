// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * The status branch through a mirror, usually the source's own: then a poll tells where the branch
 * stands, and reading costs no request. Nothing counts as written before the server has it.
 */
public final class JGitStatusBranch implements StatusBranch {
  private static final int MAX_ATTEMPTS = 8;
  private static final long BACKOFF_MILLIS = 40;

  /** What a server answers to content that it does not take, among other things. */
  private static final Set<ProblemCode> MAY_BE_ABOUT_ONE =
      EnumSet.of(ProblemCode.GIT_PUSH_REFUSED, ProblemCode.GIT_FAILED);

  private final JGitMirror mirror;
  private final String branch;
  private final String ref;
  private final GitAuthor author;
  private final Clock clock;
  private final StatusPush push;
  private final Queue<PendingCommit> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The telling of the mirror that was last made use of: each serves one refresh. */
  private final AtomicLong heard;

  private JGitStatusBranch(JGitMirror mirror, String branch, GitAuthor author, Clock clock) {
    this.mirror = mirror;
    this.branch = branch;
    this.ref = "refs/heads/" + branch;
    this.author = author;
    this.clock = clock;
    this.push = new StatusPush(mirror, branch);
    this.heard = new AtomicLong(mirror.tellings());
    mirror.watch(ref);
  }

  /** Opens {@code branch} of the repository that {@code source} follows, with the same mirror. */
  public static JGitStatusBranch open(
      JGitSourceRepo source, String branch, GitAuthor author, Clock clock) throws RepoException {
    requireName(branch);
    if (source.branch().equals(branch)) {
      throw new RepoException(
          ProblemCode.CONFIG_INVALID,
          false,
          "the status branch must not be the watched branch; both are \"" + branch + "\"",
          null);
    }
    return new JGitStatusBranch(source.mirror().acquire(), branch, author, clock);
  }

  /** Opens {@code branch} of a repository of its own; {@code address}'s ref is not looked at. */
  public static JGitStatusBranch open(
      RepositoryAddress address,
      Path cache,
      GitLimits limits,
      String branch,
      GitAuthor author,
      Clock clock)
      throws RepoException {
    requireName(branch);
    return new JGitStatusBranch(
        JGitMirror.open(address, cache, limits).acquire(), branch, author, clock);
  }

  /** As the other, with a mirror that others may use too. */
  public static JGitStatusBranch open(
      RepositoryAddress address, Mirrors mirrors, String branch, GitAuthor author, Clock clock)
      throws RepoException {
    requireName(branch);
    return new JGitStatusBranch(mirrors.acquire(address), branch, author, clock);
  }

  @Override
  public void refresh() throws RepoException {
    long told = mirror.tellings();
    if (heard.getAndSet(told) == told || mirror.tip(ref) == null) {
      mirror.refresh();
      heard.set(mirror.tellings());
    }
  }

  @Override
  public Snapshot read() throws RepoException {
    return snapshot();
  }

  /** As {@link StatusBranch#commit}; whoever comes to write first takes along all who wait. */
  @Override
  public Optional<CommitId> commit(Change change) throws RepoException {
    PendingCommit mine = new PendingCommit(change);
    waiting.add(mine);
    writing.lock();
    try {
      if (!mine.isDone()) {
        List<PendingCommit> taken = new ArrayList<>();
        for (PendingCommit next = waiting.poll(); next != null; next = waiting.poll()) {
          taken.add(next);
        }
        if (!taken.contains(mine)) {
          taken.add(mine); // who took it along ended in the midst of it
        }
        push(taken);
      }
    } finally {
      heard.set(mirror.tellings()); // what was told before or between is no later poll's
      writing.unlock();
    }
    return mine.result();
  }

  /** Pushes them together; or each by itself where the server may dislike one of them. */
  private void push(List<PendingCommit> pending) {
    try {
      pushTogether(pending);
    } catch (RepoException e) {
      List<PendingCommit> left = pending.stream().filter(each -> !each.isDone()).toList();
      if (MAY_BE_ABOUT_ONE.contains(e.code()) && left.size() > 1) {
        left.forEach(each -> push(List.of(each)));
      } else {
        left.forEach(each -> each.failed(e));
      }
    }
  }

  private void pushTogether(List<PendingCommit> pending) throws RepoException {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      StatusSnapshot before = snapshot();
      ObjectId newest = before.commitId();
      for (PendingCommit each : pending) {
        newest = each.isDone() ? newest : write(each, newest);
      }
      boolean same = Objects.equals(newest, before.commitId());
      if (same || newest == null || push.push(before.commitId(), newest)) {
        pending.forEach(PendingCommit::done);
        return;
      }
      pause(attempt);
    }
    RepoException outrun =
        new RepoException(
            ProblemCode.GIT_FAILED,
            true,
            "cannot push to \""
                + branch
                + "\" of \""
                + mirror.url()
                + "\": others pushed first "
                + MAX_ATTEMPTS
                + " times; agents that share it must have `highAvailability.enabled`",
            null);
    pending.stream().filter(each -> !each.isDone()).forEach(each -> each.failed(outrun));
  }

  /** Returns the newest commit afterwards; a change that fails does so for itself alone. */
  private @Nullable ObjectId write(PendingCommit pending, @Nullable ObjectId newest)
      throws RepoException {
    StatusSnapshot before = snapshot(newest);
    try {
      Optional<ObjectId> commit = write(before, pending.change().of(before));
      pending.made(commit.map(id -> CommitId.parse(id.name())));
      return commit.orElse(newest);
    } catch (RuntimeException e) {
      pending.failed(e);
      return newest;
    }
  }

  @Override
  public Optional<Snapshot> find(Predicate<Written> which) throws RepoException {
    StatusSnapshot newest = snapshot();
    ObjectId start = newest.commitId();
    if (start == null) {
      return Optional.empty();
    }
    Repository repository = mirror.repository();
    return mirror.read(
        "read the history of \"" + branch + "\"",
        repository,
        reader -> {
          try (RevWalk walk = new RevWalk(reader)) {
            walk.markStart(walk.parseCommit(start));
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
              if (which.test(written(commit))) {
                return Optional.of(
                    new StatusSnapshot(
                        mirror, repository, commit.copy(), commit.getTree().getId().copy()));
              }
            }
            return Optional.empty();
          }
        });
  }

  /** This branch, as last fetched or written, for others to fetch until this is closed. */
  public GitService service() {
    return new JGitService(mirror, new RepositoryAddress.Branch(branch));
  }

  private static Written written(RevCommit commit) {
    Map<String, String> trailers = new LinkedHashMap<>();
    commit.getFooterLines().forEach(line -> trailers.putIfAbsent(line.getKey(), line.getValue()));
    return new Written(
        CommitId.parse(commit.name()),
        commit.getCommitterIdent().getWhenAsInstant(),
        commit.getShortMessage(),
        trailers);
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      mirror.release();
    }
  }

  private StatusSnapshot snapshot() throws RepoException {
    MirrorRefs.Tip tip = mirror.tip(ref);
    if (tip == null) {
      tip = mirror.refresh().get(ref);
      heard.set(mirror.tellings());
    }
    return snapshot(tip == null ? null : tip.id().orElse(null));
  }

  /** As it is at that commit; null for no branch. */
  private StatusSnapshot snapshot(@Nullable ObjectId id) throws RepoException {
    Repository repository = mirror.repository();
    if (id == null) {
      return new StatusSnapshot(mirror, repository, null, null);
    }
    return mirror.read(
        "read \"" + branch + "\"",
        repository,
        reader -> {
          try (RevWalk walk = new RevWalk(reader)) {
            ObjectId tree = walk.parseCommit(id).getTree().getId().copy();
            return new StatusSnapshot(mirror, repository, id, tree);
          }
        });
  }

  /** Returns the commit, in the mirror only; empty when the edit changes no file. */
  private Optional<ObjectId> write(StatusSnapshot before, Edit edit) throws RepoException {
    Repository repository = mirror.repository();
    return mirror.read(
        "write a commit for \"" + branch + "\"",
        repository,
        reader -> {
          try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId edited = new TreeEditor(reader, inserter).apply(edit, before.tree());
            if (edited == null && before.tree() == null) {
              return Optional.empty();
            }
            ObjectId tree = edited == null ? inserter.insert(new TreeFormatter()) : edited;
            if (tree.equals(before.tree())) {
              return Optional.empty();
            }
            ObjectId commit = inserter.insert(commit(before.commitId(), tree, edit));
            inserter.flush();
            return Optional.of(commit);
          }
        });
  }

  private CommitBuilder commit(@Nullable ObjectId parent, ObjectId tree, Edit edit) {
    PersonIdent ident =
        new PersonIdent(author.name(), author.email(), clock.instant(), ZoneOffset.UTC);
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    if (parent != null) {
      commit.setParentId(parent);
    }
    commit.setAuthor(ident);
    commit.setCommitter(ident);
    commit.setMessage(message(edit));
    return commit;
  }

  private static String message(Edit edit) {
    StringBuilder message = new StringBuilder(line(edit.subject())).append('\n');
    if (!edit.trailers().isEmpty()) {
      message.append('\n');
    }
    for (Map.Entry<String, String> each : edit.trailers().entrySet()) {
      message.append(each.getKey()).append(": ").append(line(each.getValue())).append('\n');
    }
    return message.toString();
  }

  /** A line break in a value would forge a trailer. */
  private static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  private static void requireName(String branch) throws RepoException {
    try {
      new RepositoryAddress.Branch(branch);
    } catch (IllegalArgumentException e) {
      throw new RepoException(
          ProblemCode.CONFIG_INVALID,
          false,
          "the status branch must be a name that Git accepts, without \"refs/\"; got \""
              + GitFailures.oneLine(branch)
              + "\"",
          e);
    }
  }

  private static void pause(int attempt) throws RepoException {
    long most = BACKOFF_MILLIS << Math.min(attempt, 6);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RepoException(
          ProblemCode.GIT_FAILED, true, "cannot push: the agent is being stopped", e);
    }
  }
}
