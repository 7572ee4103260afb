// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes one object at a time. */
final class ObjectWriter {
  private static final String QUERY = "?fieldManager=" + Labels.SEGUE + "&fieldValidation=Strict";

  /** What may stand in a URL's path as it is; the API server has stricter rules of its own. */
  private static final Pattern PATH_SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,252}");

  private final ApiServer server;
  private final Resources resources;

  ObjectWriter(ApiServer server, Resources resources) {
    this.server = server;
    this.resources = resources;
  }

  /** Returns the object as it is afterwards. Unchanged, it keeps its version. */
  Manifest apply(Manifest object) throws ClusterException {
    Target target = target("apply", object);
    Resource resource = resources.of(object);
    String path = path(target, resource, object) + "/" + object.name() + QUERY + "&force=true";
    Request request = Request.apply(target, path, server.asJson(object.fields()));
    return manifest(target, resource, server.ask(request));
  }

  /** As {@link #apply}; empty when somebody else has a field of it with another value. */
  Optional<Manifest> applyUnlessOwned(Manifest object) throws ClusterException {
    Target target = target("apply", object);
    Resource resource = resources.of(object);
    String path = path(target, resource, object) + "/" + object.name() + QUERY;
    Answer answer = server.ask(Request.apply(target, path, server.asJson(object.fields())));
    return answer.code() == 409
        ? Optional.empty()
        : Optional.of(manifest(target, resource, answer));
  }

  /** Returns the object as it is afterwards; empty when one of its name exists already. */
  Optional<Manifest> create(Manifest object) throws ClusterException {
    Target target = target("create", object);
    Resource resource = resources.of(object);
    String path = path(target, resource, object) + QUERY;
    Answer answer = server.ask(Request.create(target, path, server.asJson(object.fields())));
    if (answer.code() == 409 && answer.reason().equals("AlreadyExists")) {
      return Optional.empty();
    }
    return Optional.of(manifest(target, resource, answer));
  }

  /** Returns the object as it is afterwards; empty when it is not there. */
  Optional<Manifest> patch(Manifest change) throws ClusterException {
    Target target = target("patch", change);
    Resource resource = resources.of(change);
    String path = path(target, resource, change) + "/" + change.name() + QUERY;
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    if (change.at("metadata", "annotations") != null) {
      merged.put("metadata", Map.of("annotations", change.map("metadata", "annotations")));
    }
    if (change.at("spec") != null) {
      merged.put("spec", change.at("spec"));
    }
    Answer answer = server.ask(Request.merge(target, path, server.asJson(merged)));
    if (answer.code() == 404 && answer.reason().equals("NotFound") && isAbout(resource, answer)) {
      return Optional.empty();
    }
    return Optional.of(manifest(target, resource, answer));
  }

  /** Whether it is an object of the kind that is not found, and not its namespace or the kind. */
  private static boolean isAbout(Resource resource, Answer answer) {
    return answer.detailsKind().equals(resource.plural());
  }

  /** Deletes exactly this version of that object; what changed since, or is gone, is left. */
  void delete(Resource resource, Manifest listed) throws ClusterException {
    delete(
        resource,
        listed,
        Map.of(
            "uid", listed.text("metadata", "uid").orElse(""),
            "resourceVersion", listed.text("metadata", "resourceVersion").orElse("")));
  }

  /**
   * Deletes that object, and what it owns in the background; one that is gone or that keeps a
   * precondition no more is left.
   */
  void delete(Resource resource, Manifest object, Map<String, String> preconditions)
      throws ClusterException {
    Target target =
        new Target("delete", resource.kind(), object.namespace().orElse(null), object.name());
    Map<String, Object> options =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "propagationPolicy",
            "Background",
            "preconditions",
            preconditions);
    String path = path(target, resource, object) + "/" + object.name();
    Answer answer = server.ask(Request.delete(target, path, server.asJson(options)));
    if (!answer.successful() && answer.code() != 404 && answer.code() != 409) {
      throw Failures.answered(target, resource, answer);
    }
  }

  static Manifest manifest(Target target, Resource resource, Answer answer)
      throws ClusterException {
    if (answer.successful() && answer.fields() != null) {
      try {
        return new Manifest(answer.fields());
      } catch (IllegalArgumentException e) {
        throw Failures.answered(target, resource, answer);
      }
    }
    throw Failures.answered(target, resource, answer);
  }

  static String path(Target target, Resource resource, Manifest object) throws ClusterException {
    @Nullable String namespace = object.namespace().orElse(null);
    if (resource.namespaced() != (namespace != null)) {
      throw refused(
          target,
          "`metadata.namespace` must "
              + (resource.namespaced() ? "be given" : "not be given: the kind has none"));
    }
    if (!PATH_SAFE.matcher(object.name()).matches()) {
      throw refused(target, "`metadata.name` must be a name of Kubernetes");
    }
    if (namespace != null && !PATH_SAFE.matcher(namespace).matches()) {
      throw refused(target, "`metadata.namespace` must be a name of Kubernetes");
    }
    return resource.path(namespace);
  }

  private static ClusterException refused(Target target, String why) {
    return new ClusterException(
        ProblemCode.CLUSTER_REJECTED, false, Failures.oneLine(target.cannot()) + ": " + why, null);
  }

  private static Target target(String operation, Manifest object) {
    return new Target(operation, object.kind(), object.namespace().orElse(null), object.name());
  }
}
