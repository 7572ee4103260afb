// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.preview.GroupPreview;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chart that Helm renders and Flux cannot read: the agent and the plan say the same of it. */
final class UnreadableManifestsIT {
  private static final String TWICE =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        colour: red
        colour: blue
      """;

  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private List<String> foreseen() throws Exception {
    GroupPreview preview = lab.preview().get(0);
    assertThat(preview.changes()).isTrue();
    return preview.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void isRefusedBeforeAnyAttemptAndThePlanSaysSo() throws Exception {
    lab.group("shop", "web").file("charts/web/templates/all.yaml", TWICE).push();
    List<String> foreseen = foreseen();

    lab.start().release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.workflows("shop")).isEmpty();
    assertThat(foreseen).hasSize(1).first().asString().contains("SG1605", "\"colour\"");
    assertThat(lab.status("shop").problems()).isEqualTo(foreseen);
  }

  @Test
  void keepsWhatIsReleasedAndReleasesTheNextGoodCommit() throws Exception {
    lab.chart("api", "1.0.0").group("shop", "api", "web").push();
    lab.start().release();
    lab.file("charts/web/templates/all.yaml", TWICE).push();
    List<String> foreseen = foreseen();

    lab.release();

    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.status("shop").problems()).isEqualTo(foreseen);
    assertThat(foreseen).first().asString().contains("SG1605");

    lab.file("charts/web/templates/all.yaml", TWICE.replace("  colour: red\n", "")).push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.workflows("shop")).hasSize(2);
  }
}
