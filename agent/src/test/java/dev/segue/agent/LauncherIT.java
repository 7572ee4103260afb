// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script that starts the jar, with a link to it in another folder. */
final class LauncherIT {
  private static final Path JAR = Path.of("target/segue.jar").toAbsolutePath();

  @TempDir Path folder;

  @BeforeEach
  void install() throws IOException {
    assumeThat(JAR).as("packaged by `mvn package`").exists();
    Path installed = Files.createDirectories(folder.resolve("opt/segue tool"));
    Files.createSymbolicLink(installed.resolve("segue.jar"), JAR);
    Files.copy(Path.of("../deploy/bin/segue"), installed.resolve("segue"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/segue"), Path.of("../opt/segue tool/segue"));
  }

  private CommandLineRun segue(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", folder.resolve("bin/segue").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("SEGUE_.*|XDG_CACHE_HOME|.*JAVA.*"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return CommandLineRun.ended(process, folder);
    } finally {
      process.destroyForcibly();
    }
  }

  private List<Path> archives() throws IOException {
    Path cache = folder.resolve(".cache/segue/classes");
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }

  @Test
  void makesAnArchiveOnceAndSaysTheSameWithIt() throws Exception {
    CommandLineRun before = segue(Map.of(), "--version");
    assertThat(archives()).as("only validate makes it").isEmpty();

    CommandLineRun first = segue(Map.of(), "validate", "--no-charts", "../example-repo");
    assertThat(archives()).hasSize(1).allSatisfy(file -> assertThat(file).isNotEmptyFile());
    CommandLineRun second = segue(Map.of(), "validate", "--no-charts", "../example-repo");

    assertThat(before.out()).startsWith("segue ");
    assertThat(first)
        .isEqualTo(second)
        .isEqualTo(
            new CommandLineRun(
                0, "", "3 files, 3 groups, 0 problems\ncharts were not looked at\n"));
    assertThat(archives()).hasSize(1);
  }

  @Test
  void takesNoClassFromTheJarOnceThereIsAnArchive() throws Exception {
    String[] files = {"validate", "--no-charts", "../example-repo"};
    segue(Map.of(), files);
    Path log = folder.resolve("classes.log");

    segue(Map.of("_JAVA_OPTIONS", "-Xlog:class+load:file=" + log), files);

    List<String> loaded = Files.readAllLines(log);
    assertThat(loaded).anyMatch(line -> line.contains(" dev.segue.agent.Main source: shared"));
    assertThat(loaded).noneMatch(line -> line.contains("source: file:"));
    assertThat(loaded).as("logging").noneMatch(line -> line.contains(" java.util.logging."));
  }

  @Test
  void archivesTheClassesOfTheRenderWorkerToo() throws Exception {
    String[] charts = {
      "validate", "--set", "charts.cache=" + folder.resolve("charts"), "../example-repo"
    };
    CommandLineRun first = segue(Map.of(), charts);
    Path archive = archives().get(0);
    String content = Files.readString(archive, StandardCharsets.ISO_8859_1);
    deleteRenders();
    CommandLineRun second = segue(Map.of(), charts);
    Files.delete(archive);
    Files.writeString(archive, "no archive");
    deleteRenders();
    CommandLineRun third = segue(Map.of(), charts);

    assertThat(content).contains("com/sun/jna/NativeLibrary", "dev/segue/agent/charts/WorkerCopy");
    assertThat(first)
        .isEqualTo(second)
        .isEqualTo(third)
        .isEqualTo(
            new CommandLineRun(0, "", "3 files, 3 groups, 27 releases rendered, 0 problems\n"));
  }

  /** So that the next run needs a render worker. */
  private void deleteRenders() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("charts/charts"))) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().contains("/engine/"))
              .toList()) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mktemp, exit 1",
    "df, 'echo Filesystem; echo disk 100 99 1 99% /'",
    "df, echo of another kind"
  })
  void goesWithoutWhereNoArchiveCanBeWritten(String tool, String does) throws Exception {
    Path stub = Files.createDirectories(folder.resolve("stubs")).resolve(tool);
    Files.writeString(stub, "#!/bin/sh\n" + does + "\n");
    Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    String path = stub.getParent() + ":" + System.getenv("PATH");

    CommandLineRun run = segue(Map.of("PATH", path), "validate", "--no-charts", "../example-repo");

    assertThat(run.err()).isEqualTo("3 files, 3 groups, 0 problems\ncharts were not looked at\n");
    assertThat(run.code()).isZero();
    assertThat(archives()).isEmpty();
  }

  @Test
  void passesOnExitCodesAndTakesABrokenArchiveForNone() throws Exception {
    CommandLineRun first = segue(Map.of(), "validate", "--no-charts", "nowhere");
    Path archive = archives().get(0);
    Files.delete(archive);
    Files.writeString(archive, "no archive");

    assertThat(first.code()).isEqualTo(1);
    assertThat(segue(Map.of(), "validate", "--no-charts", "nowhere")).isEqualTo(first);
    assertThat(segue(Map.of(), "vaildate").code()).isEqualTo(2);
  }

  @Test
  void saysThatJavaIsMissing() throws Exception {
    CommandLineRun run = segue(Map.of("JAVA_HOME", "/nowhere"), "--version");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("segue: Java 17 or newer must be installed");
  }
}
