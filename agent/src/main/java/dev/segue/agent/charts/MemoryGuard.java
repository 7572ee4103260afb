// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.DaemonThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ends the render worker when a chart makes it take more memory than it may have. Linux only. */
final class MemoryGuard {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;
  private static final long INTERVAL_MILLIS = 50;

  private MemoryGuard() {}

  static void start(long maxResidentBytes, Path home) {
    if (Files.isReadable(STATM)) {
      new DaemonThreads("memory-guard").newThread(() -> watch(maxResidentBytes, home)).start();
    }
  }

  private static void watch(long maxResidentBytes, Path home) {
    try {
      while (residentBytes() <= maxResidentBytes) {
        Thread.sleep(INTERVAL_MILLIS);
      }
      RenderWorker.end(home, RenderWorker.EXIT_MEMORY);
    } catch (IOException | InterruptedException e) {
      RenderWorker.end(home, 1);
    }
  }

  private static long residentBytes() throws IOException {
    return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE_BYTES;
  }
}
