// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.yaml.YamlNode;
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
  public record Manifest(String text, YamlStream content) {
    /** Its objects, those of lists one by one, empty ones too; none where it has a fault. */
    public List<YamlNode.Mapping> objects() {
      return content.faults().isEmpty()
          ? content.documents().stream().flatMap(Manifest::objects).toList()
          : List.of();
    }

    private static Stream<YamlNode.Mapping> objects(YamlNode node) {
      if (!(node instanceof YamlNode.Mapping object)) {
        return Stream.empty();
      }
      boolean isList =
          object.get("kind") instanceof YamlNode.Scalar kind
              && kind.value() instanceof String name
              && name.endsWith("List");
      return isList && object.get("items") instanceof YamlNode.Sequence list
          ? list.items().stream().flatMap(Manifest::objects)
          : Stream.of(object);
    }
  }

  /** Reads what Helm printed. */
  public static ReadManifests of(HelmOutput output) {
    return new ReadManifests(
        Stream.of(output.crds(), output.manifests(), output.hooks())
            .flatMap(List::stream)
            .map(text -> new Manifest(text, YamlReader.read(text)))
            .toList());
  }
}
