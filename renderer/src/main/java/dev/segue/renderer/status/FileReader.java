// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.Optional;
import java.util.function.Function;

/** Reads back what was written to the status branch. */
final class FileReader {
  private FileReader() {}

  /**
   * Returns what {@code read} makes of a file of one document; empty when it is no such file, as
   * after somebody's edit.
   */
  static <T> Optional<T> read(String text, Function<Manifest, T> read) {
    YamlStream stream = YamlReader.read(text);
    if (!stream.faults().isEmpty()
        || stream.documents().size() != 1
        || !(stream.documents().get(0) instanceof YamlNode.Mapping mapping)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(new Manifest(mapping.data())));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
