// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ApplicationGroup objects of a cluster, whoever applied them. Safe for several threads. What
 * writes asks again while that may help, for half a minute at most, and fails in plain words.
 */
public interface GroupObjects {
  /** The finalizer that {@link #finalizer} sets and removes. */
  String FINALIZER = "segue.dev/removal";

  /** What people see of an object by {@code kubectl describe}. */
  enum Tone {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    Tone(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * Something that happened.
   *
   * @param reason one word in upper camel case, such as a condition's
   * @param message a sentence for people; cut where it is too long for an Event
   * @param occasion what tells it from another of the same words, such as commit and attempt: told
   *     again of the same occasion, nothing is added
   */
  record Happening(Tone tone, String reason, String message, String occasion) {}

  /**
   * Has {@code changed} called (on any thread, soon after) with each object that appears, changes
   * or goes. The first call begins to watch and returns when the first list is complete; later
   * ones, by others who want to be told, return at once. What is there already is told of to the
   * first alone: see {@link #observe}.
   *
   * @return false when the cluster does not know the kind: nothing is watched, {@code changed} is
   *     forgotten, and it may be tried again later
   */
  boolean watch(Consumer<GroupObject.Ref> changed) throws ClusterException;

  /**
   * Returns the objects as they are now, sorted by namespace and name, from what is watched and
   * without a call to the API server; a write of our own is in it. Nothing before {@link #watch}.
   * Fails when the watch has been down for minutes, rather than to give what was true then.
   */
  List<GroupObject> observe() throws ClusterException;

  /** As {@link #observe}, one of them. */
  Optional<GroupObject> find(GroupObject.Ref object) throws ClusterException;

  /**
   * Applies the object by server-side apply with field manager {@code segue}, and returns it as it
   * is afterwards, with its generation. What others own and is in it becomes ours.
   */
  GroupObject apply(Manifest object) throws ClusterException;

  /**
   * As {@link #apply}, and takes nothing from others: empty when an object of that name is there
   * with other content, which is left as it is.
   */
  Optional<GroupObject> create(Manifest object) throws ClusterException;

  /**
   * Makes {@code status} the object's whole status by its subresource; no call where that is its
   * status already. Fails when the object is gone or another of its name is there by now; does not
   * touch that.
   */
  GroupObject status(GroupObject object, Map<String, ? extends @Nullable Object> status)
      throws ClusterException;

  /** Adds an Event to the object; what was told of that occasion before is not told again. */
  void event(GroupObject object, Happening happening) throws ClusterException;

  /**
   * Sets {@link #FINALIZER}, or removes it; others' finalizers stay. No call where it is so
   * already. Fails as {@link #status}, except that to remove it from what is gone is no failure.
   */
  GroupObject finalizer(GroupObject object, boolean present) throws ClusterException;

  /** Deletes exactly that object; one of its name that was made since, or is gone, is left. */
  void delete(GroupObject object) throws ClusterException;
}
