// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.UUID;

/**
 * A native library of the jar, unpacked once for all workers. Workers may do so at the same time
 * and be killed at any instant; one that is not as long as it must be is unpacked anew (file
 * systems note the length after the content). It is code, so it is taken only from a folder that
 * nobody but this user can write to.
 */
final class KeptLibrary {
  private final String resource;
  private final Path folder;
  private final Path home;

  /**
   * @param resource its absolute name in the jar
   * @param folder where it is kept
   * @param home a folder that this user made
   */
  KeptLibrary(String resource, Path folder, Path home) {
    this.resource = resource;
    this.folder = folder;
    this.home = home;
  }

  /** Returns the kept library, unpacked if it is not there yet. */
  Path unpacked() throws IOException {
    URL url = KeptLibrary.class.getResource(resource);
    if (url == null) {
      throw new NoSuchFileException(resource);
    }
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    try (InputStream content = connection.getInputStream()) {
      long size = connection.getContentLengthLong();
      Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      requireOurs(folder);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == size) {
        requireOurs(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // the cache keeps it longer
      } else {
        unpack(content, file);
      }
      return file;
    }
  }

  private void unpack(InputStream content, Path file) throws IOException {
    Path beside = folder.resolve(UUID.randomUUID().toString());
    try {
      Files.copy(content, beside);
      Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwx------"));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private void requireOurs(Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    boolean ours =
        attributes.owner().equals(Files.getOwner(home))
            && !attributes.isSymbolicLink()
            && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
            && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    if (!ours) {
      throw new IOException("\"" + path + "\" can be written to by others");
    }
  }
}
