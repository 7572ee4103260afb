// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads a packaged chart ({@code .tgz}) as Helm does, but believes nothing of it: the number and
 * size of entries are bounded while they are unpacked, links and special files are refused, and no
 * entry leaves the chart.
 */
final class ChartArchive {
  /** The most bytes of an archive: 20 MiB. */
  static final long MAX_BYTES = 20L * 1024 * 1024;

  private static final int MAX_NESTED = 8;
  private static final Pattern DRIVE = Pattern.compile("^[a-zA-Z]:/.*");

  private ChartArchive() {}

  /**
   * Returns the chart's files, the archives in its {@code charts/} unpacked to folders.
   *
   * @param chart what messages call it
   */
  static ChartFiles read(byte[] archive, String chart) throws ChartException {
    return ChartFiles.of(expand(entries(archive, chart), chart, 0, new Budget(chart)), chart);
  }

  /** Returns {@code files} with the archives in every {@code charts/} unpacked to folders. */
  static SortedMap<String, byte[]> expand(SortedMap<String, byte[]> files, String chart)
      throws ChartException {
    return expand(files, chart, 0, new Budget(chart));
  }

  private static SortedMap<String, byte[]> expand(
      SortedMap<String, byte[]> files, String chart, int depth, Budget budget)
      throws ChartException {
    if (depth > MAX_NESTED) {
      throw unsafe(chart, "must nest archives at most " + MAX_NESTED + " deep");
    }
    TreeMap<String, byte[]> expanded = new TreeMap<>();
    for (var file : files.entrySet()) {
      if (!isPackagedSubchart(file.getKey())) {
        budget.spend(file.getValue().length);
        expanded.put(file.getKey(), file.getValue());
        continue;
      }
      String folder = file.getKey().substring(0, file.getKey().length() - ".tgz".length());
      String name = chart + "/" + file.getKey();
      String free = folder;
      while (!files.tailMap(free + "/").isEmpty()
          && files.tailMap(free + "/").firstKey().startsWith(free + "/")) {
        free += "-packaged";
      }
      String target = free;
      expand(entries(file.getValue(), name), name, depth + 1, budget)
          .forEach((path, content) -> expanded.put(target + "/" + path, content));
    }
    return expanded;
  }

  /**
   * As Helm reads it: {@code charts/x.tgz} at any level of sub-charts, names with {@code _} or
   * {@code .} before them left out.
   */
  private static boolean isPackagedSubchart(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (!name.endsWith(".tgz") || name.startsWith("_") || name.startsWith(".")) {
      return false;
    }
    String[] folders = slash < 0 ? new String[0] : path.substring(0, slash).split("/", -1);
    if (folders.length % 2 == 0) {
      return false;
    }
    for (int i = 0; i < folders.length; i += 2) {
      if (!folders[i].equals("charts")) {
        return false;
      }
    }
    return true;
  }

