// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the kinds that are collected there is of each group: listed for all groups at once, and
 * since then what we wrote ourselves. So a group of which nothing is left over costs no call. What
 * other agents wrote is seen ten minutes later at most. Safe for several threads.
 */
final class GroupHoldings {
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final ApiServer server;
  private final List<Resource> kinds;
  private final Map<Namespace, Listing> listings = new HashMap<>();

  private record Key(Resource kind, String group) {}

  private record Listing(long readAt, Map<Key, Set<String>> names) {
    boolean isFresh() {
      return System.nanoTime() - readAt < KEPT.toNanos();
    }

    /** What holds requests is nobody's to collect. */
    void add(Resource kind, Manifest object) {
      Optional<String> group = object.label(Labels.GROUP);
      if (group.isPresent() && object.label(Labels.REQUESTS).isEmpty()) {
        names
            .computeIfAbsent(new Key(kind, group.get()), key -> new HashSet<>())
            .add(object.name());
      }
    }
  }

  GroupHoldings(ApiServer server, List<Resource> kinds) {
    this.server = server;
    this.kinds = List.copyOf(kinds);
  }

  /** To be called after every attempt to write an object, whatever came of it. */
  synchronized void wrote(Manifest object) {
    Optional<Listing> listing = object.namespace().map(Namespace::parse).map(listings::get);
    Optional<Resource> kind =
        kinds.stream().filter(each -> each.kind().equals(object.kind())).findFirst();
    if (listing.isPresent() && kind.isPresent()) {
      listing.get().add(kind.get(), object);
    }
  }

  /** Returns the names of the group's objects of that kind. */
  synchronized Set<String> names(Resource kind, GroupName group, Namespace namespace)
      throws ClusterException {
    Listing listing = listings.get(namespace);
    if (listing == null || !listing.isFresh()) {
      listing = new Listing(System.nanoTime(), new HashMap<>());
      for (Resource each : kinds) {
        for (Manifest object : list(each, namespace, null)) {
          listing.add(each, object);
        }
      }
      listings.put(namespace, listing);
    }
    return Set.copyOf(listing.names().getOrDefault(new Key(kind, group.value()), Set.of()));
  }

  /** Reads the group's objects of that kind anew: nothing but metadata, and none with requests. */
  List<Manifest> read(Resource kind, GroupName group, Namespace namespace) throws ClusterException {
    List<Manifest> found = new ArrayList<>(list(kind, namespace, group));
    found.removeIf(object -> object.label(Labels.REQUESTS).isPresent());
    synchronized (this) {
      Listing listing = listings.get(namespace);
      if (listing != null) {
        listing.names().remove(new Key(kind, group.value()));
        found.forEach(object -> listing.add(kind, object));
      }
    }
    return found;
  }

  /**
   * Empty when the cluster does not know the kind.
   *
   * @param group null for all
   */
  private List<Manifest> list(Resource kind, Namespace namespace, @Nullable GroupName group)
      throws ClusterException {
    Target target = new Target("list", kind.kind() + "s", namespace.value(), null);
    Map<String, String> labels = group == null ? Map.of() : Map.of(Labels.GROUP, group.value());
    try {
      return Lists.metadata(server, target, Selection.ofSegue(kind, namespace.value(), labels));
    } catch (ClusterException e) {
      if (e.code() == ProblemCode.CLUSTER_CRD_MISSING) {
        return List.of();
      }
      throw e;
    }
  }
}
