// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.SensitiveValues;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.model.ValuesReference;
import dev.segue.renderer.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a release's values stand: small ones in the HelmRelease, larger ones in a ConfigMap,
 * sensitive ones in a Secret. Both are immutable and called after their content.
 *
 * @param inline for the HelmRelease's own {@code values}; empty when they stand elsewhere
 * @param references for its {@code valuesFrom}, the user's before ours, since a later one is laid
 *     over an earlier one
 * @param objects the ConfigMap and the Secret, when there are any
 * @param open what is not sensitive, as YAML
 * @param largest the bytes of the larger document
 */
record ReleaseValues(
    Values inline,
    List<ValuesReference> references,
    List<Manifest> objects,
    String open,
    int largest) {
  /** Larger values are not carried in the Workflow: 300 releases must fit one etcd object. */
  static final int INLINE_BYTES = 1024;

  static ReleaseValues of(
      GroupName group, String namespace, ReleaseName release, ReleaseSettings settings) {
    Values sensitive = SensitiveValues.only(settings);
    Values open = SensitiveValues.without(settings);
    String openText = YamlWriter.write(open.tree());
    int largest = bytes(openText);
    List<ValuesReference> references = new ArrayList<>(settings.valuesFrom());
    List<Manifest> objects = new ArrayList<>();
    boolean inline = sensitive.isEmpty() && bytes(openText) <= INLINE_BYTES;
    if (!inline && !open.isEmpty()) {
      objects.add(object("ConfigMap", "data", group, namespace, release, openText));
    }
    if (!sensitive.isEmpty()) {
      String text = YamlWriter.write(sensitive.tree());
      largest = Math.max(largest, bytes(text));
      objects.add(object("Secret", "stringData", group, namespace, release, text));
    }
    objects.forEach(
        object ->
            references.add(new ValuesReference(object.kind(), object.name(), null, null, false)));
    return new ReleaseValues(
        inline ? open : Values.EMPTY,
        List.copyOf(references),
        List.copyOf(objects),
        openText,
        largest);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Manifest object(
      String kind,
      String field,
      GroupName group,
      String namespace,
      ReleaseName release,
      String text) {
    String name = Names.content(group, release.value(), Digest.of(kind + "\n" + text));
    Map<String, @Nullable Object> data = new TreeMap<>();
    data.put("values.yaml", text);
    return new Manifest(
        Objects.map(
            "apiVersion",
            "v1",
            "kind",
            kind,
            "metadata",
            Objects.metadata(
                name, namespace, Objects.labels(group, "segue.dev/release", release.value())),
            "immutable",
            true,
            field,
            data));
  }
}
