// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be there before the Pods of an object start. */
final class PodNeeds {
  private final Set<Need> needs = new LinkedHashSet<>();

  private PodNeeds() {}

  record Need(String kind, String name) {}

  /**
   * Returns what the Pods that an object makes at once need and does not call optional; nothing for
   * one that makes none.
   */
  static Set<Need> of(Map<String, @Nullable Object> object) {
    PodNeeds needs = new PodNeeds();
    Object replicas = PlainData.at(object, "spec", "replicas");
    boolean none = replicas instanceof Number number && number.longValue() == 0;
    if (PlainData.text(object, "kind").equals("Pod")) {
      needs.pod(PlainData.map(object.get("spec")));
    } else if (!none) {
      needs.pod(PlainData.map(PlainData.at(object, "spec", "template", "spec")));
    }
    return Collections.unmodifiableSet(needs.needs);
  }

  private void pod(Map<String, @Nullable Object> spec) {
    if (!(spec.get("containers") instanceof List<?>)) {
      return;
    }
    add("ServiceAccount", PlainData.text(spec, "serviceAccountName"));
    add("PriorityClass", PlainData.text(spec, "priorityClassName"));
    add("RuntimeClass", PlainData.text(spec, "runtimeClassName"));
    for (Object secret : list(spec.get("imagePullSecrets"))) {
      add("Secret", PlainData.text(secret, "name"));
    }
    for (String field : List.of("initContainers", "containers")) {
      list(spec.get(field)).forEach(this::container);
    }
    list(spec.get("volumes")).forEach(this::volume);
  }

  private void container(@Nullable Object container) {
    for (Object source : list(PlainData.at(container, "envFrom"))) {
      reference("ConfigMap", PlainData.at(source, "configMapRef"), "name");
      reference("Secret", PlainData.at(source, "secretRef"), "name");
    }
    for (Object variable : list(PlainData.at(container, "env"))) {
      reference("ConfigMap", PlainData.at(variable, "valueFrom", "configMapKeyRef"), "name");
      reference("Secret", PlainData.at(variable, "valueFrom", "secretKeyRef"), "name");
    }
  }

  private void volume(@Nullable Object volume) {
    reference("ConfigMap", PlainData.at(volume, "configMap"), "name");
    reference("Secret", PlainData.at(volume, "secret"), "secretName");
    reference("PersistentVolumeClaim", PlainData.at(volume, "persistentVolumeClaim"), "claimName");
    for (Object source : list(PlainData.at(volume, "projected", "sources"))) {
      reference("ConfigMap", PlainData.at(source, "configMap"), "name");
      reference("Secret", PlainData.at(source, "secret"), "name");
    }
  }

  private void reference(String kind, @Nullable Object reference, String field) {
    if (!Boolean.TRUE.equals(PlainData.at(reference, "optional"))) {
      add(kind, PlainData.text(reference, field));
    }
  }

  private void add(String kind, String name) {
    if (!name.isEmpty()) {
      needs.add(new Need(kind, name));
    }
  }

  private static List<@Nullable Object> list(@Nullable Object node) {
    return node instanceof List<?> list ? new ArrayList<>(list) : List.of();
  }
}
