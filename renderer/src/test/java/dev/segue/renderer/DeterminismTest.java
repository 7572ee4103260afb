// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.testing.RenderedOnce;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Same inputs, same bytes, whoever renders them and wherever. */
class DeterminismTest {
  @TempDir Path folder;

  /**
   * In Turkish I is no capital i, in Arabic digits are others, and the ends of lines and the seeds
   * of hash codes differ. The order of Map.of and Set.of differs between any two JVMs.
   */
  @Test
  void orkestraDefect18TwoJvmsWithOtherLocaleZoneAndHashSeedRenderTheSameBytes() throws Exception {
    Process plain =
        start(
            "plain",
            "-Duser.language=en",
            "-Duser.country=US",
            "-Duser.timezone=UTC",
            "-Dfile.encoding=UTF-8",
            "-XX:hashCode=5");
    Process turkish =
        start(
            "turkish",
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Duser.timezone=Pacific/Kiritimati",
            "-Dfile.encoding=ISO-8859-9",
            "-Dline.separator=\r\n",
            "-XX:hashCode=2");
    Process arabic =
        start(
            "arabic",
            "-Duser.language=ar",
            "-Duser.country=EG",
            "-Duser.extensions=u-nu-arab",
            "-Duser.timezone=America/St_Johns",
            "-Dfile.encoding=windows-1256",
            "-XX:hashCode=3");
    byte[] bytes = output(plain, "plain");
    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .contains("kind: Workflow", "# Cluster `test`", "products/broken.yaml:", "Işık İI ıi");
    assertThat(output(turkish, "turkish")).isEqualTo(bytes);
    assertThat(output(arabic, "arabic")).isEqualTo(bytes);
  }

  private Process start(String name, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.add("-XX:+UnlockExperimentalVMOptions");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(RenderedOnce.class.getName());
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve(name + ".out").toFile())
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
  }

  private byte[] output(Process process, String name) throws Exception {
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("%s ended within a minute", name).isTrue();
    assertThat(process.exitValue()).as(() -> name + ": " + read(name + ".err")).isZero();
    return Files.readAllBytes(folder.resolve(name + ".out"));
  }

  private String read(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
