// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.renderer.model.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A folder for a bare repository, held by its one user until it is closed. It is made aside and
 * moved into place, so a kill leaves all of it or nothing; what a killed process left locked or
 * half-written is cleared away.
 */
final class MirrorFolder implements AutoCloseable {
  private static final int MAX_USERS = 64;

  /**
   * The lock files that this process has open. A second look at one would end the lock: where POSIX
   * is followed, a process loses its locks on a file when it closes that file anywhere.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path lockFile;
  private final FileChannel channel;
  private final FileLock lock;
  private final Path folder;

  private MirrorFolder(Path lockFile, FileChannel channel, FileLock lock, Path folder) {
    this.lockFile = lockFile;
    this.channel = channel;
    this.lock = lock;
    this.folder = folder;
  }

  /** Takes the folder for that URL, another one for each who has it at the same time. */
  static MirrorFolder claim(Path cache, String url) throws IOException {
    Files.createDirectories(cache);
    String name = Digest.of(url).prefix(20);
    for (int number = 0; number < MAX_USERS; number++) {
      Path folder = cache.resolve(number == 0 ? name : name + "-" + number);
      Path lockFile = cache.resolve(folder.getFileName() + ".lock").toAbsolutePath().normalize();
      if (HELD.add(lockFile)) {
        MirrorFolder claimed = null;
        try {
          claimed = claimAlone(lockFile, folder);
        } finally {
          if (claimed == null) {
            HELD.remove(lockFile);
          }
        }
        if (claimed != null) {
          return claimed;
        }
      }
    }
    throw new IOException("too many processes use the cache folder \"" + cache + "\"");
  }

  /** Returns null where another process has it. */
  private static @Nullable MirrorFolder claimAlone(Path lockFile, Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? null : new MirrorFolder(lockFile, channel, lock, folder);
  }

  /** Opens what an earlier run left when it is sound, else an empty repository. */
  Repository open() throws IOException {
    if (Files.isDirectory(folder)) {
      try {
        clearLeftovers();
        Repository repository = build(folder);
        try {
          // A broken configuration or ref shows here.
          repository.getRefDatabase().getRefs();
          if (isIntact() && repository.isBare()) {
            return repository;
          }
        } catch (IOException | RuntimeException e) {
          repository.close();
        }
      } catch (IOException | RuntimeException e) {
        if (GitFailures.isDiskFull(e)) {
          throw e;
        }
      }
    }
    return renew();
  }

  /** Throws away what is there and opens an empty repository. */
  Repository renew() throws IOException {
    Path aside = folder.resolveSibling(folder.getFileName() + ".new");
    Path broken = folder.resolveSibling(folder.getFileName() + ".broken");
    delete(aside);
    delete(broken);
    try (Repository fresh = build(aside)) {
      fresh.create(true);
      configure(fresh.getConfig());
    }
    if (Files.exists(folder)) {
      Files.move(folder, broken, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
    delete(broken);
    return build(folder);
  }

  /** Whether the folder still stands. */
  boolean isIntact() {
    return Files.isRegularFile(folder.resolve("HEAD"))
        && Files.isDirectory(folder.resolve("objects"));
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    } finally {
      HELD.remove(lockFile);
    }
  }

  private static Repository build(Path gitDir) throws IOException {
    return new FileRepository(
        new FileRepositoryBuilder().setGitDir(gitDir.toFile()).setBare().setup());
  }

  /**
   * Protocol version 0, because it alone tells all refs in the answer to the first request; version
   * 2 needs a second one. Large objects are streamed, not loaded.
   */
  private static void configure(StoredConfig config) throws IOException {
    config.setInt("protocol", null, "version", 0);
    config.setString("core", null, "streamFileThreshold", "8m");
    config.setBoolean("core", null, "logAllRefUpdates", false);
    config.setInt("gc", null, "auto", 0);
    config.save();
  }

  /** Removes the locks and temporary files of a process that was killed; the lock is ours now. */
  private void clearLeftovers() throws IOException {
    List<Path> leftovers;
    try (Stream<Path> files = Files.walk(folder)) {
      leftovers = files.filter(this::isLeftover).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path each : leftovers) {
      Files.deleteIfExists(each);
    }
  }

  private boolean isLeftover(Path file) {
    String name = file.getFileName().toString();
    boolean amongObjects = file.startsWith(folder.resolve("objects"));
    boolean temporary =
        name.startsWith("incoming_") || name.startsWith("noz") || name.startsWith("gc_");
    return Files.isRegularFile(file)
        && (name.endsWith(".lock")
            || name.equals("gc.pid")
            || (amongObjects && (name.endsWith(".keep") || temporary)));
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
