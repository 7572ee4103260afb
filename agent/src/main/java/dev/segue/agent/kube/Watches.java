// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.Manifest;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches that stand together: all of them, or none. */
final class Watches implements Iterable<KindWatch> {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private final KubernetesClient client;
  private final ApiServer server;
  private final Limits limits;
  private final ScheduledExecutorService checks;
  private volatile List<KindWatch> standing = List.of();

  /**
   * @param checks looks after the watches now and then; ended by its owner
   */
  Watches(
      KubernetesClient client, ApiServer server, Limits limits, ScheduledExecutorService checks) {
    this.client = client;
    this.server = server;
    this.limits = limits;
    this.checks = checks;
  }

  /** Whether they were started; not more than once. */
  boolean stand() {
    return !standing.isEmpty();
  }

  /**
   * Returns when the first list of each is complete; when one fails, none stands.
   *
   * @param changed as in {@link KindWatch}
   */
  void start(List<Selection> selections, Consumer<List<ObjectMeta>> changed)
      throws ClusterException {
    List<KindWatch> begun = new ArrayList<>();
    try {
      for (Selection selection : selections) {
        KindWatch watch = new KindWatch(selection, client, server, limits, changed);
        begun.add(watch);
        watch.start();
      }
    } catch (ClusterException e) {
      begun.forEach(KindWatch::close);
      throw e;
    }
    standing = List.copyOf(begun);
    long period = Math.min(1000, Math.max(20, limits.staleAfter().toMillis() / 10));
    var unused = checks.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  private void check() {
    for (KindWatch watch : standing) {
      try {
        watch.check();
      } catch (RuntimeException e) {
        // Thrown on, it would end all further checks.
        LOG.warn("cannot check the watch: {}", Failures.oneLine(e.toString()));
      }
    }
  }

  @Override
  public Iterator<KindWatch> iterator() {
    return standing.iterator();
  }

  /** Takes what the API server returned for a write of ours. */
  void wrote(Manifest object) {
    standing.forEach(watch -> watch.wrote(object));
  }

  /** The watch alone says what the object is now. */
  void forget(Manifest object) {
    standing.forEach(watch -> watch.forget(object));
  }

  void close() {
    standing.forEach(KindWatch::close);
  }
}
