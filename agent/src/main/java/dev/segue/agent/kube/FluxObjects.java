// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads HelmReleases and sources of Flux, whoever made them; changes nothing, asks for no Secret.
 */
public final class FluxObjects implements AutoCloseable {
  private static final List<Resource> SOURCES =
      List.of(
          Resource.GIT_REPOSITORY,
          Resource.HELM_CHART,
          Resource.HELM_REPOSITORY,
          Resource.OCI_REPOSITORY);

  private final KubernetesClient client;
  private final ApiServer server;

  private FluxObjects(KubernetesClient client) {
    this.client = client;
    this.server = new ApiServer(client, Limits.DEFAULT);
  }

  /**
   * Connects as the kubeconfig says; nothing is sent yet.
   *
   * @param kubeconfig null for that of the environment
   * @param context null for the current one
   */
  public static FluxObjects open(@Nullable Path kubeconfig, @Nullable String context)
      throws ClusterException {
    return new FluxObjects(
        Connection.client(Connection.config(kubeconfig, context), Limits.DEFAULT));
  }

  /** All HelmReleases of a namespace. */
  public List<Manifest> helmReleases(Namespace namespace) throws ClusterException {
    Resource resource = Resource.HELM_RELEASE;
    Target target = new Target("list", resource.kind() + "s", namespace.value(), null);
    Selection all = new Selection(resource, namespace.value(), Map.of());
    return Lists.items(server, target, all).stream().map(item -> object(resource, item)).toList();
  }

  /** One source; empty when it is not there or of a kind that is no source of ours. */
  public Optional<Manifest> source(String kind, String namespace, String name)
      throws ClusterException {
    for (Resource resource : SOURCES) {
      if (resource.kind().equals(kind)) {
        Target target = new Target("read", kind, namespace, name);
        Answer answer = server.ask(Request.get(target, resource.path(namespace) + "/" + name));
        if (answer.code() == 404) {
          return Optional.empty();
        }
        if (!answer.successful() || answer.fields() == null) {
          throw Failures.answered(target, resource, answer);
        }
        return Optional.of(object(resource, answer.fields()));
      }
    }
    return Optional.empty();
  }

  /** Items of a list do not name their kind. */
  private static Manifest object(Resource resource, Map<?, ?> fields) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("apiVersion", resource.apiVersion());
    object.put("kind", resource.kind());
    object.put("metadata", fields.get("metadata"));
    object.put("spec", fields.get("spec"));
    return new Manifest(object);
  }

  @Override
  public void close() {
    client.close();
  }
}
