// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of a clone is to be released, and at which site. */
final class CloneOptions {
  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "a folder in the clone of the source (default: the working folder)")
  private @Nullable Path repository;

  @Option(
      names = "--to",
      defaultValue = ".",
      paramLabel = "REVISION",
      description =
          "a branch, tag or commit, or \".\" for the files as they are (default: ${DEFAULT-VALUE})")
  private String to = ".";

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "the cluster's name (default: `cluster.name`, or the only one there is)")
  private @Nullable String cluster;

  @Nullable Path repository() {
    return repository;
  }

  String to() {
    return to;
  }

  @Nullable String cluster() {
    return cluster;
  }
}
