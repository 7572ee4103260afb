// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a file that is drafted goes. */
final class FileOption {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "a new file to write to (default: standard output)")
  private @Nullable Path file;

  /** Null for standard output. */
  @Nullable Path file() {
    return file;
  }
}
