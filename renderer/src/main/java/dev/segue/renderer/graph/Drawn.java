// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.model.ReleaseName;
import java.util.List;

/**
 * One group in a picture.
 *
 * @param title its name
 * @param nodes in the order in which they are told
 */
public record Drawn(String title, List<Node> nodes, ReleaseGraph graph) {
  public Drawn {
    nodes = List.copyOf(nodes);
  }

  /**
   * One release in a picture.
   *
   * @param detail words that are shown below its name; what comes from a file may be in them
   * @param state {@code pending}, {@code running}, {@code released}, {@code failed}, {@code
   *     omitted} or {@code deleted}
   */
  public record Node(ReleaseName name, List<String> detail, String state) {
    public Node {
      detail = List.copyOf(detail);
    }
  }
}
