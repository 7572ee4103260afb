// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.util.List;
import java.util.Optional;

/**
 * The documents of a text, empty ones left out, and every fault found.
 *
 * @param documents in the text's order; those before a syntax fault are there
 */
public record YamlStream(List<YamlNode> documents, List<YamlFault> faults) {
  public YamlStream {
    documents = List.copyOf(documents);
    faults = List.copyOf(faults);
  }

  /** The first document; empty when there is none or it is no map. */
  public Optional<YamlNode.Mapping> firstMapping() {
    return !documents.isEmpty() && documents.get(0) instanceof YamlNode.Mapping mapping
        ? Optional.of(mapping)
        : Optional.empty();
  }
}
