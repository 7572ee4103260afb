// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptLibraryTest {
  private static final String LIBRARY = "/com/sun/jna/linux-x86-64/libjnidispatch.so";

  @TempDir Path temp;
  private Path folder;
  private KeptLibrary library;

  @BeforeEach
  void open() throws IOException {
    folder = temp.resolve("cache/engine");
    library = new KeptLibrary(LIBRARY, folder, Files.createDirectory(temp.resolve("home")));
  }

  private static Object inode(Path file) throws IOException {
    return Objects.requireNonNull(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }

  private static void permissions(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private void assertNotTaken() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> library.unpacked())
        .withMessageEndingWith("can be written to by others");
  }

  @Test
  void unpacksOnceAndAgainWhatIsNotWhole() throws IOException {
    Path file = library.unpacked();
    Object first = inode(file);
    long size = Files.size(file);

    assertThat(library.unpacked()).isEqualTo(file);
    assertThat(inode(file)).as("not unpacked again").isEqualTo(first);

    Files.writeString(file, "half");
    assertThat(library.unpacked()).isEqualTo(file).hasSize(size);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).as("nothing is left beside it").containsExactly(file);
    }

    permissions(file, "rwxrwx---");
    assertNotTaken();
    permissions(file, "rwx------");
    Path elsewhere = Files.move(file, temp.resolve("elsewhere.so"));
    Files.createSymbolicLink(file, elsewhere);
    assertNotTaken();
  }

  @Test
  void takesNothingFromAFolderThatOthersCanWriteTo() throws IOException {
    Files.createDirectories(folder);
    permissions(folder, "rwxrwxrwx");
    assertNotTaken();

    Files.delete(folder);
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    permissions(elsewhere, "rwx------");
    Files.createSymbolicLink(folder, elsewhere);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> library.unpacked());
    assertThat(elsewhere).isEmptyDirectory();
  }
}
