// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelmfileTest {
  private static final Map<String, String> FILES =
      Map.of("values/a.yaml", "{a: 1, b: {c: 2}}", "values/list.yaml", "[1]");

  private static Migration migrate(String text) {
    return Migrations.of(
        new SourceFile(RepoPath.parse("deploy/helmfile.yaml"), text),
        GroupName.parse("shop"),
        RepoPath.parse("deploy"),
        name -> Optional.ofNullable(FILES.get(name)));
  }

  private static String problems(String text) {
    Migration made = migrate(text);
    assertThat(made.text()).isEmpty();
    return made.problems().stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a template; releases: [{name: '{{ .Environment.Name }}', chart: ./a}]; helmfile.yaml:1: SG1412: must not have a template",
        "a release template; releases: [{name: a, chart: ./a, inherit: [{template: x}]}]; SG1412: field `releases[0].inherit` must be resolved",
        "other Helmfiles; {helmfiles: [a.yaml], releases: []}; SG1412: field `helmfiles` must be resolved",
        "an unknown repository; releases: [{name: a, chart: nowhere/a}]; SG1415: field `releases[0].chart` must be REPOSITORY/NAME with a repository of this file",
        "a Git URL; releases: [{name: a, chart: 'git::https://me:pw@example.com/a'}]; got \"git::https://example.com/a\"",
        "a way out; releases: [{name: a, chart: ../../a}]; SG1415: field `releases[0].chart` must lie in the repository of the file",
        "an unknown need; releases: [{name: a, chart: ./a, needs: [x/b]}]; SG1415: field `releases[0].needs` must name a release of this file; got \"x/b\"",
        "a missing file; releases: [{name: a, chart: ./a, values: [b.yaml]}]; SG1416: field `releases[0].values` must name a file that can be read; got \"b.yaml\"",
        "a file that is a template; releases: [{name: a, chart: ./a, values: [a.yaml.gotmpl]}]; SG1416: field `releases[0].values` must not name a template",
        "values that are no map; releases: [{name: a, chart: ./a, values: [values/list.yaml]}]; must name a file with one map of values",
        "nothing installed; releases: [{name: a, chart: ./a, installed: false}]; SG1415: field `releases` must have at least one that is installed",
        "a cycle; releases: [{name: a, chart: ./a, needs: [b]}, {name: b, chart: ./b, needs: [a]}]; SG1419: field `spec.applications[0].dependencies[0]` of the result",
        "a name twice; releases: [{name: a, chart: ./a}, {name: a, chart: ./b, namespace: x}]; SG1419",
        "no YAML; `releases: [`; SG1001"
      })
  void refuses(String what, String text, String message) {
    assertThat(problems(text)).as(what).contains(message);
  }

  @Test
  void readsWhatHelmfileBuildsEvenWithBracesInValues() {
    Migration made =
        migrate(
            """
            ---
            #  Source: helmfile.yaml.gotmpl

            filepath: helmfile.yaml.gotmpl
            helmBinary: helm
            helmDefaults:
              args: []
              verify: false
              wait: false
              timeout: 0
              atomic: false
            repositories:
            - name: stable
              url: https://charts.example.com/stable/
            releases:
            - chart: stable/alerts
              version: 1.0.0
              name: alerts
              namespace: watch
              needs: [prod/data/db]
              values:
              - rule: 'pod {{ $labels.pod }} is down'
              - values/a.yaml
              - b: {d: 3}
            templates: {}
            renderedvalues: {}
            ---
            filepath: data/helmfile.yaml
            releases:
            - chart: ./charts/db
              name: db
              namespace: data
            """);

    assertThat(made.problems()).isEmpty();
    assertThat(made.text())
        .isEqualTo(
            """
            # Made of helmfile.yaml by `segue migrate`. Look it over.
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata:
              name: shop
            spec:
              applications:
              - name: alerts
                dependencies:
                - db
                spec:
                  chart:
                    url: https://charts.example.com/stable
                    name: alerts
                    version: "1.0.0"
                  release:
                    targetNamespace: watch
                    values:
                      a: 1
                      b:
                        c: 2
                        d: 3
                      rule: pod {{ $labels.pod }} is down
              - name: db
                spec:
                  chart:
                    path: deploy/data/charts/db
                  release:
                    targetNamespace: data
            """);
    assertThat(made.notices()).extracting(Object::toString).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "kind: Deployment",
        "# once orkestra.azure.microsoft.com/v1alpha1\nkind: Deployment",
        "releases: {}",
        "releases: [1, [], {}]",
        "{releases: [{name: [a], chart: {}, values: x, needs: {}, set: [1]}], repositories: x}"
      })
  void refusesWhatIsNothingOfTheKindInOneWayOrAnother(String text) {
    assertThat(problems(text)).startsWith("deploy/helmfile.yaml:").contains("SG14");
  }
}
