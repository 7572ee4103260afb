// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the configuration comes from. */
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "the configuration (default: the one in SEGUE_CONFIG, or segue.yaml in the working folder)")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting by its dotted key; may be repeated")
  private Map<String, String> settings = new LinkedHashMap<>();

  Actions.Configured configured() {
    return new Actions.Configured(file, settings);
  }
}
