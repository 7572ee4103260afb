// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Executor;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.model.Subchart;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupReaderTest {
  private static SourceFile file(String path, String text) {
    return new SourceFile(RepoPath.parse(path), text);
  }

  private static ApplicationGroup onlyGroup(String text) {
    Reading reading = GroupReader.read(List.of(file("a.yaml", text)));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.valid()).hasSize(1);
    ParserAndSchemaTest.assertNotMarked(text);
    return reading.valid().get(0);
  }

  /** A group with one application of that chart, released into the group's namespace. */
  private static String group(String name, String application) {
    return """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: %s}
        spec:
          applications:
          - name: %s
            spec: {chart: {path: charts/web}}
        """
        .formatted(name, application);
  }

  private static List<String> lines(Reading reading) {
    return reading.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void readsEveryFieldOfOurKind() {
    ApplicationGroup group =
        onlyGroup(
            """
            # A product.
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata:
              name: shop
              namespace: shop-control
              labels: {team: web}
              annotations: {note: "1"}
            spec:
              interval: 1h30m
              parallelism: 2
              applications:
              - name: db
                spec:
                  chart: {url: https://charts.example.com/stable/, name: postgresql, version: ^12.1, authSecretRef: registry}
                  release:
                    interval: 10m
                    timeout: 90s
                    targetNamespace: data
                    values: {auth: {password: 0123456789}, replicas: 2, "a.b": {c: abcdefgh}}
                    valuesFrom:
                    - {kind: Secret, name: db-values, valuesKey: db.yaml, targetPath: auth, optional: true}
                    - {kind: ConfigMap, name: common}
                    sensitiveValues: [a.b.c]
                    install: {remediation: {retries: 3}, createNamespace: true}
                    driftDetection: {mode: enabled}
                    postRenderers: [{kustomize: {images: [{name: a, newTag: b}]}}]
                    maxHistory: 3
                    serviceAccountName: deployer
                    persistentClient: false
              - name: web
                dependencies: [db]
                softDependencies: [cache]
                spec:
                  chart: {path: ./charts//web/}
              - name: cache
                spec:
                  chart: {url: "oci://registry.example.com/charts", name: redis}
            """
                .replace("0123456789", "\"0123456789\""));

    assertThat(group.name()).isEqualTo(GroupName.parse("shop"));
    assertThat(group.namespace()).hasToString("shop-control");
    assertThat(group.origin().line()).isEqualTo(5);
    assertThat(group.interval()).isEqualTo(Duration.ofMinutes(90));
    assertThat(group.parallelism()).isEqualTo(2);
    assertThat(group.applications())
        .extracting(a -> a.name().value())
        .containsExactly("db", "web", "cache");

    Application db = group.applications().get(0);
    assertThat(db.origin().line()).isEqualTo(13);
    assertThat(db.chart())
        .isEqualTo(
            new ChartRef.InRepository(
                URI.create("https://charts.example.com/stable"),
                "postgresql",
                "^12.1",
                "registry"));
    ReleaseSettings release = db.release();
    assertThat(release.targetNamespace()).hasToString("data");
    assertThat(release.interval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(release.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(release.values().tree()).containsKeys("auth", "replicas", "a.b");
    assertThat(release.sensitive()).containsExactly("a.b.c");
    assertThat(release.valuesFrom()).hasSize(2);
    assertThat(release.valuesFrom().get(0).valuesKey()).isEqualTo("db.yaml");
    assertThat(release.valuesFrom().get(0).optional()).isTrue();
    assertThat(release.valuesFrom().get(1).targetPath()).isNull();
    assertThat(release.inlined().tree())
        .isEqualTo(
            Map.of(
                "install",
                Map.of("remediation", Map.of("retries", 3L), "createNamespace", true),
                "driftDetection",
                Map.of("mode", "enabled"),
                "postRenderers",
                List.of(
                    Map.of(
                        "kustomize",
                        Map.of("images", List.of(Map.of("name", "a", "newTag", "b"))))),
                "maxHistory",
                3L,
                "serviceAccountName",
                "deployer",
                "persistentClient",
                false));

    Application web = group.applications().get(1);
    assertThat(web.chart()).isEqualTo(new ChartRef.InGit(RepoPath.parse("charts/web")));
    assertThat(web.dependencies()).containsExactly(ReleaseName.parse("db"));
    assertThat(web.softDependencies()).containsExactly(ReleaseName.parse("cache"));
    assertThat(web.release().targetNamespace()).hasToString("shop");
    assertThat(web.release().interval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(web.release().timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(group.applications().get(2).chart())
        .isEqualTo(
            new ChartRef.InRegistry(
                URI.create("oci://registry.example.com/charts/redis"), "*", null));
  }

  @Test
  void readsOrkestrasFileUnchanged() {
    ApplicationGroup group =
        onlyGroup(
            """
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata: {name: bookinfo}
            spec:
              interval: 1m
              applications:
              - name: ambassador
                dependencies: []
                spec:
                  chart: {url: https://www.getambassador.io/helm, name: ambassador, version: 6.6.0}
                  release: {targetNamespace: ambassador, values: {service: {type: ClusterIP}}}
              - name: bookinfo
                dependencies: [ambassador]
                spec:
                  chart:
                    url: https://nitishm.github.io/charts
                    name: bookinfo
                    version: v1
                    authSecretRef: {name: repo, namespace: orkestra}
                  subcharts:
                  - {name: productpage, dependencies: [reviews]}
                  - {name: reviews, dependencies: [details, ratings]}
                  - {name: ratings}
                  release:
                    targetnamespace: bookinfo
                    rollback: {disableWait: true, cleanupOnFail: true}
                    values: {productpage: {replicaCount: 1}}
                  workflow:
                  - {name: helmrelease, type: helmrelease, params: nil}
                  - name: keptn
                    type: keptn
                    dependencies: [helmrelease]
                    params: {configmapRef: {name: cm, namespace: orkestra}}
                  - {name: own, type: custom, image: {name: own, image: "example.com/own:1"}}
            status:
              applications: [{name: ambassador, staged: true}]
            """);

    Application bookinfo = group.applications().get(1);
    assertThat(bookinfo.chart())
        .isEqualTo(
            new ChartRef.InRepository(
                URI.create("https://nitishm.github.io/charts"), "bookinfo", "v1", "repo"));
    assertThat(bookinfo.release().targetNamespace()).hasToString("bookinfo");
    assertThat(bookinfo.release().timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(bookinfo.release().inlined().tree())
        .isEqualTo(Map.of("rollback", Map.of("disableWait", true, "cleanupOnFail", true)));
    assertThat(bookinfo.subcharts())
        .contains(new Subchart("reviews", List.of("details", "ratings"), true));
    assertThat(bookinfo.workflow())
        .extracting(Executor::type)
        .containsExactly("helmrelease", "keptn", "custom");
    assertThat(bookinfo.workflow().get(1).params().tree()).containsOnlyKeys("configMapRef");
    assertThat(bookinfo.workflow().get(2).image()).isEqualTo("example.com/own:1");
  }

  @Test
  void readsFieldNamesOfOrkestraInAnyCaseAndOursExactly() {
    String text = group("a", "web").replace("applications:", "Applications:");
    String orkestra = text.replace("segue.dev", "orkestra.azure.microsoft.com");
    assertThat(onlyGroup(orkestra).applications()).hasSize(1);
    assertThat(lines(GroupReader.read(List.of(file("a.yaml", text)))))
        .containsExactly(
            "a.yaml:4: SG1006: field `spec.applications` must be given",
            "a.yaml:5: SG1003: field `spec.Applications` is not known. Did you mean \"applications\"?");
  }

  @Test
  void readsSeveralDocumentsAndFilesSortedByName() {
    Reading reading =
        GroupReader.read(
            List.of(
                file("z.yaml", group("c", "web") + "---\n" + group("a", "web")),
                file("products/b.yml", group("b", "web"))));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.valid()).extracting(g -> g.name().value()).containsExactly("a", "b", "c");
    assertThat(reading.valid().get(0).origin().line()).isEqualTo(11);
  }

  @Test
  void passesOverWhatIsNotOurs() {
    Reading reading =
        GroupReader.read(
            List.of(
                file(
                    "a.yaml",
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nfoo: 1\nfoo: 2\n"),
                file("values.yaml", "- 1\n---\nplain\n---\n{a: !Ref b}\n"),
                file("charts/web/templates/x.yaml", "{{- if .Values.a }}\nkind: Pod\n{{ end }}\n"),
                file("README.md", "# [no: yaml"),
                file("empty.yaml", "")));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.groups()).isEmpty();
  }

  @Test
  void keepsGroupsApartWhenOneDocumentIsBroken() {
    String broken = group("broken", "web").replace("{path: charts/web}", "{path: charts/web");
    Reading reading =
        GroupReader.read(
            List.of(
                file(
                    "a.yaml",
                    group("first", "web") + "---\n" + broken + "---\n" + group("last", "web")),
                file("b.yaml", group("other", "web"))));
    assertThat(reading.valid())
        .extracting(g -> g.name().value())
        .containsExactly("first", "last", "other");
    assertThat(reading.invalid()).hasSize(1);
    assertThat(reading.invalid().get(0).name()).isEqualTo(GroupName.parse("broken"));
    assertThat(reading.invalid().get(0).problems()).isEqualTo(reading.problems());
    assertThat(lines(reading)).hasSize(1);
    assertThat(lines(reading).get(0)).startsWith("a.yaml:15: SG1001: must be YAML:");
  }

  @Test
  void tellsAGroupWhoseNameCannotBeReadFromOneThatIsGone() {
    Reading reading =
        GroupReader.read(List.of(file("a.yaml", "kind: ApplicationGroup\nspec: [\n")));
    assertThat(reading.invalid()).hasSize(1);
    assertThat(reading.invalid().get(0).name()).isNull();
    assertThat(reading.invalid().get(0).origins().get(0).file())
        .isEqualTo(RepoPath.parse("a.yaml"));
  }

  @Test
  void reportsTheProblemsOfEveryFileAtOnceSorted() {
    List<SourceFile> files = new ArrayList<>();
    files.add(file("b.yaml", group("b", "web").replace("path:", "pth:")));
    files.add(file("a.yaml", "a: [\n"));
    files.add(file("c.yaml", group("c", "Web")));
    List<String> problems = lines(GroupReader.read(files));
    java.util.Collections.reverse(files);
    assertThat(lines(GroupReader.read(files))).isEqualTo(problems);
    assertThat(problems).hasSize(4);
    assertThat(problems.get(0)).startsWith("a.yaml:");
    assertThat(problems.subList(1, 4))
        .containsExactly(
            "b.yaml:7: SG1003: field `spec.applications[0].spec.chart.pth` is not known. Did you mean"
                + " \"path\"?",
            "b.yaml:7: SG1010: field `spec.applications[0].spec.chart` must have either `path` or"
                + " `url`. Write `path: charts/web` for a chart of this repository.",
            "c.yaml:6: SG1007: field `spec.applications[0].name` must be a DNS label of at most 53"
                + " characters (a-z, 0-9 and `-`, beginning and ending with a letter or digit); got"
                + " \"Web\". Write \"web\".");
  }

  @Test
  void refusesTwoGroupsOfOneNameInBothFiles() {
    Reading reading =
        GroupReader.read(
            List.of(
                file("a.yaml", group("shop", "web")),
                file("b.yaml", group("shop", "api")),
                file("c.yaml", group("other", "web"))));
    assertThat(reading.valid()).extracting(g -> g.name().value()).containsExactly("other");
    assertThat(reading.invalid()).hasSize(1);
    assertThat(reading.invalid().get(0).origins()).hasSize(2);
    assertThat(lines(reading))
        .containsExactly(
            "a.yaml:3: SG1014: field `metadata.name` must be unique in the repository; \"shop\" is also in"
                + " b.yaml:3. Rename or remove one of them.",
            "b.yaml:3: SG1014: field `metadata.name` must be unique in the repository; \"shop\" is also in"
                + " a.yaml:3. Rename or remove one of them.");
  }

  @Test
  void refusesOneReleaseInOneNamespaceFromTwoGroups() {
    String a =
        group("a", "web")
            .replace("{path: charts/web}}", "{path: c}, release: {targetNamespace: b}}");
    Reading reading =
        GroupReader.read(
            List.of(
                file("a.yaml", a),
                file("b.yaml", group("b", "web")),
                file("c.yaml", group("c", "web"))));
    assertThat(reading.valid()).extracting(g -> g.name().value()).containsExactly("c");
    assertThat(lines(reading))
        .containsExactly(
            "a.yaml:6: SG1018: field `spec.applications[0].name` must be unique in its target namespace;"
                + " \"web\" is also released into \"b\" by b.yaml:6. Rename one of them or give it"
                + " another `targetNamespace`.",
            "b.yaml:6: SG1018: field `spec.applications[0].name` must be unique in its target namespace;"
                + " \"web\" is also released into \"b\" by a.yaml:6. Rename one of them or give it"
                + " another `targetNamespace`.");
  }

  @Test
  void reportsAKindOfOursThatIsNotKnown() {
    assertThat(
            lines(
                GroupReader.read(
                    List.of(
                        file("a.yaml", group("a", "web").replace("v1alpha1", "v1")),
                        file(
                            "b.yaml",
                            group("b", "web").replace("ApplicationGroup", "ApplicatonGroup")),
                        file("c.yaml", group("c", "web").replace("segue.dev", "seque.dev"))))))
        .containsExactly(
            "a.yaml:1: SG1016: field `apiVersion` must be segue.dev/v1alpha1 or"
                + " orkestra.azure.microsoft.com/v1alpha1; got \"segue.dev/v1\". Did you mean"
                + " \"segue.dev/v1alpha1\"?",
            "b.yaml:2: SG1016: field `kind` must be ApplicationGroup; got \"ApplicatonGroup\". Did you"
                + " mean \"ApplicationGroup\"?",
            "c.yaml:1: SG1016: field `apiVersion` must be segue.dev/v1alpha1 or"
                + " orkestra.azure.microsoft.com/v1alpha1; got \"seque.dev/v1alpha1\". Did you mean"
                + " \"segue.dev/v1alpha1\"?");
  }

  @Test
  void givesAFileThatIsTooLargeToItsGroups() {
    String text = group("big", "web") + "#" + "x".repeat(3 * 1024 * 1024);
    Reading reading = GroupReader.read(List.of(file("a.yaml", text)));
    assertThat(reading.invalid())
        .extracting(Parsed.Invalid::name)
        .containsExactly(GroupName.parse("big"));
    assertThat(lines(reading).get(0))
        .startsWith("a.yaml: SG1015: must have at most 3145728 characters");
  }
}
