// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowStopTest {
  private static final CommitId COMMIT = new CommitId("2".repeat(40));

  private final QuietPorts ports = new QuietPorts();

  @Test
  void leavesAWorkflowAloneThatArgoIsAboutToEnd() throws Exception {
    stop(Map.of("suspend", false, "shutdown", "Stop"));

    assertThat(ports.calls()).isEmpty();
  }

  @Test
  void letsArgoEndAWorkflowThatWasSuspendedAgain() throws Exception {
    stop(Map.of("suspend", true, "shutdown", "Stop"));

    assertThat(ports.calls()).containsExactly("cluster.patch");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void goesOnWithWhatIsNotYetShutDown(boolean suspended) throws Exception {
    stop(Map.of("suspend", suspended));

    assertThat(ports.calls()).containsExactly("cluster.patch");
  }

  private void stop(Map<String, Object> spec) throws ClusterException {
    Manifest workflow =
        new Manifest(
            Map.of(
                "apiVersion",
                "argoproj.io/v1alpha1",
                "kind",
                "Workflow",
                "metadata",
                Map.of(
                    "name",
                    "shop-1",
                    "namespace",
                    "delivery",
                    "annotations",
                    Map.of(Labels.STOPPED_FOR, COMMIT.hex())),
                "spec",
                spec));
    assertThat(new WorkflowStop(ports, Clock.systemUTC()).stop(workflow, COMMIT))
        .isEqualTo(new Outcome.Progressing("shop-1"));
  }
}
