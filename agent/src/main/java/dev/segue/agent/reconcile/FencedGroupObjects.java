// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ApplicationGroups of a cluster, written only while the group is ours. */
final class FencedGroupObjects implements GroupObjects {
  private final GroupObjects objects;
  private final Mandate mandate;

  FencedGroupObjects(GroupObjects objects, Mandate mandate) {
    this.objects = objects;
    this.mandate = mandate;
  }

  @Override
  public boolean watch(Consumer<GroupObject.Ref> changed) throws ClusterException {
    return objects.watch(changed);
  }

  @Override
  public List<GroupObject> observe() throws ClusterException {
    return objects.observe();
  }

  @Override
  public Optional<GroupObject> find(GroupObject.Ref object) throws ClusterException {
    return objects.find(object);
  }

  @Override
  public Optional<GroupObject> create(Manifest object) throws ClusterException {
    return fenced(() -> objects.create(object));
  }

  @Override
  public GroupObject apply(Manifest object) throws ClusterException {
    return fenced(() -> objects.apply(object));
  }

  @Override
  public GroupObject status(GroupObject object, Map<String, ? extends @Nullable Object> status)
      throws ClusterException {
    return fenced(() -> objects.status(object, status));
  }

  @Override
  public void event(GroupObject object, Happening happening) throws ClusterException {
    fenced(
        () -> {
          objects.event(object, happening);
          return true;
        });
  }

  @Override
  public GroupObject finalizer(GroupObject object, boolean present) throws ClusterException {
    return fenced(() -> objects.finalizer(object, present));
  }

  @Override
  public void delete(GroupObject object) throws ClusterException {
    fenced(
        () -> {
          objects.delete(object);
          return true;
        });
  }

  private <T> T fenced(Mandate.Write<T, ClusterException> write) throws ClusterException {
    return mandate.write(
        why ->
            new ClusterException(ProblemCode.CLUSTER_CONFLICT, true, "cannot write: " + why, null),
        write);
  }
}
