// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            [embedded cluster] dag +00:00 a Pending
            [embedded cluster] dag +00:00 a Running
            [embedded cluster] dag +00:03 a Succeeded
            [embedded cluster] dag +00:04 b Pending
            [embedded cluster] dag +00:04 b Running
            [embedded cluster] dag +00:07 b Failed: main: Error (exit code 1): Error from server (NotFound): configmap "never-b" not found
            [embedded cluster] dag +00:08 c Omitted
            [embedded cluster] dag +00:08 workflow dag Failed
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
  void namesTheGroupOnEveryLine() {
    Manifest running = workflow("web-1", "web", "Running", 0);

    new DagView(out, DagView.Style.PLAIN, EmbeddedCluster.PREFIX).show(running);

    assertThat(text()).isEqualTo("[embedded cluster] web +00:01 t0 Running\n");
  }

  @Test
  void drawsWorkflowsThatRunTogetherInOnePlace() {
    DagView view = new DagView(out, new DagView.Style(true, false, false), "");
    view.show(workflow("db-1", "db", "Running", 0));
    view.show(workflow("web-1", "web", "Running", 0));
    view.show(workflow("db-1", "db", "Succeeded", 0));
    bytes.reset();

    view.show(workflow("web-1", "web", "Succeeded", 0));

    String picture =
        """
        db-1  Succeeded
          + t0  Succeeded  +00:01 to +00:02
        web-1  Succeeded
          + t0  Succeeded  +00:01 to +00:02
        """;
    assertThat(text()).isEqualTo("\u001b[4A\u001b[J" + picture);
    bytes.reset();
    view.show(workflow("db-1", "db", "Succeeded", 0));
    assertThat(text()).as("what has ended and is drawn stays as it is").isEmpty();
    view.show(workflow("db-2", "db", "Running", 0));
    assertThat(text()).as("what begins later is drawn below").startsWith("db-2  Running\n");
  }

  @Test
  void shortensWhatWouldLeaveTheScreenUntilAllHasEnded() {
    DagView view = new DagView(out, new DagView.Style(true, false, false), "", 10);
    view.show(workflow("big-1", "big", "Running", 20));
    assertThat(text()).isEqualTo("big-1  Running  20 of 21 succeeded\n  * t0   Running  +00:01\n");
    bytes.reset();

    view.show(workflow("big-1", "big", "Succeeded", 20));

    assertThat(text()).startsWith("\u001b[2A\u001b[Jbig-1  Succeeded\n  + t0   Succeeded");
    assertThat(text().lines()).hasSize(22);
  }

  /** A Workflow with a task t0 in this phase, and more that have succeeded. */
  private static Manifest workflow(String name, String group, String phase, int more) {
    List<Map<String, Object>> tasks = new ArrayList<>();
    Map<String, Object> nodes = new TreeMap<>();
    for (int number = 0; number <= more; number++) {
      String now = number == 0 ? phase : "Succeeded";
      Map<String, Object> node = new TreeMap<>();
      node.put("name", name + ".t" + number);
      node.put("phase", now);
      node.put("startedAt", "2026-01-01T00:00:01Z");
      if (now.equals("Succeeded")) {
        node.put("finishedAt", "2026-01-01T00:00:02Z");
      }
      tasks.add(Map.of("name", "t" + number));
      nodes.put("n" + number, node);
    }
    Map<String, Object> status = new TreeMap<>();
    status.put("phase", phase);
    status.put("startedAt", "2026-01-01T00:00:00Z");
    if (phase.equals("Succeeded")) {
      status.put("finishedAt", "2026-01-01T00:00:03Z");
    }
    status.put("nodes", nodes);
    Map<String, Object> dag = Map.of("name", "main", "dag", Map.of("tasks", tasks));
    return new Manifest(
        Map.of(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            Map.of("name", name, "labels", Map.of(Labels.GROUP, group)),
            "spec",
            Map.of("entrypoint", "main", "templates", List.of(dag)),
            "status",
            status));
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
    assertThat(DagView.Style.of(false, false, utf8)).isEqualTo(DagView.Style.PLAIN);
    assertThat(DagView.Style.of(true, true, utf8)).isEqualTo(new DagView.Style(true, true, true));
    assertThat(DagView.Style.of(true, true, Map.of("LANG", "en_GB.UTF-8", "LC_ALL", "C")))
        .isEqualTo(new DagView.Style(true, true, false));
    assertThat(DagView.Style.of(true, false, Map.of()))
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
