// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DagViewTest {
  private final Rehearsal rehearsal = new Rehearsal();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void printsALineForEveryChangeWithoutATerminal() throws Exception {
    showAll(new DagView(out, DagView.Style.PLAIN, EmbeddedCluster.PREFIX));

    assertThat(text())
        .isEqualTo(
            """
            [embedded cluster] +00:00 a Pending
            [embedded cluster] +00:00 a Running
            [embedded cluster] +00:03 a Succeeded
            [embedded cluster] +00:04 b Pending
            [embedded cluster] +00:04 b Running
            [embedded cluster] +00:07 b Failed: main: Error (exit code 1): Error from server (NotFound): configmap "never-b" not found
            [embedded cluster] +00:08 c Omitted
            [embedded cluster] +00:08 workflow dag Failed
            """);
  }

  @Test
  void drawsTheLevelsAnewInTheirPlaceOnATerminal() throws Exception {
    showAll(new DagView(out, new DagView.Style(true, false, false), ""));

    String last = text().substring(text().lastIndexOf("\u001b[J") + 3);
    assertThat(last)
        .isEqualTo(
            """
            dag  Failed
              + a      Succeeded  +00:00 to +00:03
              x   b    Failed  +00:04 to +00:07
              -     c  Omitted
            """);
    assertThat(text()).contains("\u001b[4A\u001b[J").doesNotContain("\u001b[3");
  }

  @Test
  void coloursAndDrawsSymbolsWhereTheTerminalCan() throws Exception {
    showAll(new DagView(out, new DagView.Style(true, true, true), ""));

    assertThat(text()).contains("\u001b[32m✔\u001b[0m a", "\u001b[31m✖\u001b[0m   b");
  }

  @Test
  void tellsWhyTheLastTryFailed() throws Exception {
    Manifest ended =
        rehearsal
            .withSource()
            .run(
                Rehearsal.read(
                    "two-releases.yaml",
                    Map.of("NAME", "one", "COLOUR", "red", "./charts/db", "./charts/none")));

    new DagView(out, DagView.Style.PLAIN, "").show(ended);

    assertThat(text()).contains("db Failed: Pod was active on the node longer than");
  }

  @Test
  void choosesTheStyleByTerminalAndEnvironment() {
    Map<String, String> utf8 = Map.of("LANG", "en_GB.UTF-8");
    assertThat(DagView.Style.of(false, utf8)).isEqualTo(DagView.Style.PLAIN);
    assertThat(DagView.Style.of(true, Map.of("TERM", "dumb"))).isEqualTo(DagView.Style.PLAIN);
    assertThat(DagView.Style.of(true, utf8)).isEqualTo(new DagView.Style(true, true, true));
    assertThat(DagView.Style.of(true, Map.of("LANG", "en_GB.UTF-8", "LC_ALL", "C")))
        .isEqualTo(new DagView.Style(true, true, false));
    assertThat(DagView.Style.of(true, Map.of("NO_COLOR", "1")))
        .isEqualTo(new DagView.Style(true, false, false));
  }

  /** Shows a, then b, which fails, then c at every second. */
  private void showAll(DagView view) throws Exception {
    rehearsal.cluster.create(Dags.of("a", "b!: a", "c: b"));
    for (int second = 0; second < 20; second++) {
      Manifest workflow = rehearsal.workflow("dag");
      view.show(workflow);
      rehearsal.time.advance(Duration.ofSeconds(1));
    }
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
