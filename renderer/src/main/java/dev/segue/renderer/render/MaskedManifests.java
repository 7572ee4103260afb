// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.diff.Mask;
import dev.segue.renderer.diff.MaskedDocument;
import dev.segue.renderer.diff.ReleaseObjects;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ReleaseSettings;
import java.util.List;

/**
 * Helm's output as it may be shown: what a Secret holds is masked, and every sensitive value
 * wherever it stands.
 */
final class MaskedManifests {
  private MaskedManifests() {}

  /**
   * One YAML stream: the chart's CRDs, its objects, its hooks; {@link ReleaseObjects#recorded}
   * reads it.
   */
  static String text(HelmOutput output, ReleaseSettings settings) {
    Mask mask = Mask.of(settings);
    StringBuilder text = new StringBuilder();
    append(text, output.crds(), ReleaseObjects.CRDS_COMMENT, mask);
    append(text, output.manifests(), "", mask);
    append(text, output.hooks(), ReleaseObjects.HOOK_COMMENT, mask);
    return text.toString();
  }

  private static void append(
      StringBuilder text, List<String> documents, String comment, Mask mask) {
    for (String document : documents) {
      text.append("---\n");
      if (!comment.isEmpty()) {
        text.append("# ").append(comment).append('\n');
      }
      text.append(MaskedDocument.text(document, mask));
    }
  }
}
