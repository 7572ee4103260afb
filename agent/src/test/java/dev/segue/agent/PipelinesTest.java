// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.PlainData;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pipelines in the documentation are YAML, and ask for no more than they need. */
final class PipelinesTest {
  @Test
  void givesGitHubsTokenTheLeast() {
    Map<String, @Nullable Object> workflow = Pipelines.yaml("github");
    assertThat(workflow.get("permissions")).isEqualTo(Map.of("contents", "read"));
    assertThat(PlainData.at(workflow, "jobs", "check", "permissions"))
        .isEqualTo(
            Map.of("contents", "read", "pull-requests", "write", "security-events", "write"));
    assertThat(Pipelines.text("github")).contains("on:\n  pull_request:\n");
  }

  @Test
  void givesActionsByTheirWholeVersion() {
    assertThat(Pipelines.steps())
        .filteredOn(step -> step.containsKey("uses"))
        .hasSize(3)
        .allSatisfy(
            step -> assertThat(PlainData.text(step, "uses")).matches("[a-z/-]+@v[0-9]+\\.[0-9.]+"));
  }

  @Test
  void takesNothingOfThePullRequestIntoAScript() {
    assertThat(Pipelines.steps())
        .filteredOn(step -> step.containsKey("run"))
        .hasSizeGreaterThan(4)
        .allSatisfy(step -> assertThat(PlainData.text(step, "run")).doesNotContain("${{"));
  }

  @Test
  void runsGitLabsJobForMergeRequestsAndKeepsItsReport() {
    Map<String, @Nullable Object> job = PlainData.map(Pipelines.yaml("gitlab").get("segue"));
    assertThat(Pipelines.maps(job.get("rules")))
        .containsExactly(Map.of("if", "$CI_PIPELINE_SOURCE == \"merge_request_event\""));
    assertThat(PlainData.text(job, "artifacts", "reports", "junit")).isEqualTo(".segue/junit.xml");
    assertThat(Pipelines.script("script")).hasSize(6);
    assertThat(Pipelines.script("before_script")).hasSize(4);
  }

  @Test
  void showsAHookForTheFramework() {
    Map<String, @Nullable Object> hook =
        PlainData.map(
            Pipelines.maps(
                    Pipelines.maps(Pipelines.yaml("pre-commit").get("repos")).get(0).get("hooks"))
                .get(0));
    assertThat(hook.get("entry")).isEqualTo("segue validate products");
    assertThat(hook.get("pass_filenames")).isEqualTo(false);
  }
}
