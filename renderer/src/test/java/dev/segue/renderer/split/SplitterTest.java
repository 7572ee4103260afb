// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static dev.segue.renderer.split.TestChart.part;
import static dev.segue.renderer.split.TestChart.shop;
import static dev.segue.renderer.split.TestChart.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ValuesSelection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitterTest {
  private static final String TWO =
      """
      - name: db
        version: 1.x
        condition: db.enabled,withDb
      - name: web
        version: ^1.2.0
      """;
  private static final String PREFIX =
      "{{ if kindIs \"map\" $ }}{{ with $.Release }}{{ $_ := set . \"Name\" \"eu-shop\" }}"
          + "{{ end }}{{ end }}";

  private static final String ALIASES =
      """
      - name: db
        version: 1.x
        alias: main
      - name: db
        version: 1.x
        alias: spare
      """;
  private static final String VERSIONS =
      """
      - name: db
        version: 1.x
        alias: old
      - name: db
        version: 2.x
        alias: new
      """;

  private static TestChart two() {
    return shop(TWO)
        .file("values.yaml", "# of db\ndb:\n  size: 0644\n# of web\nweb:\n  port: 80\n")
        .file("templates/shop.yaml", "kind: Service\nname: {{ .Values.host }}\n")
        .subchart("charts/db", "db")
        .subchart("charts/web", "web");
  }

  @Test
  void makesAPartForEachSubchartThatIsEnabledAndStaged() {
    TestChart chart = two().subchart("charts/more", "more");
    Split split = chart.split(List.of("web"), "db", "web", "more");
    assertThat(split.parts()).containsOnlyKeys("db", "more");
    assertThat(split.parent().files()).containsKey("charts/web/templates/web.yaml");
    assertThat(split.refusals()).isEmpty();
    assertThat(chart.split("db").parts()).containsOnlyKeys("db");
  }

  @Test
  void leavesOutOfAPartWhatItDoesNotNeed() {
    Part db =
        part(
            two()
                .file("values.schema.json", "{}")
                .file("Chart.lock", "dependencies: []\n")
                .file("README.md", "a shop")
                .file("crds/a.yaml", "kind: CustomResourceDefinition\n")
                .file("templates/_helpers.tpl", "{{ define \"shop.x\" }}x{{ end }}")
                .split("db", "web"),
            "db");
    assertThat(db.files())
        .containsOnlyKeys(
            "Chart.yaml",
            "values.yaml",
            "crds/a.yaml",
            "charts/db/Chart.yaml",
            "charts/db/templates/db.yaml");
  }

  @Test
  void keepsOnlyTheEntryOfTheSubchartAndItsVersion() {
    Part db = part(two().split("db", "web"), "db");
    assertThat(text(db, "Chart.yaml"))
        .isEqualTo(
            """
            apiVersion: v2
            name: shop
            version: "1.2.3"
            dependencies:
            - name: db
              version: "1.x"
              condition: db.enabled,withDb
            """);
  }

  @Test
  void keepsTheLinesOfTheValuesThatMatter() {
    Split split = two().split("db", "web");
    assertThat(text(part(split, "db"), "values.yaml")).isEqualTo("db:\n  size: 0644\n");
    assertThat(part(split, "db").values())
        .isEqualTo(
            new ValuesSelection(
                true, List.of(List.of("db"), List.of("global"), List.of("withDb"))));
    assertThat(text(part(split, "web"), "values.yaml")).isEqualTo("web:\n  port: 80\n");
  }

  @Test
  void keepsTagsWhereTheyDecide() {
    TestChart chart =
        shop("- name: db\n  version: 1.x\n  tags: [store]\n- name: web\n  version: 1.x\n")
            .subchart("charts/db", "db")
            .subchart("charts/web", "web", "dependencies:\n- name: in\n  tags: [x]\n");
    Split split = chart.split("db", "web");
    assertThat(part(split, "db").values().paths()).contains(List.of("tags"));
    assertThat(part(split, "web").values().paths()).contains(List.of("tags"));
  }

  @Test
  void givesRenderedTemplatesTheReleaseOfTheApplication() {
    Part db =
        part(
            two()
                .file("charts/db/templates/NOTES.txt", "hello\n")
                .file("charts/db/templates/_db.tpl", "{{ define \"db.x\" }}{{ end }}")
                .file("charts/db/files/templates/x.yaml", "no template\n")
                .file("charts/db/charts/in/Chart.yaml", "name: in\nversion: 1.0.0\n")
                .file("charts/db/charts/in/templates/tests/t.yaml", "\uFEFFkind: Pod\n")
                .split("db"),
            "db");
    assertThat(text(db, "charts/db/templates/db.yaml")).isEqualTo(PREFIX + "kind: ConfigMap\n");
    assertThat(text(db, "charts/db/templates/NOTES.txt")).isEqualTo(PREFIX + "hello\n");
    assertThat(text(db, "charts/db/charts/in/templates/tests/t.yaml"))
        .isEqualTo("\uFEFF" + PREFIX + "kind: Pod\n");
    assertThat(text(db, "charts/db/templates/_db.tpl")).startsWith("{{ define");
    assertThat(text(db, "charts/db/files/templates/x.yaml")).isEqualTo("no template\n");
  }

  @Test
  void leavesTheParentAsItIsButForItsSubcharts() {
    TestChart chart =
        two()
            .file("values.schema.json", "{}")
            .file("README.md", "a shop")
            .subchart("charts/off", "off");
    Split split = chart.split("db", "web");
    assertThat(split.parent().files())
        .containsOnlyKeys("Chart.yaml", "README.md", "values.yaml", "templates/shop.yaml");
    assertThat(text(split.parent(), "templates/shop.yaml"))
        .isEqualTo("kind: Service\nname: {{ .Values.host }}\n");
    assertThat(text(split.parent(), "Chart.yaml")).contains("a shop").doesNotContain("db");
    assertThat(text(split.parent(), "values.yaml")).isEmpty();
    assertThat(split.parent().values())
        .isEqualTo(new ValuesSelection(false, List.of(List.of("db"), List.of("web"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ .Values.db.size }}",
        "{{ $.Values | toYaml }}",
        "{{ toYaml .Values }}",
        "{{ index .Values \"db\" \"size\" }}",
        "{{ .Subcharts.db.Chart.Name }}",
        "{{ range .Subcharts }}{{ end }}",
        "{{ tpl .Values.host . }}",
        "{{ toJson $ }}",
        "{{ include \"look\" . }}"
      })
  void leavesTheParentWhatItLooksAt(String action) {
    Part parent =
        two()
            .file("charts/db/values.yaml", "size: 1\n")
            .file("templates/_look.tpl", "{{ define \"look\" }}{{ .Values.db }}{{ end }}")
            .file("templates/more.yaml", action)
            .split("db", "web")
            .parent();
    assertThat(parent.files())
        .containsKeys("charts/db/Chart.yaml", "charts/db/values.yaml")
        .doesNotContainKey("charts/db/templates/db.yaml");
    assertThat(parent.values().paths()).doesNotContain(List.of("db"));
    assertThat(text(parent, "Chart.yaml")).contains("name: db");
  }

  @Test
  void bringsTheNamedTemplatesThatAPartRefersTo() {
    Part db =
        part(
            two()
                .file(
                    "templates/_helpers.tpl",
                    "{{ define \"shop.labels\" }}{{ include `web.name` . }}{{ end }}")
                .file("templates/_other.tpl", "{{ define \"shop.other\" }}{{ end }}")
                .file("charts/web/values.yaml", "a: 1\n")
                .file("charts/web/templates/_web.tpl", "{{ define \"web.name\" }}w{{ end }}")
                .file("charts/db/templates/x.yaml", "{{ include \"shop.labels\" . }}")
                .split("db", "web"),
            "db");
    assertThat(db.files())
        .containsKeys("templates/_helpers.tpl", "charts/web/templates/_web.tpl")
        .doesNotContainKeys(
            "templates/_other.tpl", "charts/web/values.yaml", "charts/web/templates/web.yaml");
    assertThat(text(db, "charts/web/Chart.yaml"))
        .isEqualTo("apiVersion: v2\nname: web\nversion: \"0.0.0\"\n");
    assertThat(text(db, "Chart.yaml")).contains("- name: web\n  version: \"0.0.0\"\n");
  }

  @Test
  void bringsTheDefinitionThatWinsInTheWhole() {
    Split split =
        shop("")
            .subchart("charts/a", "a")
            .subchart("charts/b", "b")
            .file("charts/a/templates/_x.tpl", "{{ define \"name\" }}of a{{ end }}")
            .file("charts/b/templates/_x.tpl", "{{ define \"name\" }}of b{{ end }}")
            .file("charts/b/templates/y.yaml", "{{ include \"name\" . }}")
            .split("a", "b");
    assertThat(part(split, "b").files()).containsKey("charts/a/templates/_x.tpl");
    assertThat(part(split, "a").files()).doesNotContainKey("charts/b/templates/_x.tpl");
  }

  @Test
  void takesNoDefinitionOfADisabledSubchart() {
    Part b =
        part(
            shop("")
                .subchart("charts/a", "a")
                .subchart("charts/b", "b")
                .file("charts/a/templates/_x.tpl", "{{ define \"name\" }}of a{{ end }}")
                .file("charts/b/templates/y.yaml", "{{ include \"name\" . }}")
                .split("b"),
            "b");
    assertThat(b.files()).doesNotContainKey("charts/a/templates/_x.tpl");
  }

  @Test
  void reducesARenderedTemplateToWhatItDefines() {
    Part db =
        part(
            two()
                .file("templates/all.yaml", "kind: X\n{{ define \"shop.x\" }}1{{ end }}\nname: x\n")
                .file("charts/db/templates/x.yaml", "{{ template \"shop.x\" }}")
                .split("db"),
            "db");
    assertThat(text(db, "templates/all.yaml")).isEqualTo("{{ define \"shop.x\" }}1{{ end }}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{ include .Values.which . }}|true",
        "{{ include $name . }}|true",
        "{{ include (printf \"%s.labels\" .Chart.Name) . }}|true",
        "{{ include (printf \"web.%s\" .x) . }}|true",
        "{{ include (printf \"none.%s\" .x) . }}|false",
        "{{ include (print $.Template.BasePath \"/db.yaml\") . }}|false",
        "{{ include (printf \"%s/db.yaml\" $.Template.BasePath) . }}|false",
        "{{ .include }}|false",
        "{{ \"{{ include \\\"web.name\\\" . }}\" }}|true"
      })
  void bringsAllThatANameMadeWhileRenderingMayMean(String action, boolean brought) {
    Part db =
        part(
            two()
                .file("charts/web/templates/_web.tpl", "{{ define \"web.name\" }}w{{ end }}")
                .file("charts/db/templates/x.yaml", action)
                .split("db", "web"),
            "db");
    assertThat(db.files().containsKey("charts/web/templates/_web.tpl")).isEqualTo(brought);
  }

  @Test
  void bringsWhatTheValuesReferToWhenTheyAreEvaluated() {
    TestChart chart =
        two()
            .file("values.yaml", "db:\n  host: '{{ include \"web.name\" . }}'\n")
            .file("charts/web/templates/_web.tpl", "{{ define \"web.name\" }}w{{ end }}")
            .file("templates/_shop.tpl", "{{ define \"shop.name\" }}s{{ end }}");
    String path = "charts/db/templates/x.yaml";
    Part evaluating = part(chart.file(path, "{{ tpl .Values.host . }}").split("db", "web"), "db");
    assertThat(evaluating.files())
        .containsKeys("charts/web/templates/_web.tpl", "templates/_shop.tpl");
    Part reading = part(chart.file(path, "{{ .Values.host }}").split("db", "web"), "db");
    assertThat(reading.files()).doesNotContainKey("charts/web/templates/_web.tpl");
  }

  @Test
  void givesEachAliasAPartWithItsOwnEntry() {
    Split split = shop(ALIASES).subchart("charts/database", "db").split("main", "spare");
    assertThat(part(split, "main").files()).containsKey("charts/database/templates/db.yaml");
    assertThat(text(part(split, "main"), "Chart.yaml"))
        .contains("alias: main")
        .doesNotContain("spare");
    assertThat(text(part(split, "spare"), "Chart.yaml")).contains("alias: spare");
  }

  /** Flux counts folders and entries, and looks for the one that it misses. */
  @Test
  void givesTwoAliasesInOnePartAFolderEach() {
    Part parent =
        shop(ALIASES)
            .subchart("charts/db", "db")
            .file("charts/db/values.yaml", "size: 1\n")
            .file("templates/x.yaml", "{{ .Values.main.size }}{{ .Values.spare.size }}")
            .split(List.of("main"), "main", "spare")
            .parent();
    assertThat(text(parent, "charts/main/Chart.yaml")).contains("name: main");
    assertThat(text(parent, "charts/spare/Chart.yaml")).contains("name: spare");
    assertThat(parent.files())
        .containsKeys("charts/main/templates/db.yaml", "charts/spare/values.yaml")
        .doesNotContainKeys("charts/spare/templates/db.yaml", "charts/db/Chart.yaml");
    assertThat(text(parent, "Chart.yaml")).contains("- name: main\n", "- name: spare\n");
  }

  @Test
  void choosesTheFolderWhoseVersionIsInTheRange() {
    Split split =
        shop(VERSIONS)
            .subchart("charts/db-1", "db")
            .file("charts/db-2/Chart.yaml", "apiVersion: v2\nname: db\nversion: 2.0.0\n")
            .split("old", "new");
    assertThat(part(split, "old").files())
        .containsKey("charts/db-1/Chart.yaml")
        .doesNotContainKey("charts/db-2/Chart.yaml");
    assertThat(part(split, "new").files())
        .containsKey("charts/db-2/Chart.yaml")
        .doesNotContainKey("charts/db-1/Chart.yaml");
  }

  /** Without an entry Helm would not look at the dependencies of any chart. */
  @Test
  void declaresASubchartThatOnlyLiesThere() {
    Split split = two().subchart("charts/more", "more").split("db", "web", "more");
    assertThat(text(part(split, "more"), "Chart.yaml"))
        .endsWith("dependencies:\n- name: more\n  version: \"1.2.3\"\n");
    Split none = shop("").subchart("charts/more", "more").split("more");
    assertThat(text(part(none, "more"), "Chart.yaml")).doesNotContain("dependencies");
  }

  /** As Helm does: such an entry still turns the chart of its name off. */
  @Test
  void keepsAnEntryWhoseVersionMatchesNoFolder() {
    Part db =
        part(
            shop("- name: db\n  condition: withDb\n").subchart("charts/db", "db").split("db"),
            "db");
    assertThat(text(db, "Chart.yaml")).endsWith("dependencies:\n- name: db\n  condition: withDb\n");
  }

  @Test
  void readsTheDependenciesOfTheOldForm() {
    Part db =
        part(
            new TestChart()
                .file("Chart.yaml", "apiVersion: v1\nname: shop\nversion: 1.0.0\n")
                .file("requirements.yaml", "dependencies:\n" + TWO)
                .file("requirements.lock", "dependencies: []\n")
                .subchart("charts/db", "db")
                .subchart("charts/web", "web")
                .split("db", "web"),
            "db");
    assertThat(text(db, "requirements.yaml")).contains("name: db").doesNotContain("web");
    assertThat(text(db, "Chart.yaml"))
        .isEqualTo("apiVersion: v1\nname: shop\nversion: \"1.2.3\"\n");
    assertThat(db.files()).doesNotContainKey("requirements.lock");
  }

  @Test
  void forgetsAConditionThatAnotherSubchartDecides() {
    Part web =
        part(
            shop("- name: db\n  version: 1.x\n- name: web\n  version: 1.x\n  condition: db.web\n")
                .subchart("charts/db", "db")
                .subchart("charts/web", "web")
                .split("db", "web"),
            "web");
    assertThat(text(web, "Chart.yaml")).doesNotContain("condition");
  }

  @ParameterizedTest
  @CsvSource({
    "into the values of web, '{child: x, parent: web.y}', true",
    "into the globals, '{child: x, parent: global.y}', true",
    "elsewhere, '{child: x, parent: other}', false",
    "a key of web into the root, '{child: toWeb, parent: .}', true",
    "another key into the root, '{child: x, parent: .}', false",
    "exported to web, both, true",
    "exported elsewhere, nothing, false"
  })
  void bringsASiblingWhoseValuesAreImported(String name, String entry, boolean brought) {
    Split split =
        shop("- name: db\n  version: 1.x\n  condition: db.enabled\n  import-values: ["
                + entry
                + "]\n- name: web\n  version: 1.x\n")
            .subchart("charts/db", "db")
            .file(
                "charts/db/values.yaml",
                "x: {y: 1}\ntoWeb: {web: {a: 1}}\nexports: {both: {web: {b: 1}}, nothing: {c: 1}}\n")
            .subchart("charts/web", "web")
            .split("db", "web");
    Part web = part(split, "web");
    assertThat(web.files().containsKey("charts/db/values.yaml")).isEqualTo(brought);
    assertThat(web.values().paths().contains(List.of("db"))).isEqualTo(brought);
    assertThat(web.files()).doesNotContainKey("charts/db/templates/db.yaml");
    assertThat(split.parent().files()).containsKey("charts/db/values.yaml");
  }

  @Test
  void lendsALibrarysNamesAndNothingElse() {
    Split split =
        shop("- name: lib\n  version: 1.x\n- name: web\n  version: 1.x\n")
            .subchart("charts/lib", "lib", "type: library\n")
            .file("charts/lib/values.yaml", "a: 1\n")
            .file("charts/lib/templates/_l.tpl", "{{ define \"lib.x\" }}1{{ end }}")
            .file("charts/lib/templates/l.yaml", "{{ define \"lib.y\" }}1{{ end }}")
            .subchart("charts/web", "web")
            .file(
                "charts/web/templates/x.yaml", "{{ include \"lib.x\" . }}{{ include \"lib.y\" . }}")
            .split("lib", "web");
    assertThat(split.parts()).containsOnlyKeys("web");
    assertThat(part(split, "web").files())
        .containsKey("charts/lib/templates/_l.tpl")
        .doesNotContainKeys("charts/lib/values.yaml", "charts/lib/templates/l.yaml");
    assertThat(text(part(split, "web"), "charts/lib/Chart.yaml")).contains("type: library");
    assertThat(split.parent().files()).doesNotContainKey("charts/lib/Chart.yaml");
  }

  @Test
  void keepsEveryEntryWhenATemplateOfTheParentLooksAtThem() {
    TestChart chart = two().file("templates/x.yaml", "{{ toYaml .Chart.Dependencies }}");
    Part parent = chart.split("db", "web").parent();
    assertThat(parent.files().get("Chart.yaml")).isEqualTo(chart.files().get("Chart.yaml"));
  }

  @Test
  void changesOneUnneededPartOnlyWhenASubchartChanges() {
    Split before = two().split("db", "web");
    Split after =
        two()
            .file(
                "Chart.yaml",
                text(before.parent(), "Chart.yaml").replace("1.0.0", "1.0.1")
                    + "dependencies:\n"
                    + TWO)
            .file("charts/web/templates/web.yaml", "kind: Secret\n")
            .file("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.3.0\n")
            .split("db", "web");
    assertThat(part(after, "db").files()).containsExactlyEntriesOf(part(before, "db").files());
    assertThat(part(after, "web").files()).isNotEqualTo(part(before, "web").files());
  }

  @Test
  void saysWhatMayComeOutOtherwise() {
    Split split =
        two()
            .file("templates/hook.yaml", "a:\n  \"helm.sh/hook\": post-delete, pre-install\n")
            .file("templates/set.yaml", "\n{{ $_ := set .Values.global \"a\" 1 }}")
            .file(
                "charts/db/templates/x.yaml",
                "a\n{{ lookup \"v1\" \"Secret\" \"\" \"lookup\" }}\n{{ if .Release.IsInstall }}{{ end }}"
                    + "{{/* lookup */}}{{ \"lookup\" }}")
            .split("db", "web");
    assertThat(split.notices())
        .satisfiesExactly(
            n -> assertThat(n).startsWith("shop/charts/db/templates/x.yaml:2 calls `lookup`"),
            n ->
                assertThat(n)
                    .startsWith("shop/charts/db/templates/x.yaml:3 asks `.Release.IsInstall`"),
            n -> assertThat(n).startsWith("shop/templates/hook.yaml:2 is a hook"),
            n -> assertThat(n).startsWith("shop/templates/set.yaml:2 changes values"));
    assertThat(split.refusals()).isEmpty();
  }

  @Test
  void refusesARenderedTemplateOfAnotherChart() {
    Split split =
        two()
            .file("charts/db/templates/x.yaml", "{{ include \"shop/templates/shop.yaml\" . }}")
            .split("db", "web");
    assertThat(split.refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ProblemCode.SPLIT_NOT_EXACT);
              assertThat(refusal.message()).startsWith("shop/templates/shop.yaml:1: is included");
            });
  }
}
