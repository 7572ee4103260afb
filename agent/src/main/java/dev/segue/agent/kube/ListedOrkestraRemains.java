// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.OrkestraRemains;
import dev.segue.renderer.model.Orkestra;
import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What Orkestra left, by lists of the API server. */
final class ListedOrkestraRemains implements OrkestraRemains {
  private static final Resource NAMESPACE =
      new Resource("", "v1", "Namespace", "namespaces", false);
  private static final int SHOWN = 3;

  private final ApiServer server;

  ListedOrkestraRemains(ApiServer server) {
    this.server = server;
  }

  @Override
  public List<String> of(GroupObject object) throws ClusterException {
    TreeSet<String> releases = new TreeSet<>();
    Selection theirs =
        new Selection(Resource.HELM_RELEASE, null, Map.of(Orkestra.OWNER, object.name()));
    for (Map<?, ?> item : Lists.items(server, target(theirs), theirs)) {
      if (!Boolean.TRUE.equals(PlainData.at(item, "spec", "suspend"))) {
        releases.add(place(item));
      }
    }
    TreeSet<String> namespaces = new TreeSet<>();
    Selection all = new Selection(NAMESPACE, null, Map.of());
    for (Map<?, ?> namespace : Lists.metadataItems(server, target(all), all)) {
      if (isOwned(namespace, object.uid())) {
        namespaces.add(PlainData.text(namespace, "metadata", "name"));
      }
    }
    List<String> found = new ArrayList<>();
    if (!releases.isEmpty()) {
      found.add(
          "HelmReleases of Orkestra must be suspended, or they release the same: "
              + shown(releases));
    }
    if (!namespaces.isEmpty()) {
      found.add(
          "namespaces must have no `metadata.ownerReferences` to the object, or they are deleted"
              + " with it: "
              + shown(namespaces));
    }
    return found;
  }

  private static Target target(Selection selection) {
    String what = selection.resource().kind() + "s of Orkestra in all namespaces";
    return new Target("list", what, null, null);
  }

  private static String place(Map<?, ?> item) {
    return PlainData.text(item, "metadata", "namespace")
        + "/"
        + PlainData.text(item, "metadata", "name");
  }

  private static boolean isOwned(Map<?, ?> item, String uid) {
    return PlainData.at(item, "metadata", "ownerReferences") instanceof List<?> owners
        && owners.stream().anyMatch(owner -> PlainData.text(owner, "uid").equals(uid));
  }

  private static String shown(Set<String> names) {
    List<String> some = names.stream().limit(SHOWN).map(name -> "\"" + name + "\"").toList();
    int more = names.size() - some.size();
    return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
  }
}
