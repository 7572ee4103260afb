// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Problem;
import java.util.List;
import java.util.Optional;

/**
 * The configuration, or everything that is wrong with it.
 *
 * @param config empty when there is a problem
 * @param problems sorted
 */
public record ConfigReading(Optional<AgentConfig> config, List<Problem> problems) {
  public ConfigReading {
    problems = List.copyOf(problems);
  }
}
