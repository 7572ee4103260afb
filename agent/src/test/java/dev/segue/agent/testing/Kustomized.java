// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.segue.renderer.model.Manifest;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What kustomize makes of a folder below {@code deploy}. Of patches nothing is known here: for a
 * folder that has some, kubectl is needed. A ConfigMap that is generated has its plain name.
 */
public final class Kustomized {
  /** The kinds in {@code deploy} that have no namespace. */
  private static final Set<String> OF_CLUSTER = Set.of("CustomResourceDefinition", "Namespace");

  private static final Path DEPLOY = Path.of("..", "deploy");

  private Kustomized() {}

  /** Without any tool. */
  public static List<Manifest> of(String folder) throws IOException {
    return read(DEPLOY.resolve(folder));
  }

  /** By the kustomize in kubectl. */
  public static List<Manifest> by(Path kubectl, String folder)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(kubectl.toString(), "kustomize", DEPLOY.resolve(folder).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("kubectl kustomize " + folder + " failed");
    }
    return manifests(text.replaceAll("segue-config-[0-9a-z]{10}\\b", "segue-config"));
  }

  /** The objects of a text with documents, in their order. */
  public static List<Manifest> manifests(String text) {
    YamlStream stream = YamlReader.read(text);
    if (!stream.faults().isEmpty()) {
      throw new IllegalStateException(stream.faults() + " in " + text);
    }
    return stream.documents().stream()
        .map(node -> new Manifest(((YamlNode.Mapping) node).data()))
        .toList();
  }

  private static List<Manifest> read(Path folder) throws IOException {
    // A Manifest has a name, of which a kustomization has no need.
    String file = Files.readString(folder.resolve("kustomization.yaml")) + "metadata: {name: k}\n";
    Manifest kustomization = manifests(file).get(0);
    if (kustomization.fields().containsKey("patches")) {
      throw new IllegalArgumentException(folder + " has patches");
    }
    List<Manifest> objects = new ArrayList<>();
    for (String resource : texts(kustomization.at("resources"))) {
      Path path = folder.resolve(resource).normalize();
      objects.addAll(Files.isDirectory(path) ? read(path) : manifests(Files.readString(path)));
    }
    for (Map<String, @Nullable Object> generator : kustomization.maps("configMapGenerator")) {
      generate(new Manifest(named(generator)), folder, objects);
    }
    return objects.stream().map(object -> transformed(object, kustomization)).toList();
  }

  private static Map<String, @Nullable Object> named(Map<String, @Nullable Object> generator) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(generator);
    fields.put("apiVersion", "v1");
    fields.put("kind", "ConfigMap");
    fields.put("metadata", map("name", generator.get("name")));
    return fields;
  }

  private static void generate(Manifest generator, Path folder, List<Manifest> objects)
      throws IOException {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    for (String file : texts(generator.at("files"))) {
      data.put(file, Files.readString(folder.resolve(file)));
    }
    Map<String, @Nullable Object> metadata = map("name", generator.name());
    metadata.put("labels", generator.at("options", "labels"));
    for (int i = 0; i < objects.size(); i++) {
      Manifest object = objects.get(i);
      if (object.kind().equals("ConfigMap") && object.name().equals(generator.name())) {
        objects.set(i, with(object, "data", data));
        return;
      }
    }
    Map<String, @Nullable Object> fields = map("apiVersion", "v1");
    fields.put("kind", "ConfigMap");
    fields.put("metadata", metadata);
    fields.put("data", data);
    objects.add(new Manifest(fields));
  }

  private static Manifest transformed(Manifest object, Manifest kustomization) {
    Manifest result = object;
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object.map("metadata"));
    String namespace = kustomization.text("namespace").orElse("");
    if (!namespace.isEmpty() && !OF_CLUSTER.contains(object.kind())) {
      metadata.put("namespace", namespace);
      if (object.fields().containsKey("subjects")) {
        List<@Nullable Object> subjects = new ArrayList<>();
        for (Map<String, @Nullable Object> subject : object.maps("subjects")) {
          Map<String, @Nullable Object> bound = new LinkedHashMap<>(subject);
          bound.putIfAbsent("namespace", namespace);
          subjects.add(bound);
        }
        result = with(result, "subjects", subjects);
      }
    }
    Map<String, @Nullable Object> labels = new LinkedHashMap<>(object.map("metadata", "labels"));
    for (Map<String, @Nullable Object> rule : kustomization.maps("labels")) {
      if (rule.get("pairs") instanceof Map<?, ?> pairs) {
        pairs.forEach((key, value) -> labels.put(String.valueOf(key), value));
      }
    }
    if (!labels.isEmpty()) {
      metadata.put("labels", labels);
    }
    for (Map<String, @Nullable Object> replicas : kustomization.maps("replicas")) {
      if (object.kind().equals("Deployment") && object.name().equals(replicas.get("name"))) {
        Map<String, @Nullable Object> spec = new LinkedHashMap<>(object.map("spec"));
        spec.put("replicas", replicas.get("count"));
        result = with(result, "spec", spec);
      }
    }
    return with(result, "metadata", metadata);
  }

  private static Manifest with(Manifest object, String field, Object value) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.fields());
    fields.put(field, value);
    return new Manifest(fields);
  }

  private static Map<String, @Nullable Object> map(String key, @Nullable Object value) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }

  private static List<String> texts(@Nullable Object node) {
    return node instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  /** Where the tests' kubectl is: beside the API server's binaries; null where there is none. */
  public static @Nullable Path kubectl() throws IOException {
    String binaries = System.getenv("KUBE_API_TEST_DIR");
    if (binaries != null) {
      try (Stream<Path> found = Files.find(Path.of(binaries), 3, (p, a) -> p.endsWith("kubectl"))) {
        return found.sorted().findFirst().orElse(null);
      }
    }
    return null;
  }
}
