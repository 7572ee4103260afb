// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchivedClassesTest {
  @TempDir Path folder;

  /** Says which classes it is asked for; it has none but those that are everywhere. */
  private static final class Asked extends ClassLoader {
    private final List<String> names = new ArrayList<>();

    Asked() {
      super(null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      names.add(name);
      return super.loadClass(name, resolve);
    }
  }

  @Test
  void workersUseTheArchiveOfThisProcess() {
    ArchivedClasses classes = new ArchivedClasses("/home/me/a b.jsa", "");

    assertThat(classes.areMade()).isFalse();
    assertThat(classes.options(folder))
        .contains("-Xshare:auto", "-XX:SharedArchiveFile=/home/me/a b.jsa")
        .noneMatch(option -> option.contains("class+load"));
  }

  @Test
  void workersTellWhatTheyLoadWhereAnArchiveIsMade() {
    ArchivedClasses classes = new ArchivedClasses("", "/cache/new.jsa");

    assertThat(classes.areMade()).isTrue();
    assertThat(classes.options(Path.of("/tmp/c:d")))
        .contains("-Xlog:class+load=info:file=\"/tmp/c:d\":none")
        .noneMatch(option -> option.contains("SharedArchiveFile"));
  }

  @Test
  void nothingIsAskedForWithoutArchives() {
    assertThat(new ArchivedClasses("", "").options(folder))
        .containsExactly("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr");
  }

  @Test
  void loadsWhatAWorkerLoadedFromFilesAndNothingThatItMade() throws Exception {
    Path log =
        Files.writeString(
            folder.resolve("classes"),
            """
            java.lang.Object source: shared objects file
            java.util.zip.GZIPOutputStream source: jrt:/java.base
            com.example.Gone source: file:/opt/a b/segue.jar
            com.example.Gone$$Lambda$1/0x00000008000c0000 source: com.example.Gone
            jdk.proxy1.$Proxy0 source: __dynamic_proxy__
            com.example.Half sou""");
    Asked asked = new Asked();

    ArchivedClasses.loadThoseOf(log, asked);

    assertThat(asked.names).containsExactly("java.util.zip.GZIPOutputStream", "com.example.Gone");
  }
}
