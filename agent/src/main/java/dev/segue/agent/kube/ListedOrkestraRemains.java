// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.OrkestraRemains;
import dev.segue.renderer.model.Orkestra;
import dev.segue.renderer.model.PlainData;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
    String selector =
        "labelSelector="
            + URLEncoder.encode(Orkestra.OWNER + "=" + object.name(), StandardCharsets.UTF_8);
    for (@Nullable Object item : list(Resource.HELM_RELEASE, selector, false)) {
      if (!Boolean.TRUE.equals(PlainData.at(item, "spec", "suspend"))) {
        releases.add(place(item));
      }
    }
    TreeSet<String> namespaces = new TreeSet<>();
    for (@Nullable Object item : list(NAMESPACE, "", true)) {
      if (isOwned(item, object.uid())) {
        namespaces.add(place(item));
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

  private static String place(@Nullable Object item) {
    String namespace = PlainData.text(item, "metadata", "namespace");
    String name = PlainData.text(item, "metadata", "name");
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  private static boolean isOwned(@Nullable Object item, String uid) {
    return PlainData.at(item, "metadata", "ownerReferences") instanceof List<?> owners
        && owners.stream().anyMatch(owner -> PlainData.text(owner, "uid").equals(uid));
  }

  private static String shown(Set<String> names) {
    List<String> some = names.stream().limit(SHOWN).map(name -> "\"" + name + "\"").toList();
    int more = names.size() - some.size();
    return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
  }

  /** The items, page by page; none where the cluster does not know the kind. */
  private List<@Nullable Object> list(Resource resource, String selector, boolean metadataOnly)
      throws ClusterException {
    Target target =
        new Target("list", resource.kind() + "s of Orkestra in all namespaces", null, null);
    List<@Nullable Object> items = new ArrayList<>();
    String next = "";
    do {
      String path = resource.path(null) + "?limit=500&" + selector + next;
      Answer answer =
          server.ask(metadataOnly ? Request.listMetadata(target, path) : Request.get(target, path));
      Map<String, @Nullable Object> fields = answer.fields();
      if (!answer.successful() || fields == null) {
        throw Failures.answered(target, resource, answer);
      }
      if (fields.get("items") instanceof List<?> page) {
        items.addAll(page);
      }
      next = MetadataPage.next(fields);
    } while (!next.isEmpty());
    return items;
  }
}
