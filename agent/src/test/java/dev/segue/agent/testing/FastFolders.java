// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The folders of {@code @TempDir}: in memory where there is plenty, since Git waits for the disk
 * with each thing that it writes. Named in {@code junit-platform.properties}. Tests that start many
 * agents as processes do without: each takes the measure of its file system first, and in memory
 * that takes it more of a core.
 */
public final class FastFolders implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** 4 GiB; the tests together need less than one. */
  private static final long PLENTY = 4L << 30;

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws IOException {
    String prefix = "segue-test-";
    return isPlentiful(MEMORY)
        ? Files.createTempDirectory(MEMORY, prefix)
        : Files.createTempDirectory(prefix);
  }

  private static boolean isPlentiful(Path memory) throws IOException {
    return Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() >= PLENTY;
  }
}
