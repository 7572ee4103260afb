// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Where the watched refs of a mirror stand, in memory and on disk. A poll and a push may run at the
 * same time: what was pushed after the poll began is not taken back when the poll ends.
 */
final class MirrorRefs {
  private static final Tip GONE = new Tip(Optional.empty());
  private static final int LOCK_ATTEMPTS = 40;
  private static final Duration LOCK_PAUSE = Duration.ofMillis(25);

  private final Set<String> watched = new ConcurrentSkipListSet<>();
  private final Map<String, Tip> tips = new ConcurrentHashMap<>();

  /** When this process itself last moved or forgot a ref; guards itself, tips and refs on disk. */
  private final Map<String, Long> touched = new HashMap<>();

  private long ticks;

  /** What the server last told of a ref: its object, or that there is no such ref. */
  record Tip(Optional<ObjectId> id) {}

  void watch(String ref) {
    watched.add(ref);
  }

  Set<String> watched() {
    return watched;
  }

  /** Returns the ref as last told or recorded; null when that is not known. */
  @Nullable Tip tip(String ref) {
    return tips.get(ref);
  }

  /** Returns the moment that {@link #told} takes. */
  long now() {
    synchronized (touched) {
      return ticks;
    }
  }

  /** Takes note of what the server told to a question that was put at {@code began}. */
  void told(Repository repository, Map<String, Tip> told, long began) throws IOException {
    synchronized (touched) {
      Map<String, Tip> news = new TreeMap<>(told);
      news.keySet().removeIf(name -> touched.getOrDefault(name, 0L) > began);
      if (!tips.entrySet().containsAll(news.entrySet())) {
        write(repository, news);
        tips.putAll(news);
      }
    }
  }

  /** Takes note of what this process itself brought the ref to. */
  void record(Repository repository, String ref, ObjectId id) throws IOException {
    synchronized (touched) {
      Tip tip = new Tip(Optional.of(id));
      update(repository, ref, tip);
      tips.put(ref, tip);
      touched.put(ref, ++ticks);
    }
  }

  /** The ref is to be asked for before it is used again. */
  void forget(String ref) {
    synchronized (touched) {
      tips.remove(ref);
      touched.put(ref, ++ticks);
    }
  }

  /** Nothing is known any more. */
  void clear() {
    synchronized (touched) {
      tips.clear();
    }
  }

  /** Keeps a commit that no watched ref reaches. */
  void pin(Repository repository, ObjectId commit) throws IOException {
    update(repository, "refs/segue/pins/" + commit.name(), new Tip(Optional.of(commit)));
  }

  /** Removes first: a new branch may be named like the folder of an old one. */
  private void write(Repository repository, Map<String, Tip> news) throws IOException {
    for (Ref each : repository.getRefDatabase().getRefsByPrefix("refs/heads/", "refs/tags/")) {
      if (!watched.contains(each.getName()) || GONE.equals(news.get(each.getName()))) {
        update(repository, each.getName(), GONE);
      }
    }
    for (Map.Entry<String, Tip> each : news.entrySet()) {
      boolean moved = !each.getValue().equals(tips.get(each.getKey()));
      if (moved && !each.getValue().equals(GONE)) {
        update(repository, each.getKey(), each.getValue());
      }
    }
  }

  private static void update(Repository repository, String name, Tip tip) throws IOException {
    RefUpdate.Result result = write(repository, name, tip);
    // Whoever packs the refs of the mirror holds their locks for a moment.
    for (int i = 0; i < LOCK_ATTEMPTS && result == RefUpdate.Result.LOCK_FAILURE; i++) {
      LockSupport.parkNanos(LOCK_PAUSE.toNanos());
      result = write(repository, name, tip);
    }
    switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
      case REJECTED_MISSING_OBJECT ->
          throw new MissingObjectException(tip.id().orElseThrow(), Constants.OBJ_COMMIT);
      default -> throw new IOException("cannot write the ref \"" + name + "\": " + result);
    }
  }

  private static RefUpdate.Result write(Repository repository, String name, Tip tip)
      throws IOException {
    RefUpdate update = repository.updateRef(name, true);
    update.setForceUpdate(true);
    if (tip.id().isPresent()) {
      update.setNewObjectId(tip.id().get());
      return update.update();
    }
    return update.delete();
  }
}
