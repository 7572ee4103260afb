// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Packs charts for tests. */
public final class Archives {
  private Archives() {}

  public static byte[] chart(String name, String version, String color) {
    return pack(
        Map.of(
            name + "/Chart.yaml",
            "apiVersion: v2\nname: %s\nversion: %s\n".formatted(name, version),
            name + "/values.yaml",
            "color: " + color + "\n",
            name + "/templates/configmap.yaml",
            MemoryRepo.configMap(name)));
  }

  static byte[] pack(Map<String, String> files) {
    return tar(
        tar -> {
          for (var file : new java.util.TreeMap<>(files).entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
          }
        });
  }

  /** Writes entries. */
  interface Entries {
    void writeTo(TarArchiveOutputStream tar) throws IOException;
  }

  static byte[] tar(Entries entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      entries.writeTo(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
