// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * The manifests of a release, read once for all that look at them.
 *
 * @param manifests CRDs, objects and hooks, each in Helm's order
 */
public record ReadManifests(List<Manifest> manifests) {
  public ReadManifests {
    manifests = List.copyOf(manifests);
  }

  /**
   * One of them.
   *
   * @param text as Helm printed it
   * @param content what it says, with every fault
   */
  public record Manifest(String text, YamlStream content) {}

  /** Reads what Helm printed. */
  public static ReadManifests of(HelmOutput output) {
    return new ReadManifests(
        Stream.of(output.crds(), output.manifests(), output.hooks())
            .flatMap(List::stream)
            .map(text -> new Manifest(text, YamlReader.read(text)))
            .toList());
  }
}
