// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.SiteLab;
import dev.segue.renderer.model.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue rehearse} on a real repository with a real status branch, as people meet it. */
class RehearseIT {
  private static final String CORE5G = "products/core5g.yaml";
  private static final String SHOP = "products/shop.yaml";
  private static final String WEB =
      """
          - name: web
            dependencies: [api]
            spec:
              chart: {path: charts/web}
              release: {targetNamespace: shop, values: {colour: red-web}}
      """;
  private static final String SHOP_FILE =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata:
        name: shop
      spec:
        applications:
          - name: db
            spec:
              chart: {path: charts/db}
              release: {targetNamespace: shop, values: {colour: red-db}}
          - name: api
            dependencies: [db]
            spec:
              chart: {path: charts/api}
              release: {targetNamespace: shop, values: {colour: red-api}}
      """
          + WEB;
  private static final String TEMPLATE =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: {{ .Release.Name }}
      data:
        colour: {{ .Values.colour | quote }}
      """;
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: {{ .Release.Name }}
      spec:
        selector:
          matchLabels: {colour: {{ .Values.colour }}}
        template:
          metadata:
            labels: {colour: {{ .Values.colour }}}
          spec:
            containers:
              - {name: web, image: "example.org/web:1"}
      """;
  private static final Map<String, String> NOBODY = Map.of("HOME", "/nowhere");

  @TempDir private static Path cache;
  @TempDir private Path folder;
  private SiteLab lab;

  @BeforeEach
  void begin() throws Exception {
    lab = new SiteLab(folder, cache);
  }

  private void example() throws Exception {
    Example.files()
        .forEach((path, file) -> lab.file(path.value(), new String(file, StandardCharsets.UTF_8)));
  }

  /** Three applications in a row, each of one object. */
  private void shop(String lifecycle) {
    for (String chart : List.of("db", "api", "web")) {
      lab.file(
          "charts/" + chart + "/Chart.yaml",
          "apiVersion: v2\nname: " + chart + "\nversion: 1.0.0\n");
      lab.file("charts/" + chart + "/templates/all.yaml", TEMPLATE);
    }
    lab.file(SHOP, text(SHOP_FILE, "spec:\n  app", "spec:\n" + lifecycle + "  app"));
  }

  private void colour(String application, String colour) {
    lab.replace(SHOP, "colour: red-" + application, "colour: " + colour + "-" + application);
  }

  private static String text(String text, String before, String after) {
    return text.replace(before, after);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private CommandLineRun rehearse(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "rehearse";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandLineRun.here(NOBODY, lab.arguments(all));
  }

  private static void golden(String name, CommandLineRun run) throws IOException {
    Path golden = Path.of("src/test/resources/golden/rehearse", name + ".txt");
    String text = "exit " + run.code() + "\n" + run.out();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, text);
    }
    assertThat(run.err()).isEmpty();
    assertThat(Golden.withoutIds(text)).isEqualTo(Golden.withoutIds(Files.readString(golden)));
  }

  @Test
  void showsWhatEveryFailureOfAnUpgradeLeadsTo() throws Exception {
    example();
    lab.commit();
    lab.release();
    lab.replace(CORE5G, "function: nrf\n", "function: nrf\n            replicaCount: 2\n");
    lab.replace(CORE5G, "function: udm\n", "function: udm\n            replicaCount: 2\n");
    lab.commit();
    String before = lab.refs();

    CommandLineRun run = rehearse("--fail", "each");
    golden("upgrade", run);
    assertThat(Golden.withoutIds(Files.readString(Path.of("../docs/cli.md"))))
        .contains(Golden.withoutIds(run.out()));
    golden("upgrade-markdown", rehearse("core5g", "--fail", "udm", "-o", "markdown"));
    golden("upgrade-json", rehearse("core5g", "--fail", "udm", "-o", "json"));
    assertThat(lab.refs()).isEqualTo(before);
  }

  @Test
  void rehearsesOneSubchartOfAnUmbrellaAndItsFailure() throws Exception {
    example();
    lab.remove("products/core5g.yaml").remove("products/podtato-head.yaml").commit();
    lab.release();
    lab.replace("products/bookinfo.yaml", "replicaCount: 1", "replicaCount: 2").commit();

    CommandLineRun run = rehearse("--fail", "each");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("1 upgrade, 4 keep")
        .containsPattern("bookinfo-ratings fails +back at")
        .containsPattern("nothing fails +released");
    assertThat(run.code()).isZero();
  }

  @Test
  void rehearsesTheWayOfAnUmbrellaIntoReleasesOfItsOwn() throws Exception {
    example();
    lab.remove("products/core5g.yaml").remove("products/podtato-head.yaml");
    String whole =
        """
        subcharts:
          - name: productpage
            dependencies: [reviews]
          - name: reviews
            dependencies: [details, ratings]
        """
            .indent(8);
    lab.replace("products/bookinfo.yaml", whole, "").commit();
    lab.release();
    lab.replace("products/bookinfo.yaml", "        release:\n", whole + "        release:\n")
        .commit();

    CommandLineRun run = rehearse("--fail", "each");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("takes over the objects of sub-chart \"ratings\"")
        .containsPattern("nothing fails +released")
        .containsPattern("bookinfo-reviews fails +back at");
    assertThat(run.code()).isZero();
  }

  @Test
  void rehearsesAFirstReleaseFromNothing() throws Exception {
    shop("");
    lab.commit();

    CommandLineRun run = rehearse();

    assertThat(run.err()).contains("No status branch is in this clone");
    assertThat(run.out())
        .startsWith("Simulated: ")
        .contains("shop: nothing → ", ", 3 install", "install db: not there")
        .containsPattern("nothing fails +released +- +- +1m28s +fine")
        .contains("a step lasts 30s where there is no history (all)");
    assertThat(run.code()).isZero();
    assertThat(lab.refs()).doesNotContain("segue/site-a");
  }

  @Test
  void aFailingFirstInstallEndsHeldAndRemovesWhatItAdded() throws Exception {
    shop("");
    lab.commit();

    CommandLineRun run = rehearse("shop", "--fail", "api");

    assertThat(run.out())
        .containsPattern("api fails +held, nothing is there +web +api, db +[0-9ms]+ +fine")
        .contains("api fails: attempt 1: release api failed: InstallFailed");
    assertThat(run.code()).isZero();
  }

  @Test
  void leavesWhatFailsWhereTheFileWantsThat() throws Exception {
    shop("  onFailure: hold\n");
    lab.commit();
    lab.release();
    colour("api", "blue");
    lab.commit();

    CommandLineRun run = rehearse("--fail", "api");

    assertThat(run.out()).containsPattern("api fails +held as it is +- +- ");
    assertThat(run.code()).isZero();
  }

  @Test
  void rehearsesTheRemovalOfAnApplicationThatDoesNotGo() throws Exception {
    shop("");
    lab.commit();
    lab.release();
    lab.replace(SHOP, WEB, "").commit();

    CommandLineRun run = rehearse("--fail", "each");

    assertThat(run.out())
        .contains("1 delete, 2 keep", "delete web: no longer declared")
        .containsPattern("nothing fails +released")
        .containsPattern("web fails +back at [0-9a-f]{12} +- +web ");
    assertThat(run.code()).isZero();
  }

  @Test
  void rehearsesTheRemovalOfAGroup() throws Exception {
    shop("");
    lab.file(
            "products/other.yaml",
            text(
                text(SHOP_FILE, "name: shop", "name: other"),
                "Namespace: shop",
                "Namespace: other"))
        .commit();
    lab.release();
    lab.remove("products/other.yaml").commit();

    CommandLineRun run = rehearse("other", "--fail", "db");

    assertThat(run.out())
        .contains("other: ", "3 delete")
        .containsPattern("nothing fails +removed")
        .containsPattern("db fails +held as it is");
    assertThat(run.code()).isZero();
    assertThat(rehearse().out()).contains("Nothing would be done with shop.");
  }

  @Test
  void waitsForNobodyAndSaysSo() throws Exception {
    shop("");
    lab.commit();
    lab.release();
    for (String gate :
        List.of(
            "  approval: manual\n",
            "  suspend: true\n",
            "  windows: [{schedule: \"0 0 1 1 *\", duration: 1h}]\n")) {
      shop(gate);
      colour("web", gate.substring(2, 6));
      lab.commit();
      assertThat(rehearse("--fail", "web").out())
          .as(gate)
          .containsPattern("nothing fails +released")
          .containsPattern("web fails +back at")
          .containsAnyOf(
              "waits for approval; rehearsed as approved",
              "suspended by `spec.suspend`; rehearsed as if it were resumed",
              "begins in a window only; rehearsed as if one were open");
    }
  }

  @Test
  void doesWithoutValuesThatOnlyTheClusterHas() throws Exception {
    shop("");
    lab.replace(
            SHOP,
            "values: {colour: red-web}",
            "values: {colour: red-web}, valuesFrom: [{kind: Secret, name: login}]")
        .commit();

    CommandLineRun run = rehearse();

    assertThat(run.out())
        .containsPattern("nothing fails +released")
        .contains("the values in Secret login are not known: done without");
  }

  @Test
  void takesDurationsFromTheHistoryOfTheSite() throws Exception {
    shop("");
    lab.commit();
    lab.slow("db", Duration.ofSeconds(100));
    lab.release();
    colour("db", "blue");
    lab.commit();

    CommandLineRun run = rehearse("-o", "yaml");

    assertThat(run.out()).contains("steps:\n    db: \"1m49s\"", "seconds: 110");
    assertThat(rehearse().out())
        .contains("a step lasts, by the median of its last ones: db 1m49s")
        .containsPattern("nothing fails +released +- +- +1m50s +fine");
  }

  @Test
  void endsInOneWhenTheCommitCannotBeReleased() throws Exception {
    shop("");
    lab.commit();
    lab.release();
    lab.file("charts/web/templates/all.yaml", "{{ fail \"no\" }}").commit();

    CommandLineRun run = rehearse();

    assertThat(run.out()).containsPattern("nothing fails +stuck .*not fine").contains("SG1205");
    assertThat(run.code()).isEqualTo(1);
  }

  /** The embedded cluster takes it, an API server does not. */
  @Test
  void endsInOneWhenAnApiServerWouldRefuseWhatChanges() throws Exception {
    shop("");
    lab.file("charts/web/templates/all.yaml", DEPLOYMENT);
    lab.commit();
    lab.release();
    colour("web", "blue");
    lab.commit();

    CommandLineRun run = rehearse();

    assertThat(run.out())
        .containsPattern("nothing fails +released .*not fine")
        .contains("not rehearsed: the API server will refuse what web makes of Deployment")
        .contains("spec.selector");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void rehearsesAnyCommitBranchAndTag() throws Exception {
    shop("");
    CommitId first = lab.commit();
    lab.release();
    colour("web", "blue");
    lab.commit();

    assertThat(rehearse("shop", "--to", first.hex()).out())
        .contains("nothing to do")
        .containsPattern("nothing fails +as it is");
    assertThat(rehearse("--to", "main").out()).contains("1 upgrade, 2 keep");
    CommandLineRun none = rehearse("--to", "nowhere");
    assertThat(none.err()).contains("`--to` must be a revision of the clone");
    assertThat(none.code()).isEqualTo(2);
  }

  @Test
  void rehearsesTheFilesOfTheWorkingFolder() throws Exception {
    shop("");
    lab.commit();
    lab.release();
    Path tree = lab.cloned(folder.resolve("tree"));
    colour("web", "blue");
    lab.writeTo(tree);

    CommandLineRun run = CommandLineRun.process(tree, NOBODY, "rehearse", "--fail", "web");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("1 upgrade, 2 keep").containsPattern("web fails +back at");
    assertThat(run.code()).isZero();
  }

  @Test
  void refusesWhatThereIsNot() throws Exception {
    shop("");
    lab.commit();

    CommandLineRun group = rehearse("shpo");
    CommandLineRun release = rehearse("--fail", "wbe");

    assertThat(group.err()).contains("SG1421: there is no group \"shpo\"", "there are shop");
    assertThat(group.code()).isEqualTo(2);
    assertThat(release.err()).contains("SG1421: `--fail` must name a release", "api, db, web");
    assertThat(release.code()).isEqualTo(2);
    assertThat(rehearse("-o", "xml").code()).isEqualTo(2);
  }
}
