// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskCacheTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void neverReadsADamagedEntry() throws Exception {
    DiskCache cache = new DiskCache(folder, 1000);
    Digest key = Digest.of("key");
    cache.put("kind", key, bytes("content"));
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);

    for (int length : new int[] {0, 10, whole.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThat(cache.get("kind", key)).isEmpty();
      assertThat(file).doesNotExist();
    }
    cache.put("kind", key, bytes("again"));
    assertThat(cache.get("kind", key)).contains(bytes("again"));
  }

  @Test
  void dropsWhatWasNotUsedForLongest() throws Exception {
    DiskCache cache = new DiskCache(folder, 10_000);
    for (int i = 0; i < 5; i++) {
      cache.put("kind", Digest.of("" + i), new byte[1900]);
      for (Path file : files()) { // one day older with each that comes after
        Instant day = Files.getLastModifiedTime(file).toInstant().minus(Duration.ofDays(1));
        Files.setLastModifiedTime(file, FileTime.from(day));
      }
    }
    assertThat(cache.get("kind", Digest.of("0"))).isPresent(); // now it is the youngest

    cache.put("kind", Digest.of("5"), new byte[1900]);

    assertThat(cache.has("kind", Digest.of("0"))).isTrue();
    assertThat(cache.has("kind", Digest.of("1"))).isFalse();
    assertThat(cache.has("kind", Digest.of("5"))).isTrue();
    assertThat(files().stream().mapToLong(file -> file.toFile().length()).sum())
        .isLessThanOrEqualTo(10_000);
  }

  @Test
  void twoAgentsAtOnceNeverSeeHalfAnEntry() throws Exception {
    List<DiskCache> agents = List.of(new DiskCache(folder, 60_000), new DiskCache(folder, 60_000));
    List<CompletableFuture<Void>> work =
        IntStream.range(0, 4)
            .mapToObj(n -> CompletableFuture.runAsync(() -> work(agents.get(n % 2))))
            .toList();

    work.forEach(CompletableFuture::join);
    assertThat(files()).noneMatch(file -> file.startsWith(folder.resolve("tmp")));
  }

  private static void work(DiskCache cache) {
    try {
      for (int i = 0; i < 300; i++) {
        Digest key = Digest.of("" + i % 20);
        byte[] content = new byte[5000];
        java.util.Arrays.fill(content, (byte) (i % 20));
        cache.put("kind", key, content);
        cache.get("kind", key).ifPresent(found -> assertThat(found).isEqualTo(content));
      }
    } catch (ChartException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sweepsWhatAKilledAgentLeft() throws Exception {
    Path left = Files.createDirectories(folder.resolve("tmp")).resolve("half");
    Files.write(left, new byte[100]);
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

    DiskCache unused = new DiskCache(folder, 1000);

    assertThat(unused).isNotNull();
    assertThat(left).doesNotExist();
  }
}
