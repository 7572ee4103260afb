// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class GroupReaderPropertyTest {
  private static final String GROUP =
      """
      apiVersion: orkestra.azure.microsoft.com/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop, labels: {a: b}}
      spec:
        interval: 1m
        applications:
        - name: db
          dependencies: []
          spec:
            chart: {url: https://charts.example.com, name: db, version: ">=1 <2", authSecretRef: {name: x}}
            release: {timeout: 5m, values: {a: [1, 2.5, true, null]}, valuesFrom: [{kind: Secret, name: s}]}
            subcharts: [{name: a, dependencies: [b]}, {name: b}]
        - name: web
          dependencies: [db]
          softDependencies: [cache]
          spec:
            chart: {path: charts/web}
            workflow: [{name: a, type: custom, image: x, params: {configmapRef: {}}}]
        - {name: cache, spec: {chart: {url: "oci://h.example.com/c", version: "*"}}}
      """;

  private static Reading read(String text) {
    return GroupReader.read(List.of(new SourceFile(RepoPath.parse("a.yaml"), text)));
  }

  @Property(tries = 500)
  void neverThrowsForAnyText(@ForAll("texts") String text) {
    assertThat(read(text)).isNotNull();
  }

  /**
   * Whatever is changed in a good file, it is still good, or a problem of one line says why not.
   */
  @Property(tries = 1500)
  void everyChangeOfAGoodFileIsReadOrReported(
      @ForAll @IntRange(max = 1000) int at,
      @ForAll @IntRange(max = 12) int removed,
      @ForAll("pieces") String piece) {
    int from = Math.min(at, GROUP.length());
    int to = Math.min(from + removed, GROUP.length());
    Reading reading = read(GROUP.substring(0, from) + piece + GROUP.substring(to));
    assertThat(reading.problems())
        .extracting(Problem::toString)
        .allSatisfy(
            line ->
                assertThat(line)
                    .doesNotContain("\n", "Exception")
                    .matches("a\\.yaml:.*SG1\\d{3}: .+"));
    reading.invalid().forEach(invalid -> assertThat(invalid.problems()).isNotEmpty());
    if (reading.problems().isEmpty()) {
      assertThat(reading.invalid()).isEmpty();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab:- \n{}[],&*!|>'\"#?~01<%@\t").ofMaxLength(60);
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.oneOf(
        texts().map(text -> text.substring(0, Math.min(6, text.length()))),
        Arbitraries.of(
            "", "[]", "{}", "null", "yes", "1", "-1.5", ": ", "\n---\n", "\"", "é", "&x ", "*x",
            "!!int "));
  }
}
