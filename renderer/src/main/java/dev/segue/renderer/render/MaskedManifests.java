// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.diff.Mask;
import dev.segue.renderer.diff.ReleaseObjects;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Helm's output as it may be shown: what a Secret holds is masked, and every sensitive value
 * wherever it stands.
 */
final class MaskedManifests {
  private MaskedManifests() {}

  /** One YAML stream: the chart's CRDs, its objects, its hooks. */
  static String text(HelmOutput output, ReleaseSettings settings) {
    StringBuilder text = new StringBuilder();
    append(text, output.crds(), ReleaseObjects.CRDS_COMMENT);
    append(text, output.manifests(), "");
    append(text, output.hooks(), ReleaseObjects.HOOK_COMMENT);
    return Mask.of(settings).text(text.toString());
  }

  private static void append(StringBuilder text, List<String> documents, String comment) {
    for (String document : documents) {
      text.append("---\n");
      if (!comment.isEmpty()) {
        text.append("# ").append(comment).append('\n');
      }
      String shown = mentionsSecret(document) ? masked(document) : document.strip() + "\n";
      text.append(shown);
    }
  }

  /**
   * Cheap, and never wrong in the one direction that matters: a Secret cannot be written without
   * the word or an escape.
   */
  private static boolean mentionsSecret(String document) {
    return document.contains("Secret") || document.contains("\\");
  }

  private static String masked(String document) {
    YamlStream stream = YamlReader.read(document);
    if (!stream.faults().isEmpty()) {
      return "# not shown: it may hold a Secret and is no YAML that can be masked\n";
    }
    StringBuilder text = new StringBuilder();
    boolean secret = false;
    for (YamlNode node : stream.documents()) {
      Object data = node.data();
      secret |= Mask.isSecret(data) || holdsSecret(data);
      text.append(YamlWriter.write(mask(data)));
    }
    return secret ? text.toString() : document.strip() + "\n";
  }

  private static boolean holdsSecret(@Nullable Object data) {
    return data instanceof Map<?, ?> map
        && map.get("items") instanceof List<?> items
        && items.stream().anyMatch(Mask::isSecret);
  }

  private static @Nullable Object mask(@Nullable Object data) {
    if (Mask.isSecret(data)) {
      return Mask.SECRETS.object(PlainData.map(data));
    }
    if (holdsSecret(data)
        && data instanceof Map<?, ?> map
        && map.get("items") instanceof List<?> items) {
      Map<String, @Nullable Object> masked = new TreeMap<>(PlainData.map(map));
      masked.put("items", items.stream().map(MaskedManifests::mask).toList());
      return masked;
    }
    return data;
  }
}
