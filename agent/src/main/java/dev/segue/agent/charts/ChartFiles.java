// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a chart by their path in it ({@code Chart.yaml}, {@code templates/web.yaml}, {@code
 * charts/db/Chart.yaml}), sorted; every sub-chart is a folder. Bounded, and no path leaves the
 * chart.
 */
final class ChartFiles {
  /** The most files of a chart with its sub-charts. */
  static final int MAX_FILES = 10_000;

  /** The most bytes of a chart's files together: 32 MiB. */
  static final long MAX_BYTES = 32L * 1024 * 1024;

  private final SortedMap<String, byte[]> files;

  private ChartFiles(SortedMap<String, byte[]> files) {
    this.files = Collections.unmodifiableSortedMap(files);
  }

  /** Throws CHART_TOO_LARGE when there is too much of it. */
  static ChartFiles of(SortedMap<String, byte[]> files, String chart) throws ChartException {
    long bytes = 0;
    for (byte[] content : files.values()) {
      bytes += content.length;
    }
    if (files.size() > MAX_FILES || bytes > MAX_BYTES) {
      throw new ChartException(
          ProblemCode.CHART_TOO_LARGE,
          false,
          chart
              + " must have at most "
              + MAX_FILES
              + " files and "
              + (MAX_BYTES >> 20)
              + " MiB; it has "
              + files.size()
              + " files and "
              + ((bytes + (1 << 20) - 1) >> 20)
              + " MiB",
          null);
    }
    return new ChartFiles(new TreeMap<>(files));
  }

  SortedMap<String, byte[]> all() {
    return files;
  }

  /** The text (UTF-8, without a byte order mark) of a file; null when it is not there. */
  @Nullable String text(String path) {
    byte[] content = files.get(path);
    return content == null ? null : text(content);
  }

  static String text(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Returns the files below {@code folder}, as seen from it. */
  ChartFiles below(String folder) {
    TreeMap<String, byte[]> below = new TreeMap<>();
    String prefix = folder + "/";
    files
        .tailMap(prefix)
        .forEach(
            (path, content) -> {
              if (path.startsWith(prefix)) {
                below.put(path.substring(prefix.length()), content);
              }
            });
    return new ChartFiles(below);
  }

  /** The digest of every path and content: equal content, equal digest whatever its source. */
  Digest digest() {
    return Digest.of(toBytes());
  }

  /** What {@link #fromBytes} reads; equal charts give equal bytes. */
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(files.size());
      for (var file : files.entrySet()) {
        byte[] path = file.getKey().getBytes(StandardCharsets.UTF_8);
        out.writeInt(path.length);
        out.write(path);
        out.writeInt(file.getValue().length);
        out.write(file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  static ChartFiles fromBytes(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    TreeMap<String, byte[]> files = new TreeMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String path = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      files.put(path, in.readNBytes(in.readInt()));
    }
    return new ChartFiles(files);
  }
}
