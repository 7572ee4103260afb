// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;

/**
 * What Helm makes of a chart and its values.
 *
 * @param manifests YAML documents in Helm's order, hooks not among them
 * @param hooks the documents that Helm runs as hooks
 * @param crds the documents of the chart's {@code crds/} folders
 * @param notices what a reader should know: two renders differ, a template asks for an API that the
 *     cluster decides; sorted
 */
public record HelmOutput(
    List<String> manifests, List<String> hooks, List<String> crds, List<String> notices) {
  public HelmOutput {
    manifests = List.copyOf(manifests);
    hooks = List.copyOf(hooks);
    crds = List.copyOf(crds);
    notices = notices.stream().sorted().distinct().toList();
  }
}
