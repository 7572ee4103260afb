// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of a HelmRelease: {@code valuesFrom} in order, {@code values} over all of them
 * (chartutil.ChartValuesFromReferences of Flux).
 */
final class ReleaseValues {
  private final ObjectStore store;
  private final String namespace;
  private final Conduct conduct;

  ReleaseValues(ObjectStore store, String namespace, Conduct conduct) {
    this.store = store;
    this.namespace = namespace;
    this.conduct = conduct;
  }

  /** Throws IllegalArgumentException, which says the reference, when a value cannot be had. */
  Values of(Manifest release) {
    Values result = Values.EMPTY;
    for (Map<String, @Nullable Object> reference : release.maps("spec", "valuesFrom")) {
      Optional<String> text = read(reference);
      if (text.isPresent()) {
        result = result.mergedWith(parsed(reference, text.get()));
      }
    }
    return result.mergedWith(new Values(release.map("spec", "values")));
  }

  private Optional<String> read(Map<String, @Nullable Object> reference) {
    String kind = Fields.text(reference.get("kind"));
    String name = Fields.text(reference.get("name"));
    String key = key(reference);
    Optional<Manifest> holder = store.get(new ObjectKey("", kind, namespace, name));
    Object data = holder.map(object -> object.map("data").get(key)).orElse(null);
    if (data == null) {
      if (Boolean.TRUE.equals(reference.get("optional"))
          || (holder.isEmpty() && conduct.doesWithout(kind + " " + name))) {
        return Optional.empty();
      }
      String what = holder.isEmpty() ? "not found" : "has no key \"" + key + "\"";
      throw new IllegalArgumentException(
          "could not resolve "
              + kind
              + " chart values reference '"
              + namespace
              + "/"
              + name
              + "': "
              + what);
    }
    String text = Fields.text(data);
    return Optional.of(
        kind.equals("Secret")
            ? new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8)
            : text);
  }

  private Values parsed(Map<String, @Nullable Object> reference, String text) {
    String path = Fields.text(reference.get("targetPath"));
    if (!path.isEmpty()) {
      Object leaf = Boolean.TRUE.equals(reference.get("literal")) ? text : scalar(reference, text);
      return new Values(nested(List.of(path.split("\\.", -1)), leaf));
    }
    YamlStream yaml = YamlReader.read(text);
    if (!yaml.faults().isEmpty()) {
      throw unusable(reference, yaml.faults().get(0).message());
    }
    if (yaml.documents().isEmpty()) {
      return Values.EMPTY;
    }
    if (!(yaml.documents().get(0) instanceof YamlNode.Mapping mapping)) {
      throw unusable(reference, "it must be a map");
    }
    return new Values(mapping.data());
  }

  /** As Helm's {@code --set} reads a plain value; a quoted one is a string. */
  private static @Nullable Object scalar(Map<String, @Nullable Object> reference, String text) {
    boolean plain = text.chars().noneMatch(c -> "{}[],\\=".indexOf(c) >= 0);
    if (!plain) {
      throw unusable(
          reference, "the embedded cluster supports only plain scalars with `targetPath`");
    }
    for (char quote : new char[] {'\'', '"'}) {
      if (text.length() > 1 && text.charAt(0) == quote && text.endsWith(String.valueOf(quote))) {
        return text.substring(1, text.length() - 1);
      }
    }
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    if (text.equals("null")) {
      return null;
    }
    return text.matches("0|-?[1-9][0-9]{0,17}") ? (Object) Long.parseLong(text) : text;
  }

  private static Map<String, @Nullable Object> nested(List<String> path, @Nullable Object leaf) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put(path.get(0), path.size() == 1 ? leaf : nested(path.subList(1, path.size()), leaf));
    return map;
  }

  private static String key(Map<String, @Nullable Object> reference) {
    String key = Fields.text(reference.get("valuesKey"));
    return key.isEmpty() ? "values.yaml" : key;
  }

  private static IllegalArgumentException unusable(
      Map<String, @Nullable Object> reference, String why) {
    return new IllegalArgumentException(
        "unable to read values from key '"
            + key(reference)
            + "' in "
            + Fields.text(reference.get("kind"))
            + " '"
            + Fields.text(reference.get("name"))
            + "': "
            + why);
  }
}
