// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Option;

/** How an answer is written. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = Converters.Format.class,
      completionCandidates = OutputOption.Formats.class,
      description = "text, yaml or json (default: ${DEFAULT-VALUE})")
  private Actions.Output output = Actions.Output.TEXT;

  /** What shells complete. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("text", "yaml", "json").iterator();
    }
  }

  Actions.Output output() {
    return output;
  }
}
