// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Executor;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
  private static final String TWO_EXECUTORS =
      """
      workflow:
      - {name: release, type: helmrelease}
      - {name: test, type: custom, image: "registry.example.com:5000/qa/smoke:1.2", dependencies: [release]}
      - {name: scan, type: custom, image: {name: scan, image: "ghcr.io/sec/scan@sha256:%s"}, dependencies: [release]}
      """
          .formatted("a".repeat(64));

  @Test
  void orkestraDefect12EveryCustomExecutorKeepsItsOwnWholeImage() {
    assertThat(group(TWO_EXECUTORS).applications().get(0).workflow())
        .filteredOn(executor -> executor.type().equals("custom"))
        .extracting(Executor::image)
        .containsExactly(
            "registry.example.com:5000/qa/smoke:1.2", "ghcr.io/sec/scan@sha256:" + "a".repeat(64));
  }

  /** One that cannot be run is refused: it may be the gate that somebody relies on. */
  @Test
  void orkestraDefect12ExecutorsAreRefusedRatherThanSkipped() {
    assertThat(Resolver.unsupported(group(TWO_EXECUTORS)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ProblemCode.NOT_SUPPORTED_YET);
              assertThat(problem.toString())
                  .startsWith("shop.yaml:6: ")
                  .contains("application \"web\" has \"custom\"");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "workflow: []", "workflow: [{name: release, type: helmrelease}]"})
  void takesTheWorkflowThatIsImplied(String workflow) {
    assertThat(Resolver.unsupported(group(workflow))).isEmpty();
  }

  private static ApplicationGroup group(String more) {
    String text =
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
          - name: web
            spec:
              chart: {path: charts/web}
              %s
        """
            .formatted(more.indent(6).strip());
    Reading reading = GroupReader.read(List.of(new SourceFile(RepoPath.parse("shop.yaml"), text)));
    assertThat(reading.problems()).isEmpty();
    return reading.valid().get(0);
  }
}
