// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the commands do. Each returns an exit code: 0 fine, 1 problems or not everything released, 2
 * unusable configuration.
 */
public interface Actions {
  int USAGE = 2;

  /**
   * How the configuration is found.
   *
   * @param file null for {@code SEGUE_CONFIG} or {@code segue.yaml} in the working folder
   * @param settings by dotted key; they win over everything
   */
  record Configured(@Nullable Path file, Map<String, String> settings) {}

  /** Runs until it is told to end. */
  int agent(Configured configured, Console console);

  /**
   * Makes one pass and waits until every group is released or will not be without somebody's doing.
   */
  int sync(Configured configured, Duration timeout, Console console);

  /** Prints the effective configuration. */
  int config(Configured configured, Console console);

  /** Prints every problem of these files and folders. */
  int validate(List<Path> paths, Console console);

  /**
   * Writes everything that a first release of the groups in {@code path} comes to.
   *
   * @param repository the folder that chart paths are relative to; null to find it
   */
  int render(
      Path path, @Nullable Path repository, Path output, Configured configured, Console console);

  /**
   * Shows two commits going out on the embedded cluster.
   *
   * @param folder where the repository is made; null for a new temporary one
   * @param speed simulated seconds for each real one
   */
  int demo(@Nullable Path folder, int speed, Console console);
}
