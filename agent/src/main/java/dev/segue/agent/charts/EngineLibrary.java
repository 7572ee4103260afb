// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import com.marcnuri.helm.jni.HelmLib;
import com.marcnuri.helm.jni.NativeLibrary;
import com.sun.jna.Native;
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
 * Helm's engine as a native library, unpacked once for all workers: to unpack it takes longer than
 * all else that a worker's start does. Workers may do so at the same time and be killed at any
 * instant; one that is not as long as it must be is unpacked anew (file systems note the length
 * after the content). It is code, so it is taken only from a folder that nobody but this user can
 * write to.
 */
final class EngineLibrary {
  private final NativeLibrary packed;
  private final Path folder;
  private final Path home;

  /**
   * @param folder where the library of this version is kept
   * @param home a folder that this user made
   */
  EngineLibrary(Path folder, Path home) {
    this.packed = NativeLibrary.getInstance();
    this.folder = folder;
    this.home = home;
  }

  /**
   * Loads the library; where it cannot be kept, from a copy of the worker's own.
   *
   * @param folder "" where it is not to be kept
   */
  static HelmLib load(String folder, Path home) {
    EngineLibrary library = new EngineLibrary(Path.of(folder), home);
    return folder.isEmpty() ? library.packed.load() : library.load();
  }

  private HelmLib load() {
    Path file;
    try {
      file = unpacked();
    } catch (IOException | UnsupportedOperationException e) {
      return packed.load();
    }
    try {
      return Native.load(file.toString(), HelmLib.class);
    } catch (UnsatisfiedLinkError e) { // damaged, or nothing may be run from there
      file.toFile().delete();
      return packed.load();
    }
  }

  /** Returns the kept library, unpacked if it is not there yet. */
  Path unpacked() throws IOException {
    URL resource = packed.getClass().getResource("/" + packed.getBinaryName());
    if (resource == null) {
      throw new NoSuchFileException(packed.getBinaryName());
    }
    URLConnection connection = resource.openConnection();
    connection.setUseCaches(false);
    try (InputStream content = connection.getInputStream()) {
      long size = connection.getContentLengthLong();
      Path file = folder.resolve(packed.getBinaryName());
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
