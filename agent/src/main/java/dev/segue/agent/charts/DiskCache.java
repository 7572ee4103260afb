// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Entries on disk by kind and key, at most so many bytes of them: what was not used for longest
 * goes first. Several agents may share the folder and be killed at any instant: an entry is written
 * beside, then moved into its place, and carries its own digest, so a half one is never read. Safe
 * for several threads.
 */
final class DiskCache {
  private static final int DIGEST_BYTES = 32;
  private static final Duration TOUCH_AFTER = Duration.ofMinutes(10);
  private static final Duration STALE_AFTER = Duration.ofHours(1);

  private final Path folder;
  private final long maxBytes;
  private long bytes;

  /** Creates the folder when there is none. */
  DiskCache(Path folder, long maxBytes) throws ChartException {
    this.folder = folder.toAbsolutePath();
    this.maxBytes = maxBytes;
    try {
      Files.createDirectories(temporary());
    } catch (IOException e) {
      throw failed("make the chart cache", e);
    }
    evict(maxBytes);
  }

  /** Returns the entry; empty when there is none, or when it is damaged (it is removed then). */
  Optional<byte[]> get(String kind, Digest key) throws ChartException {
    Path file = file(kind, key);
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read the chart cache", e);
    }
    if (!isWhole(content)) {
      delete(file);
      return Optional.empty();
    }
    touch(file);
    return Optional.of(Arrays.copyOfRange(content, DIGEST_BYTES, content.length));
  }

  /** Whether there is an entry; it counts as used now. */
  boolean has(String kind, Digest key) {
    Path file = file(kind, key);
    boolean there = Files.isRegularFile(file);
    if (there) {
      touch(file);
    }
    return there;
  }

  /** Writes the entry, in place of one that is there. */
  void put(String kind, Digest key, byte[] content) throws ChartException {
    Path file = file(kind, key);
    Path beside = temporary().resolve(UUID.randomUUID().toString());
    try {
      Files.createDirectories(file.getParent());
      try (var out = Files.newOutputStream(beside)) {
        out.write(Digest.sha256().digest(content));
        out.write(content);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      delete(beside);
      throw failed("write the chart cache", e);
    }
    boolean full;
    synchronized (this) {
      bytes += content.length + DIGEST_BYTES;
      full = bytes > maxBytes;
    }
    if (full) {
      evict(maxBytes - maxBytes / 10);
    }
  }

  private static boolean isWhole(byte[] content) {
    if (content.length < DIGEST_BYTES) {
      return false;
    }
    MessageDigest sha = Digest.sha256();
    sha.update(content, DIGEST_BYTES, content.length - DIGEST_BYTES);
    return Arrays.equals(sha.digest(), 0, DIGEST_BYTES, content, 0, DIGEST_BYTES);
  }

  private record Entry(Path file, long size, Instant used) {}

  /** Counts what is there, another agent's entries too, and deletes the oldest beyond the bound. */
  private synchronized void evict(long bound) throws ChartException {
    List<Entry> entries = entries();
    long total = entries.stream().mapToLong(Entry::size).sum();
    entries.sort(Comparator.comparing(Entry::used).thenComparing(Entry::file));
    for (Entry entry : entries) {
      if (total <= bound) {
        break;
      }
      delete(entry.file());
      total -= entry.size();
    }
    bytes = total;
  }

  private List<Entry> entries() throws ChartException {
    List<Entry> entries = new ArrayList<>();
    Instant stale = Instant.now().minus(STALE_AFTER);
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
            Instant used = found.lastModifiedTime().toInstant();
            if (!file.startsWith(temporary())) {
              entries.add(new Entry(file, found.size(), used));
            } else if (used.isBefore(stale)) {
              delete(file); // a killed agent's
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // another agent was faster
            }
            throw failure;
          }
        };
    try {
      Files.walkFileTree(folder, visitor);
    } catch (IOException e) {
      throw failed("list the chart cache", e);
    }
    return entries;
  }

  private static void touch(Path file) {
    try {
      Instant now = Instant.now();
      if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(TOUCH_AFTER))) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException e) {
      return; // evicted meanwhile, or not ours to touch: only its place in the order suffers
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (DirectoryNotEmptyException e) {
      throw new IllegalStateException("an entry is a file: " + file, e);
    } catch (IOException e) {
      return; // it is tried again when the cache is full the next time
    }
  }

  private Path file(String kind, Digest key) {
    return folder.resolve(kind).resolve(key.prefix(2)).resolve(key.hex().substring(2));
  }

  private Path temporary() {
    return folder.resolve("tmp");
  }

  private ChartException failed(String operation, Exception cause) {
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new ChartException(
        ProblemCode.CHART_CACHE,
        true,
        "cannot "
            + operation
            + " in \""
            + folder
            + "\": "
            + cause.getClass().getSimpleName()
            + " "
            + why
            + ". Give it a folder that it may write to and that has space",
        cause);
  }
}
