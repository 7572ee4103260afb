// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.DaemonThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs a mirror anew now and then, beside its use: Git's collection is made to run while others
 * read and write, and keeps what is unreachable for two weeks.
 */
final class MirrorTidying implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorTidying.class);

  /**
   * So many times as long as it took it is then left alone: a large mirror is not always packed.
   */
  private static final int REST = 20;

  private final AtomicInteger changes = new AtomicInteger();
  private final int every;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(new DaemonThreads("git-tidying"));
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile long notBefore = System.nanoTime();
  private volatile boolean closed;

  MirrorTidying(int every) {
    this.every = every;
  }

  /** Counts a fetch or a commit; returns at once. */
  void changed(Repository repository) {
    boolean due = changes.incrementAndGet() >= every && System.nanoTime() - notBefore >= 0;
    if (!closed && due && busy.compareAndSet(false, true)) {
      changes.set(0);
      worker.execute(() -> tidy(repository));
    }
  }

  private void tidy(Repository repository) {
    long start = System.nanoTime();
    try {
      Git.wrap(repository)
          .gc()
          .setProgressMonitor(
              new EmptyProgressMonitor() {
                @Override
                public boolean isCancelled() {
                  return closed;
                }
              })
          .call();
    } catch (Exception e) {
      // Only space is lost by it; the next round tries again.
      if (!closed) {
        LOG.warn("cannot tidy the copy of a repository: {}", GitFailures.oneLine(e));
      }
    } finally {
      long now = System.nanoTime();
      notBefore = now + REST * (now - start);
      busy.set(false);
    }
  }

  @Override
  public void close() {
    closed = true;
    worker.shutdown();
  }
}
