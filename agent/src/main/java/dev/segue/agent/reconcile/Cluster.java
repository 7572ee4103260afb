// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import java.util.List;
import java.util.function.Consumer;

/** The API server, reduced to what releasing needs. Safe for several threads. */
public interface Cluster extends AutoCloseable {
  /**
   * What this cluster calls itself to people: a context's name, or that it is embedded and
   * simulated.
   */
  String description();

  /** The version as Helm takes it, such as {@code v1.34.4}. */
  String kubernetesVersion() throws ClusterException;

  /**
   * Whether the HelmReleases and Workflows of that namespace are among what is watched: a group
   * whose objects are elsewhere would never be seen to end.
   */
  default boolean reaches(Namespace namespace) {
    return true;
  }

  /**
   * Returns where objects of the kind are; unknown for a kind that the cluster does not have. One
   * that has no kinds of its own takes all for namespaced.
   */
  default Scope scope(ApiKind kind) throws ClusterException {
    return Scope.NAMESPACED;
  }

  /**
   * Begins to watch the HelmReleases and Workflows that are Segue's, and its ConfigMaps in the
   * agent's namespace whose annotations are requests ({@code Labels.REQUESTS}), and calls {@code
   * changed} (on any thread, soon after, several changes perhaps as one) with the group of each
   * that changes. Returns when the first list is complete. Fails when a CRD is missing or something
   * is forbidden, naming it.
   */
  void watch(Consumer<GroupName> changed) throws ClusterException;

  /**
   * Returns the group's HelmReleases, Workflows and ConfigMaps with requests (these without their
   * content) as they are now: from what is watched, without a call to the API server; a change of
   * our own ({@link #create}, {@link #apply}, {@link #patch}) is in it.
   */
  List<Manifest> observe(GroupName group) throws ClusterException;

  /**
   * Applies the objects in order by server-side apply with field manager {@code segue}; unchanged
   * ones change nothing.
   */
  void apply(List<Manifest> objects) throws ClusterException;

  /**
   * Creates the object; returns false when one of that name exists already, which is left as it is.
   */
  boolean create(Manifest object) throws ClusterException;

  /**
   * Merges {@code metadata.annotations} and {@code spec} of {@code change} into the object of its
   * kind, namespace and name by JSON merge patch: maps are merged, a null removes, anything else
   * replaces. What is so already changes nothing. Never creates; returns false when the object is
   * not there.
   */
  boolean patch(Manifest change) throws ClusterException;

  /**
   * Deletes the ConfigMaps, Secrets and Flux sources in {@code namespace} that are Segue's, are
   * labelled with that group and are not among {@code kept}. What holds requests is left.
   */
  void collect(GroupName group, String namespace, List<Manifest> kept) throws ClusterException;

  @Override
  void close();
}
