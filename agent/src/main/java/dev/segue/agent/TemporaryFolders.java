// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Removes folders that we made. */
final class TemporaryFolders {
  private TemporaryFolders() {}

  /** Removes the folder and all in it as far as it can; does nothing for null. */
  static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      folder
          .toFile()
          .deleteOnExit(); // what is left in a temporary folder is the system's to remove
    }
  }
}