  private static SortedMap<String, byte[]> entries(byte[] archive, String chart)
      throws ChartException {
    if (archive.length > MAX_BYTES) {
      throw tooLarge(chart, "must be an archive of at most " + (MAX_BYTES >> 20) + " MiB");
    }
    TreeMap<String, byte[]> files = new TreeMap<>();
    Budget budget = new Budget(chart);
    // The bound on what gzip gives out counts headers and padding too.
    try (InputStream bounded =
            new BoundedInput(
                new GZIPInputStream(new ByteArrayInputStream(archive)), 2 * ChartFiles.MAX_BYTES);
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded)) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > 2 * ChartFiles.MAX_FILES) {
          throw tooLarge(chart, "must have at most " + ChartFiles.MAX_FILES + " files");
        }
        if (entry.isDirectory() || entry.isPaxHeader() || entry.isGlobalPaxHeader()) {
          continue;
        }
        String path = path(entry, chart);
        budget.spend(entry.getSize());
        files.put(path, withoutByteOrderMark(tar.readNBytes((int) entry.getSize())));
      }
    } catch (BoundedInput.TooMuch e) {
      throw tooLarge(chart, "must unpack to at most " + (ChartFiles.MAX_BYTES >> 20) + " MiB");
    } catch (IOException | IllegalArgumentException e) {
      throw new ChartException(
          ProblemCode.CHART_INVALID,
          false,
          chart + " must be a gzipped tar archive as `helm package` makes it",
          e);
    }
    if (files.isEmpty()) {
      throw new ChartException(
          ProblemCode.CHART_INVALID,
          false,
          chart + " must hold a chart; the archive is empty",
          null);
    }
    return files;
  }

  /** The entry's path in the chart: without the first folder, which is the chart's name. */
  private static String path(TarArchiveEntry entry, String chart) throws ChartException {
    String shown = "\"" + entry.getName().replaceAll("\\p{Cntrl}", "?") + "\"";
    byte type = entry.getLinkFlag();
    if ((type != TarConstants.LF_NORMAL && type != TarConstants.LF_OLDNORM) || entry.isSparse()) {
      throw unsafe(chart, "must hold regular files only; " + shown + " is a link or special file");
    }
    String name = entry.getName().replace('\\', '/');
    int slash = name.indexOf('/');
    String inner = slash < 0 ? "" : name.substring(slash + 1);
    if (name.startsWith("/") || inner.startsWith("/") || DRIVE.matcher(inner).matches()) {
      throw unsafe(chart, "must have relative paths only; got " + shown);
    }
    if (java.util.Arrays.asList(name.split("/", -1)).contains("..")) {
      throw unsafe(chart, "must not have an entry that leaves its folder; got " + shown);
    }
    try {
      RepoPath path = RepoPath.parse(inner);
      if (!path.value().isEmpty()) {
        return path.value();
      }
    } catch (IllegalArgumentException e) {
      throw unsafe(chart, "must have plain paths only; got " + shown);
    }
    throw unsafe(chart, "must have every file in one folder named as the chart; got " + shown);
  }

  /** Writes an archive that is not compressed, for Helm's loader on the same machine. */
  static void write(SortedMap<String, byte[]> files, OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new Stored(out), StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (var file : files.entrySet()) {
        TarArchiveEntry entry =
            new TarArchiveEntry("chart/" + file.getKey(), TarConstants.LF_NORMAL);
        entry.setSize(file.getValue().length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
  }

  /** Gzip's form without its work. */
  private static final class Stored extends GZIPOutputStream {
    Stored(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }

  /** As Helm's loader does. */
  static byte[] withoutByteOrderMark(byte[] content) {
    boolean marked =
        content.length >= 3
            && content[0] == (byte) 0xEF
            && content[1] == (byte) 0xBB
            && content[2] == (byte) 0xBF;
    return marked ? java.util.Arrays.copyOfRange(content, 3, content.length) : content;
  }

  private static ChartException unsafe(String chart, String message) {
    return new ChartException(ProblemCode.CHART_UNSAFE, false, chart + " " + message, null);
  }

  private static ChartException tooLarge(String chart, String message) {
    return new ChartException(ProblemCode.CHART_TOO_LARGE, false, chart + " " + message, null);
  }

  /** What an archive and the archives in it may still unpack to. */
  private static final class Budget {
    private final String chart;
    private long bytes = ChartFiles.MAX_BYTES;
    private int files = ChartFiles.MAX_FILES;

    Budget(String chart) {
      this.chart = chart;
    }

    void spend(long size) throws ChartException {
      bytes -= size;
      files--;
      if (size < 0 || bytes < 0 || files < 0) {
        throw tooLarge(
            chart,
            "must unpack to at most "
                + ChartFiles.MAX_FILES
                + " files and "
                + (ChartFiles.MAX_BYTES >> 20)
                + " MiB");
      }
    }
  }
}
