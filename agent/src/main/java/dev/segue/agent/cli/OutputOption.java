// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import picocli.CommandLine.Option;

/** How an answer is written. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = Converters.Format.class,
      completionCandidates = Converters.Format.class,
      description = "text, yaml or json (default: ${DEFAULT-VALUE})")
  private Actions.Output output = Actions.Output.TEXT;

  Actions.Output output() {
    return output;
  }
}
