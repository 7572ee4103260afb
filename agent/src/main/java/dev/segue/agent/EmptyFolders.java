// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders that a user names for us to fill. */
final class EmptyFolders {
  private EmptyFolders() {}

  /** Whether nothing is there, or a folder with nothing in it that can be looked into. */
  static boolean isEmptyOrNew(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    try (Stream<Path> content = Files.list(folder)) {
      return content.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Why it cannot be filled, in words. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission is denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a part of the path is a file";
    }
    String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return said == null ? "there is no such folder, and it cannot be made" : said;
  }
}
