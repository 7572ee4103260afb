// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@code deploy/base} installs, as kustomize would give it to a namespace. */
public final class DeployedObjects {
  private static final Path BASE = Path.of("..", "deploy", "base");

  /** A folder of its own, with a kustomization. */
  private static final String CRDS = "../crds";

  private DeployedObjects() {}

  /** All objects of the namespace, as they are in the files. */
  public static List<Manifest> all() throws IOException {
    Manifest kustomization = documents("kustomization.yaml").get(0);
    List<Manifest> objects = new ArrayList<>();
    if (kustomization.at("resources") instanceof List<?> files) {
      for (Object file : files) {
        if (!file.equals(CRDS)) {
          documents((String) file).stream()
              .filter(object -> !object.kind().equals("Namespace"))
              .forEach(objects::add);
        }
      }
    }
    return objects;
  }

  /** Installs them into that namespace. */
  public static void install(ClusterUnderTest target, Namespace namespace)
      throws IOException, ClusterException {
    try (Fabric8Cluster admin =
        new Fabric8Cluster(target.kubeconfig(), null, namespace, List.of(namespace))) {
      admin.apply(all().stream().map(object -> in(namespace, object)).toList());
    }
  }

  /** As JSON, for an agent whose account is in that namespace. */
  public static String bound(Namespace agent, ClusterUnderTest target, Manifest object) {
    return target
        .admin()
        .getKubernetesSerialization()
        .asJson(object.fields())
        .replace("\"namespace\":\"segue\"", "\"namespace\":\"" + agent + "\"");
  }

  public static Manifest role(String name) throws IOException {
    return all().stream()
        .filter(object -> object.kind().equals("Role") && object.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** As kustomize does with {@code namespace}. */
  public static Manifest in(Namespace namespace, Manifest object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.fields());
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object.map("metadata"));
    metadata.put("namespace", namespace.value());
    fields.put("metadata", metadata);
    if (fields.containsKey("subjects")) {
      List<@Nullable Object> subjects = new ArrayList<>();
      for (Map<String, @Nullable Object> subject : object.maps("subjects")) {
        Map<String, @Nullable Object> bound = new LinkedHashMap<>(subject);
        bound.put("namespace", namespace.value());
        subjects.add(bound);
      }
      fields.put("subjects", subjects);
    }
    return new Manifest(fields);
  }

  private static List<Manifest> documents(String file) throws IOException {
    String text = Files.readString(BASE.resolve(file));
    if (file.equals("kustomization.yaml")) {
      text += "metadata: {name: kustomization}\n"; // which it has no need of, and a Manifest has
    }
    YamlStream stream = YamlReader.read(text);
    if (!stream.faults().isEmpty()) {
      throw new IllegalStateException(file + ": " + stream.faults());
    }
    return stream.documents().stream()
        .map(node -> new Manifest(((YamlNode.Mapping) node).data()))
        .toList();
  }

  /** Verbs by API group and resource: {@code apps/deployments}, {@code /secrets}. */
  public static Map<String, Set<String>> rights(Manifest role) {
    Map<String, Set<String>> rights = new TreeMap<>();
    for (Map<String, @Nullable Object> rule : role.maps("rules")) {
      if (rule.containsKey("resourceNames")) {
        assertThat(rule)
            .containsEntry("resources", List.of("leases"))
            .containsEntry("resourceNames", List.of("segue"))
            .containsEntry("verbs", List.of("get", "update"));
      } else {
        assertThat(rule).containsOnlyKeys("apiGroups", "resources", "verbs");
      }
      for (String group : PlainData.texts(rule.get("apiGroups"))) {
        for (String resource : PlainData.texts(rule.get("resources"))) {
          rights
              .computeIfAbsent(group + "/" + resource, unused -> new TreeSet<>())
              .addAll(PlainData.texts(rule.get("verbs")));
        }
      }
    }
    return rights;
  }
}
