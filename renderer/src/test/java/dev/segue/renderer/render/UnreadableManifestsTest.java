// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of what Flux cannot read, only what it is given counts. */
class UnreadableManifestsTest {
  private static final String TWICE = "# Source: web/templates/a.yaml\nkind: A\nkind: B\n";
  private static final DesiredGroup BEFORE =
      Products.group("shop").app("db").app("web", "db").desired();
  private static final DesiredGroup AFTER =
      Products.group("shop").app("db", "1.1.0", Map.of()).app("web", "db").desired();

  private static Map<ReleaseName, HelmOutput> outputs(String release, String manifest) {
    Map<ReleaseName, HelmOutput> outputs = new TreeMap<>();
    outputs.put(
        ReleaseName.parse(release),
        new HelmOutput(List.of(manifest), List.of(), List.of(), List.of()));
    return outputs;
  }

  private static Plan plan(Purpose purpose) {
    return Planner.plan(
        AFTER,
        purpose,
        Products.inventory(BEFORE),
        Products.live(BEFORE),
        Map.of(),
        release -> Optional.empty());
  }

  @Test
  void tellsWhatTheReleaseWouldFailOf() {
    assertThat(UnreadableManifests.of(plan(Purpose.RELEASE), outputs("db", TWICE)))
        .hasSize(1)
        .first()
        .asString()
        .contains(
            "SG1605: field `spec.chart` of \"db\": the manifest of template"
                + " \"web/templates/a.yaml\" must be YAML that Flux reads; line 3: key \"kind\" must"
                + " stand once; it is already on line 2.");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{apiVersion: v1, metadata: {name: a}} | an object must have `kind`",
        "{apiVersion: v1, kind: '', metadata: {name: a}} | an object must have `kind`",
        "{kind: ConfigMap, metadata: {name: a}} | an object must have `apiVersion`",
        "{apiVersion: v1, kind: ConfigMap} | an object must have `metadata.name`",
        "{apiVersion: v1, kind: Pod, metadata: {generateName: a}} | an object must have `metadata.name`",
        "{apiVersion: v1, kind: Pod, metadata: {name: }} | an object must have `metadata.name`",
        "{} | an object must have `kind`",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, metadata: {name: a}}]} | an object must have `kind`",
      })
  void tellsOfObjectsThatCannotBeReleased(String object, String message) {
    assertThat(UnreadableManifests.of(plan(Purpose.RELEASE), outputs("db", object)))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .endsWith("must be YAML that Flux reads; line 1: " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}",
        "{apiVersion: v1, kind: PodList, items: []}",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: '7'}}",
        "# nothing but a comment",
        "",
      })
  void saysNothingOfObjectsThatAreWhole(String object) {
    assertThat(UnreadableManifests.of(plan(Purpose.RELEASE), outputs("db", object))).isEmpty();
  }

  @Test
  void saysNothingOfWhatStaysAsItIs() {
    assertThat(UnreadableManifests.of(plan(Purpose.RELEASE), outputs("web", TWICE))).isEmpty();
  }

  @Test
  void doesNotStandInTheWayBack() {
    assertThat(UnreadableManifests.of(plan(Purpose.ROLLBACK), outputs("db", TWICE))).isEmpty();
  }

  @Test
  void whatIsOnlyTooLargeForUsIsForFluxToRead() {
    String large = "data: " + "x".repeat(YamlReader.MAX_CHARACTERS) + "\n";

    assertThat(UnreadableManifests.of(plan(Purpose.RELEASE), outputs("db", large))).isEmpty();
  }
}
