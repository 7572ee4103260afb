// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Does the same with many objects, a few at a time; its threads end when there is nothing to do.
 */
final class Workers implements AutoCloseable {
  private static final int AT_ONCE = 8;

  /** What is done with one object. */
  interface Task<T> {
    void run(T object) throws ClusterException;
  }

  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          new DaemonThreads("segue-cluster-write"));

  Workers() {
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Returns when it is done with all. After a failure no other object is begun; the failure of the
   * first in the list is thrown when those under way have ended.
   */
  <T> void forEach(List<T> objects, Task<? super T> task) throws ClusterException {
    if (objects.size() == 1) {
      task.run(objects.get(0));
      return;
    }
    AtomicBoolean failed = new AtomicBoolean();
    List<Future<?>> pending = new ArrayList<>();
    for (T object : objects) {
      pending.add(
          pool.submit(
              () -> {
                if (!failed.get()) {
                  try {
                    task.run(object);
                  } catch (ClusterException | RuntimeException e) {
                    failed.set(true);
                    throw e;
                  }
                }
                return null;
              }));
    }
    awaitAll(pending, failed);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  private static void awaitAll(List<Future<?>> pending, AtomicBoolean failed)
      throws ClusterException {
    @Nullable ClusterException first = null;
    for (Future<?> future : pending) {
      try {
        future.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ClusterException failure) {
          first = first == null ? failure : first;
        } else {
          throw new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        failed.set(true);
        pending.forEach(other -> other.cancel(true));
        Thread.currentThread().interrupt();
        throw new ClusterException(
            ProblemCode.CLUSTER_UNREACHABLE,
            true,
            "cannot write to the cluster: it was interrupted",
            e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
