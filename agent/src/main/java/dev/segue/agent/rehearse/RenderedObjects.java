// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The objects in what Helm rendered: CRDs first, hooks not among them. */
final class RenderedObjects {
  private RenderedObjects() {}

  /** Throws IllegalArgumentException when something is no Kubernetes object, as Helm fails then. */
  static List<Manifest> of(HelmOutput output) {
    List<Manifest> objects = new ArrayList<>();
    Stream.concat(output.crds().stream(), output.manifests().stream())
        .forEach(document -> add(document, objects));
    return objects;
  }

  private static void add(String document, List<Manifest> objects) {
    YamlStream yaml = YamlReader.read(document);
    if (!yaml.faults().isEmpty()) {
      throw unusable(yaml.faults().get(0).message());
    }
    for (YamlNode node : yaml.documents()) {
      try {
        objects.add(new Manifest(Fields.typed(node.data())));
      } catch (IllegalArgumentException e) {
        throw unusable(String.valueOf(e.getMessage()));
      }
    }
  }

  private static IllegalArgumentException unusable(String why) {
    return new IllegalArgumentException(
        "unable to build kubernetes objects from release manifest: " + why);
  }
}
