// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Finds the resource of a manifest: what Segue itself writes is known, the rest is asked for. */
final class Resources {
  private static final List<Resource> KNOWN =
      List.of(
          Resource.CONFIG_MAP,
          Resource.SECRET,
          Resource.HELM_RELEASE,
          Resource.WORKFLOW,
          Resource.GROUP,
          Resource.ORKESTRA_GROUP,
          Resource.EVENT,
          Resource.GIT_REPOSITORY,
          Resource.HELM_CHART,
          Resource.HELM_REPOSITORY,
          Resource.OCI_REPOSITORY);

  /** What may stand in a URL's path. */
  private static final Pattern API_VERSION =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}/)?[A-Za-z0-9]{1,63}");

  private final ApiServer server;
  private final Map<String, Resource> byKind = new ConcurrentHashMap<>();

  Resources(ApiServer server) {
    this.server = server;
    KNOWN.forEach(resource -> byKind.put(key(resource.apiVersion(), resource.kind()), resource));
  }

  Resource of(Manifest object) throws ClusterException {
    String key = key(object.apiVersion(), object.kind());
    Resource known = byKind.get(key);
    if (known != null) {
      return known;
    }
    return discover(object.apiVersion(), object.kind());
  }

  /**
   * Learns the kinds of these objects, a few APIs at a time. One that is not served is no failure.
   */
  void find(List<Manifest> objects, Workers workers) throws ClusterException {
    List<String> apis =
        objects.stream()
            .filter(object -> !byKind.containsKey(key(object.apiVersion(), object.kind())))
            .map(Manifest::apiVersion)
            .distinct()
            .toList();
    workers.forEach(apis, api -> learn(new Target("find", "the kinds of " + api, null, null), api));
  }

  /** Its resource, when it is known by now; see {@link #find}. */
  Optional<Resource> known(Manifest object) {
    return Optional.ofNullable(byKind.get(key(object.apiVersion(), object.kind())));
  }

  /** Asks where objects of the kind are, unless that is known. */
  Scope scope(ApiKind kind) throws ClusterException {
    String key = key(kind.apiVersion(), kind.kind());
    if (!byKind.containsKey(key)) {
      learn(new Target("find", "the kinds of " + kind.apiVersion(), null, null), kind.apiVersion());
    }
    Resource found = byKind.get(key);
    if (found == null) {
      return Scope.UNKNOWN;
    }
    return found.namespaced() ? Scope.NAMESPACED : Scope.CLUSTER;
  }

  private Resource discover(String apiVersion, String kind) throws ClusterException {
    Target target = new Target("find", "the kind " + kind + " of " + apiVersion, null, null);
    learn(target, apiVersion);
    Resource found = byKind.get(key(apiVersion, kind));
    if (found != null) {
      return found;
    }
    throw new ClusterException(
        ProblemCode.CLUSTER_CRD_MISSING,
        false,
        target.cannot()
            + ": the cluster does not serve it. Install its CRD, or the version that has it",
        null);
  }

  private void learn(Target target, String apiVersion) throws ClusterException {
    if (!API_VERSION.matcher(apiVersion).matches()) {
      return;
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    String version = apiVersion.substring(slash + 1);
    Answer answer = server.ask(Request.get(target, (slash < 0 ? "api/" : "apis/") + apiVersion));
    if (answer.successful()
        && answer.fields() != null
        && answer.fields().get("resources") instanceof List<?> resources) {
      for (Object item : resources) {
        if (item instanceof Map<?, ?> resource
            && resource.get("kind") instanceof String kind
            && resource.get("name") instanceof String plural
            && plural.indexOf('/') < 0) {
          boolean namespaced = Boolean.TRUE.equals(resource.get("namespaced"));
          byKind.putIfAbsent(
              key(apiVersion, kind), new Resource(group, version, kind, plural, namespaced));
        }
      }
    } else if (answer.code() != 404) {
      throw Failures.answered(target, null, answer);
    }
  }

  private static String key(String apiVersion, String kind) {
    return apiVersion + "/" + kind;
  }
}
