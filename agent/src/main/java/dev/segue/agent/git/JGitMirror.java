// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PackLock;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A bare copy of a repository on disk: of the watched refs as the server last told them, and of
 * what they reach. One that is damaged is thrown away and cloned again. Safe for several threads;
 * closed when its last user is.
 */
final class JGitMirror implements GitObjects {
  /** A mirror that breaks again at once is broken by something that cloning does not mend. */
  private static final Duration BETWEEN_RENEWALS = Duration.ofMinutes(10);

  private final GitServer server;
  private final MirrorFolder folder;
  private final MirrorTidying tidying;
  private final MirrorRefs refs = new MirrorRefs();
  private final ReentrantLock network = new ReentrantLock();
  private volatile Repository repository;
  private volatile boolean damaged;
  private volatile boolean reached;
  private final AtomicLong tellings = new AtomicLong();
  private @Nullable Long renewedAt;
  private int users;

  private JGitMirror(
      GitServer server, MirrorFolder folder, Repository repository, GitLimits limits) {
    this.server = server;
    this.folder = folder;
    this.repository = repository;
    this.tidying = new MirrorTidying(limits.changesBeforeTidying());
  }

  /** Opens the mirror in its folder below {@code cache}; without the network. */
  static JGitMirror open(RepositoryAddress address, Path cache, GitLimits limits)
      throws RepoException {
    IsolatedSystemReader.install();
    try {
      MirrorFolder folder = MirrorFolder.claim(cache, address.url());
      return new JGitMirror(new GitServer(address, limits), folder, folder.open(), limits);
    } catch (IOException e) {
      String operation =
          "cannot keep a copy of \"" + address.url() + "\" in the cache folder \"" + cache + "\"";
      if (GitFailures.isDiskFull(e)) {
        throw GitFailures.diskFull(operation, e);
      }
      throw new RepoException(
          ProblemCode.GIT_FAILED, true, operation + ": " + GitFailures.oneLine(e), e);
    }
  }

  String url() {
    return server.url();
  }

  /** Has {@link #refresh} follow that ref too. */
  void watch(String ref) {
    refs.watch(ref);
  }

  /** Returns the ref as last told or recorded; null when that is not known. */
  MirrorRefs.@Nullable Tip tip(String ref) {
    return damaged ? null : refs.tip(ref);
  }

  /** Takes note of what this process itself brought the ref to. */
  void record(String ref, ObjectId id) throws RepoException {
    try {
      refs.record(repository, ref, id);
    } catch (IOException e) {
      throw localFailure("note \"" + ref + "\"", repository, e);
    }
    tidying.changed(repository);
  }

  /** Whether the server let this process read the repository. */
  boolean wasReached() {
    return reached;
  }

  /** How often the server told every watched ref, whoever asked. */
  long tellings() {
    return tellings.get();
  }

  /** The ref is to be asked for before it is used again. */
  void forget(String ref) {
    refs.forget(ref);
  }

  /**
   * Asks the server for its refs and fetches those watched ones that moved, over one connection.
   *
   * @return every watched ref
   */
  Map<String, MirrorRefs.Tip> refresh() throws RepoException {
    network.lock();
    try {
      renewIfDamaged();
      return mended(() -> server.exchange("fetch from", repository, this::advertiseAndFetch));
    } finally {
      network.unlock();
    }
  }

  /**
   * Brings a commit that no watched ref names here, unless it is; fails when the server does not
   * give it.
   */
  void require(CommitId commit) throws RepoException {
    if (!damaged && isHere(objectId(commit))) {
      return;
    }
    network.lock();
    try {
      renewIfDamaged();
      mended(
          () -> {
            fetchByName(commit);
            return commit;
          });
    } finally {
      network.unlock();
    }
  }

  /** The repository now; another one once the mirror was cloned again. */
  @Override
  public Repository repository() {
    return repository;
  }

  /** Damage that {@code reading} meets is mended by the next {@link #refresh}. */
  @Override
  public <T> T read(String what, Repository expected, Reading<T> reading) throws RepoException {
    Repository current = repository;
    try (ObjectReader reader = current.newObjectReader()) {
      return reading.from(reader);
    } catch (IOException e) {
      throw localFailure(what, expected, e);
    } catch (IndexOutOfBoundsException e) {
      throw GitObjects.invalid(what, e);
    }
  }

  /** Runs an exchange that pushes. */
  <T> T push(String target, GitServer.Talk<T> talk) throws RepoException {
    return server.exchange("push to \"" + target + "\" of", repository, talk);
  }

  synchronized JGitMirror acquire() {
    users++;
    return this;
  }

  /** As {@link #acquire} while somebody else uses it; otherwise does nothing. */
  synchronized boolean acquireUnlessClosed() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  synchronized void release() {
    users--;
    if (users > 0) {
      return;
    }
    tidying.close();
    repository.close();
    try {
      folder.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
      throw new IllegalStateException("cannot release the mirror's lock", e);
    }
  }

