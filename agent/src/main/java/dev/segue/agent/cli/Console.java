// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a command speaks to: results on {@code out}, everything else on {@code err}.
 *
 * @param terminal whether {@code out} is a terminal
 * @param environment the process's variables
 */
public record Console(
    PrintStream out, PrintStream err, boolean terminal, Map<String, String> environment) {
  public Console {
    environment = java.util.Collections.unmodifiableMap(new TreeMap<>(environment));
  }

  /**
   * Whether what is printed may have colours: on a terminal that has them, unless {@code NO_COLOR}
   * is set.
   */
  public boolean coloured() {
    return redraws() && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Whether what was printed can be printed over: on a terminal that moves its cursor. */
  public boolean redraws() {
    return terminal && !"dumb".equals(environment.get("TERM"));
  }
}
