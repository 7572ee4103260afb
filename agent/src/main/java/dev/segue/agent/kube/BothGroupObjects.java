// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.GroupObject.Ref;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.renderer.model.Manifest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our ApplicationGroups and Orkestra's together, for one who watches them. */
final class BothGroupObjects implements GroupObjects {
  private static final Logger LOG = LoggerFactory.getLogger(BothGroupObjects.class);

  private final GroupObjects ours;
  private final GroupObjects theirs;
  private boolean asked;

  BothGroupObjects(GroupObjects ours, GroupObjects theirs) {
    this.ours = ours;
    this.theirs = theirs;
  }

  /**
   * As {@link GroupObjects#watch}; a cluster that does not know Orkestra has none of its groups.
   */
  @Override
  public synchronized boolean watch(Consumer<Ref> changed) throws ClusterException {
    if (!asked && !theirs.watch(changed)) {
      LOG.warn("the cluster does not know ApplicationGroups of Orkestra: none is read");
    }
    asked = true;
    return ours.watch(changed);
  }

  private GroupObjects of(String apiVersion) {
    return apiVersion.equals(Resource.ORKESTRA_GROUP.apiVersion()) ? theirs : ours;
  }

  @Override
  public List<GroupObject> observe() throws ClusterException {
    return Stream.concat(ours.observe().stream(), theirs.observe().stream())
        .sorted(Comparator.comparing(GroupObject::ref))
        .toList();
  }

  @Override
  public Optional<GroupObject> find(Ref object) throws ClusterException {
    return of(object.apiVersion()).find(object);
  }

  @Override
  public GroupObject apply(Manifest object) throws ClusterException {
    return of(object.apiVersion()).apply(object);
  }

  @Override
  public Optional<GroupObject> create(Manifest object) throws ClusterException {
    return of(object.apiVersion()).create(object);
  }

  @Override
  public GroupObject status(GroupObject object, Map<String, ? extends @Nullable Object> status)
      throws ClusterException {
    return of(object.apiVersion()).status(object, status);
  }

  @Override
  public void event(GroupObject object, Happening happening) throws ClusterException {
    of(object.apiVersion()).event(object, happening);
  }

  @Override
  public GroupObject finalizer(GroupObject object, boolean present) throws ClusterException {
    return of(object.apiVersion()).finalizer(object, present);
  }

  @Override
  public void delete(GroupObject object) throws ClusterException {
    of(object.apiVersion()).delete(object);
  }
}
