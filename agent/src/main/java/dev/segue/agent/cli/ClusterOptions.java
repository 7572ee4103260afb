// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the configurations of several clusters come from. */
final class ClusterOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "the configuration (default: the one in SEGUE_CONFIG, or segue.yaml in the working folder);"
              + " may be repeated, one for each cluster")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting by its dotted key, for every cluster; may be repeated")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** One for each cluster. */
  List<Actions.Configured> clusters() {
    return files.isEmpty()
        ? List.of(new Actions.Configured(null, settings))
        : files.stream().map(file -> new Actions.Configured(file, settings)).toList();
  }
}
