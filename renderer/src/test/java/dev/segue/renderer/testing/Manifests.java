// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Objects as a cluster has them, from YAML. */
public final class Manifests {
  private Manifests() {}

  public static Manifest of(String yaml) {
    YamlStream stream = YamlReader.read(yaml);
    if (!stream.faults().isEmpty()) {
      throw new IllegalArgumentException(stream.faults().toString());
    }
    return new Manifest(((YamlNode.Mapping) stream.documents().get(0)).data());
  }

  /** The object in that file of the test resources. */
  public static Manifest resource(String name) {
    try (InputStream in = Objects.requireNonNull(Manifests.class.getResourceAsStream(name), name)) {
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