  private Map<String, MirrorRefs.Tip> advertiseAndFetch(Transport transport, GitExchange exchange)
      throws IOException {
    long began = refs.now();
    Map<String, MirrorRefs.Tip> told = new TreeMap<>();
    try (FetchConnection connection = transport.openFetch()) {
      List<Ref> moved = new ArrayList<>();
      for (String name : refs.watched()) {
        Ref ref = connection.getRef(name);
        told.put(name, new MirrorRefs.Tip(Optional.ofNullable(ref).map(Ref::getObjectId)));
        if (ref != null && !told.get(name).equals(refs.tip(name)) && !isHere(ref.getObjectId())) {
          moved.add(ref);
        }
      }
      fetch(connection, moved, exchange);
    }
    reached = true;
    refs.told(repository, told, began);
    tellings.incrementAndGet();
    return told;
  }

  private void fetch(FetchConnection connection, Collection<Ref> wanted, GitExchange exchange)
      throws IOException {
    if (wanted.isEmpty()) {
      return;
    }
    try {
      connection.fetch(exchange.monitor(), wanted, Set.of());
    } finally {
      for (PackLock each : connection.getPackLocks()) {
        each.unlock();
      }
    }
    exchange.checkDeadline();
    for (Ref each : wanted) {
      if (!isHere(each.getObjectId())) {
        throw new InterruptedIOException("the server ended the fetch early");
      }
    }
    tidying.changed(repository);
  }

  /** Most servers give any commit that a ref reaches; of the others everything is fetched. */
  private void fetchByName(CommitId commit) throws RepoException {
    ObjectId id = objectId(commit);
    if (isHere(id)) {
      return;
    }
    if (commit.hex().length() == SHA1_DIGITS && (server.isLocal() || !isGiven(commit))) {
      fetchEverything();
    }
    if (!isHere(id)) {
      throw new RepoException(
          ProblemCode.REPOSITORY_SHALLOW,
          false,
          "cannot find commit \""
              + commit
              + "\" in \""
              + url()
              + "\": neither the server nor the copy here has it; it was removed by a force-push,"
              + " or the history there is shallow",
          null);
    }
    try {
      refs.pin(repository, id);
    } catch (IOException e) {
      throw localFailure("keep commit \"" + commit + "\"", repository, e);
    }
  }

  /** Whether the server gives a commit by its name alone, and gave this one. */
  private boolean isGiven(CommitId commit) throws RepoException {
    Ref wanted = new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, commit.hex(), objectId(commit));
    try {
      return server.exchange(
          "fetch commit \"" + commit + "\" from",
          repository,
          (transport, exchange) -> {
            try (FetchConnection connection = transport.openFetch()) {
              fetch(connection, List.of(wanted), exchange);
            }
            return true;
          });
    } catch (RepoException e) {
      if (e.code() != ProblemCode.GIT_FAILED || GitFailures.isDamage(e)) {
        throw e;
      }
      return false;
    }
  }

  private void fetchEverything() throws RepoException {
    server.exchange(
        "fetch from",
        repository,
        (transport, exchange) -> {
          try (FetchConnection connection = transport.openFetch()) {
            List<Ref> missing = new ArrayList<>();
            for (Ref each : connection.getRefs()) {
              boolean named =
                  each.getName().startsWith("refs/heads/")
                      || each.getName().startsWith("refs/tags/");
              if (named && !isHere(each.getObjectId())) {
                missing.add(each);
              }
            }
            fetch(connection, missing, exchange);
            return missing;
          }
        });
  }

  private boolean isHere(ObjectId id) {
    try (ObjectReader reader = repository.newObjectReader()) {
      return reader.has(id);
    } catch (IOException e) {
      return false;
    }
  }

  private interface Attempt<T> {
    T run() throws RepoException;
  }

  /** A second time with a new mirror when the first failed for damage. */
  private <T> T mended(Attempt<T> attempt) throws RepoException {
    try {
      return attempt.run();
    } catch (RepoException e) {
      noteDamage(e);
      if (!damaged || !renewIfDamaged()) {
        throw e;
      }
      return attempt.run();
    }
  }

  private void noteDamage(Throwable failure) {
    if (GitFailures.isDamage(failure) || !folder.isIntact()) {
      damaged = true;
    }
  }

  private boolean renewIfDamaged() throws RepoException {
    long now = System.nanoTime();
    boolean tooSoon =
        renewedAt != null && now - renewedAt < BETWEEN_RENEWALS.toNanos() && folder.isIntact();
    if (!damaged || tooSoon) {
      damaged = false;
      return false;
    }
    Repository old = repository;
    try {
      repository = folder.renew();
    } catch (IOException e) {
      throw localFailure("clone \"" + url() + "\" again", old, e);
    }
    old.close();
    refs.clear();
    renewedAt = now;
    damaged = false;
    return true;
  }

  private RepoException localFailure(String what, Repository expected, IOException failure) {
    if (GitFailures.isDiskFull(failure)) {
      return GitFailures.diskFull("cannot " + what, failure);
    }
    if (expected == repository && !(failure instanceof InterruptedIOException)) {
      damaged = true;
    }
    return new RepoException(
        ProblemCode.GIT_FAILED,
        true,
        "cannot "
            + what
            + ": the copy of \""
            + url()
            + "\" on this machine is damaged; it is cloned again at the next poll",
        failure);
  }

  private static ObjectId objectId(CommitId commit) {
    return commit.hex().length() == SHA1_DIGITS
        ? ObjectId.fromString(commit.hex())
        // JGit reads SHA-1 repositories only: no such commit can be here.
        : ObjectId.zeroId();
  }
}
