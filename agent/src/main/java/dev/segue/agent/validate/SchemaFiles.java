// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.render.ReadManifests;
import dev.segue.renderer.yaml.YamlFault;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of kinds: from folders with one JSON Schema for each kind, as kubeconform has them, and
 * from CustomResourceDefinitions.
 */
final class SchemaFiles {
  private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,62}");
  private static final Pattern GROUP = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("[a-z][a-z0-9]{0,62}");

  private final List<Path> folders = new ArrayList<>();
  private final Map<String, Map<String, @Nullable Object>> defined = new HashMap<>();
  private final TreeSet<Problem> problems = new TreeSet<>();
  private final TreeSet<Problem> warnings = new TreeSet<>();

  /**
   * @param folders of JSON Schemas; in a folder of several versions of Kubernetes that of {@code
   *     kubeVersion} counts, else {@code master}'s
   * @param crds files, and folders of files
   */
  SchemaFiles(List<Path> folders, List<Path> crds, String kubeVersion) {
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        problems.add(unusable(folder, 0, "must be a folder of JSON Schemas"));
        continue;
      }
      this.folders.add(folder);
      for (String version : List.of(kubeVersion, "master")) {
        for (String suffix : List.of("-standalone-strict", "-standalone")) {
          Path below = folder.resolve(version + suffix);
          if (Files.isDirectory(below)) {
            this.folders.add(below);
          }
        }
      }
    }
    crds.forEach(this::addDefinitions);
  }

  /** What could not be used so far, sorted. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** What of the folders of CRDs was passed over, as nobody asked for that very file; sorted. */
  List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /** Takes the CRDs that a chart brings. */
  void learn(ReadManifests read) {
    RenderedObject.of(read).forEach(object -> define(object.data()));
  }

  /** Returns the schema of objects of that kind, not strict yet; empty when none was given. */
  Optional<Map<String, @Nullable Object>> find(String apiVersion, String kind) {
    Map<String, @Nullable Object> definition = defined.get(apiVersion + " " + kind);
    if (definition != null) {
      return Optional.of(definition);
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    String version = apiVersion.substring(slash + 1);
    if (!KIND.matcher(kind).matches()
        || !(group.isEmpty() || GROUP.matcher(group).matches())
        || !VERSION.matcher(version).matches()) {
      return Optional.empty();
    }
    String name = kind.toLowerCase(Locale.ROOT);
    List<String> candidates =
        group.isEmpty()
            ? List.of(name + "-" + version + ".json")
            : List.of(
                name + "-" + group.replaceFirst("\\..*", "") + "-" + version + ".json",
                name + "-" + group + "-" + version + ".json",
                group + "/" + name + "_" + version + ".json");
    for (Path folder : folders) {
      for (String candidate : candidates) {
        Path file = folder.resolve(candidate);
        if (Files.isRegularFile(file)) {
          return schema(file);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Map<String, @Nullable Object>> schema(Path file) {
    List<YamlNode> documents = read(file, problems);
    if (documents.size() == 1 && documents.get(0) instanceof YamlNode.Mapping mapping) {
      return Optional.of(mapping.data());
    }
    problems.add(unusable(file, 0, "must be one JSON Schema"));
    return Optional.empty();
  }

  private void addDefinitions(Path path) {
    if (!Files.isDirectory(path)) {
      read(path, problems).forEach(document -> define(PlainData.map(document.data())));
      return;
    }
    try (Stream<Path> below = Files.walk(path)) {
      below
          .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
          .filter(Files::isRegularFile)
          .sorted()
          .flatMap(file -> read(file, warnings).stream())
          .forEach(document -> define(PlainData.map(document.data())));
    } catch (IOException | java.io.UncheckedIOException e) {
      problems.add(unusable(path, 0, "cannot be read: " + e.getMessage()));
    }
  }

  /** Anything but a CustomResourceDefinition is passed over. */
  private void define(Map<String, @Nullable Object> object) {
    if (!PlainData.text(object, "kind").equals("CustomResourceDefinition")
        || !(PlainData.at(object, "spec", "versions") instanceof List<?> versions)) {
      return;
    }
    String group = PlainData.text(object, "spec", "group");
    String kind = PlainData.text(object, "spec", "names", "kind");
    for (Object version : versions) {
      if (PlainData.at(version, "schema", "openAPIV3Schema") instanceof Map<?, ?> schema) {
        String apiVersion = group + "/" + PlainData.text(version, "name");
        defined.put(apiVersion + " " + kind, PlainData.map(schema));
      }
    }
  }

  /**
   * @param faults gets why not everything of the file is read
   */
  private static List<YamlNode> read(Path file, Set<Problem> faults) {
    try {
      if (Files.size(file) > 4L * YamlReader.MAX_CHARACTERS) {
        faults.add(unusable(file, 0, "must not be larger than 12 MiB"));
        return List.of();
      }
      YamlStream stream =
          YamlReader.read(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      if (!stream.faults().isEmpty()) {
        YamlFault fault = stream.faults().get(0);
        faults.add(unusable(file, fault.line(), fault.message()));
      }
      return stream.documents();
    } catch (java.nio.file.NoSuchFileException e) {
      faults.add(unusable(file, 0, "there is no such file or folder"));
      return List.of();
    } catch (IOException e) {
      faults.add(unusable(file, 0, "cannot be read: " + e.getMessage()));
      return List.of();
    }
  }

  private static Problem unusable(Path file, int line, String message) {
    return new Problem(ProblemCode.SCHEMA_UNUSABLE, file.toString(), line, "", message, "");
  }
}
