// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChartArchiveTest {
  private static ProblemCode refusal(byte[] archive) {
    return catchThrowableOfType(ChartException.class, () -> ChartArchive.read(archive, "chart"))
        .code();
  }

  @Test
  void unpacksPackagedSubchartsToFolders() throws ChartException {
    byte[] sub = Archives.chart("db", "1.0.0", "blue");
    byte[] archive =
        Archives.tar(
            tar -> {
              for (String path : new String[] {"web/charts/db-1.0.0.tgz", "web/files/x.tgz"}) {
                TarArchiveEntry entry = new TarArchiveEntry(path);
                entry.setSize(sub.length);
                tar.putArchiveEntry(entry);
                tar.write(sub);
                tar.closeArchiveEntry();
              }
            });

    assertThat(ChartArchive.read(archive, "chart").all().keySet())
        .containsExactly(
            "charts/db-1.0.0/Chart.yaml",
            "charts/db-1.0.0/templates/configmap.yaml",
            "charts/db-1.0.0/values.yaml",
            "files/x.tgz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web/../../etc/passwd",
        "/web/Chart.yaml",
        "../Chart.yaml",
        "web//etc/x",
        "web\\..\\..\\x",
        "Chart.yaml",
        "web/C:/x",
        "web/a\u0001b"
      })
  void refusesAnEntryThatLeavesItsFolder(String path) {
    assertThat(refusal(Archives.pack(Map.of(path, "x")))).isEqualTo(ProblemCode.CHART_UNSAFE);
  }

  @Test
  void refusesLinksAndSpecialFiles() {
    for (byte type :
        new byte[] {
          TarConstants.LF_SYMLINK,
          TarConstants.LF_LINK,
          TarConstants.LF_FIFO,
          TarConstants.LF_CHR,
          TarConstants.LF_BLK
        }) {
      byte[] archive =
          Archives.tar(
              tar -> {
                TarArchiveEntry entry = new TarArchiveEntry("web/templates/x", type);
                entry.setLinkName("/etc/passwd");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
              });
      assertThat(refusal(archive)).isEqualTo(ProblemCode.CHART_UNSAFE);
    }
  }

  @Test
  void refusesABombBeforeItIsUnpacked() {
    byte[] zeros = new byte[1 << 20];
    byte[] bomb =
        Archives.tar(
            tar -> {
              TarArchiveEntry entry = new TarArchiveEntry("web/x");
              entry.setSize(40L << 20);
              tar.putArchiveEntry(entry);
              for (int i = 0; i < 40; i++) {
                tar.write(zeros);
              }
              tar.closeArchiveEntry();
            });
    byte[] many =
        Archives.tar(
            tar -> {
              for (int i = 0; i <= ChartFiles.MAX_FILES; i++) {
                tar.putArchiveEntry(new TarArchiveEntry("web/" + i));
                tar.closeArchiveEntry();
              }
            });

    assertThat(refusal(bomb)).isEqualTo(ProblemCode.CHART_TOO_LARGE);
    assertThat(refusal(many)).isEqualTo(ProblemCode.CHART_TOO_LARGE);
  }

  @Test
  void refusesWhatIsNoArchive() {
    assertThat(refusal("<html>".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(ProblemCode.CHART_INVALID);
    byte[] whole = Archives.chart("web", "1.0.0", "blue");
    assertThat(refusal(java.util.Arrays.copyOf(whole, whole.length / 2)))
        .isEqualTo(ProblemCode.CHART_INVALID);
  }
}
