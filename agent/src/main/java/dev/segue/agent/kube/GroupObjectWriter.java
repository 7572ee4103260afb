// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.agent.reconcile.GroupObjects.Happening;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes ApplicationGroups, and what happens to them. */
final class GroupObjectWriter {
  private static final String STATUS = "/status?fieldManager=" + Labels.SEGUE;

  /** A manager of its own: what it applies next says whether the finalizer is among it. */
  private static final String FINALIZER =
      "?fieldManager=" + Labels.SEGUE + "-finalizer&force=true&fieldValidation=Strict";

  private static final String REPORTER = "segue.dev/agent";

  /** What the API server takes of a note, in bytes. */
  private static final int LONGEST_NOTE = 1024;

  private static final int LONGEST_REASON = 128;
  private static final int NAME_DIGITS = 16;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final ApiServer server;
  private final Resources resources;
  private final ObjectWriter objects;

  GroupObjectWriter(ApiServer server, Resources resources) {
    this.server = server;
    this.resources = resources;
    this.objects = new ObjectWriter(server, resources);
  }

  Manifest apply(Manifest object) throws ClusterException {
    return objects.apply(object);
  }

  /** Empty when one of its name with other content is there. */
  Optional<Manifest> create(Manifest object) throws ClusterException {
    return objects.applyUnlessOwned(object);
  }

  /** Empty when that is its status already. */
  Optional<Manifest> status(GroupObject object, Map<String, ? extends @Nullable Object> status)
      throws ClusterException {
    Map<String, @Nullable Object> fields = identified(object, Map.of());
    fields.put("status", status);
    Manifest wanted = new Manifest(fields);
    if (wanted.map("status").equals(object.status())) {
      return Optional.empty();
    }
    Target target = target("write the status of", object);
    Resource resource = resources.of(object.manifest());
    String path =
        ObjectWriter.path(target, resource, object.manifest()) + "/" + object.name() + STATUS;
    // An apply to the subresource would not look at the uid.
    List<Map<String, Object>> change =
        List.of(
            Map.of("op", "test", "path", "/metadata/uid", "value", object.uid()),
            Map.of("op", "add", "path", "/status", "value", wanted.map("status")));
    Request request = Request.change(target, path, server.asJson(change));
    return Optional.of(ObjectWriter.manifest(target, resource, server.ask(request)));
  }

  /** Empty when the object is gone and the finalizer was to go. */
  Optional<Manifest> finalizer(GroupObject object, boolean present) throws ClusterException {
    Target target = target(present ? "hold" : "let go of", object);
    Resource resource = resources.of(object.manifest());
    String path =
        ObjectWriter.path(target, resource, object.manifest()) + "/" + object.name() + FINALIZER;
    Map<String, @Nullable Object> more =
        present ? Map.of("finalizers", List.of(GroupObjects.FINALIZER)) : Map.of();
    Answer answer =
        server.ask(Request.apply(target, path, server.asJson(identified(object, more))));
    boolean gone = answer.code() == 404 || answer.code() == 409;
    return !present && gone
        ? Optional.empty()
        : Optional.of(ObjectWriter.manifest(target, resource, answer));
  }

  /** Called after its content: what was told before is there already. */
  void event(GroupObject object, Happening happening) throws ClusterException {
    String content =
        String.join(
            "\n",
            object.uid(),
            happening.tone().text(),
            happening.reason(),
            happening.message(),
            happening.occasion());
    String name = object.name() + "." + Digest.of(content).prefix(NAME_DIGITS);
    String namespace = object.namespace().isEmpty() ? "default" : object.namespace();
    Map<String, @Nullable Object> regarding = new LinkedHashMap<>();
    regarding.put("apiVersion", object.apiVersion());
    regarding.put("kind", object.manifest().kind());
    if (!object.namespace().isEmpty()) {
      regarding.put("namespace", object.namespace());
    }
    regarding.put("name", object.name());
    regarding.put("uid", object.uid());
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", Resource.EVENT.apiVersion());
    fields.put("kind", Resource.EVENT.kind());
    fields.put("metadata", Map.of("name", name, "namespace", namespace));
    fields.put("eventTime", MICROSECONDS.format(Instant.now()));
    fields.put("type", happening.tone().text());
    fields.put("reason", cut(happening.reason(), LONGEST_REASON));
    fields.put("action", "Reconcile");
    fields.put("note", cut(happening.message(), LONGEST_NOTE));
    fields.put("regarding", regarding);
    fields.put("reportingController", REPORTER);
    fields.put("reportingInstance", Labels.SEGUE);
    objects.create(new Manifest(fields));
  }

  /** Whoever has its name by now, and what changed since we looked, is no reason to stop. */
  void delete(GroupObject object) throws ClusterException {
    Resource resource = resources.of(object.manifest());
    objects.delete(resource, object.manifest(), Map.of("uid", object.uid()));
  }

  /** With its uid: another object of its name is then not meant. */
  private static Map<String, @Nullable Object> identified(
      GroupObject object, Map<String, ? extends @Nullable Object> more) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", object.name());
    if (!object.namespace().isEmpty()) {
      metadata.put("namespace", object.namespace());
    }
    metadata.put("uid", object.uid());
    metadata.putAll(more);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", object.apiVersion());
    fields.put("kind", object.manifest().kind());
    fields.put("metadata", metadata);
    return fields;
  }

  private static String cut(String text, int bytes) {
    String line = text;
    while (line.getBytes(StandardCharsets.UTF_8).length > bytes) {
      int end = Math.min(line.length() - 1, bytes);
      line = line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end);
    }
    return line;
  }

  private static Target target(String operation, GroupObject object) {
    return new Target(
        operation,
        object.manifest().kind(),
        object.namespace().isEmpty() ? null : object.namespace(),
        object.name());
  }
}
