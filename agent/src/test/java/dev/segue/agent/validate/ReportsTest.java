// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.operate.Json;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** What CI systems are given: reviewed as files, and as their formats want it. */
final class ReportsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/validate");
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Validation VALIDATION = validation();

  private static Validation validation() {
    Problem dependency =
        new Problem(
            ProblemCode.UNKNOWN_DEPENDENCY,
            "products/shop.yaml",
            8,
            "spec.applications[0].dependencies[0]",
            "must name an application in this group; got \"databse\"",
            "");
    Problem missing =
        new Problem(
            ProblemCode.CHART_NOT_FOUND,
            "products/a b&c.yaml",
            7,
            "spec.chart",
            "of \"web\": <no> chart at \"charts/web\"\u0007",
            "");
    Problem image =
        new Problem(
            ProblemCode.IMAGE_NOT_PINNED,
            "products/a b&c.yaml",
            9,
            "spec.chart",
            "of \"db\": object \"v1 Pod db\": field `spec.containers[0].image` must have a tag",
            "Set it in the values.");
    Problem elsewhere =
        new Problem(ProblemCode.REPOSITORY_FILE_NOT_FOUND, "/none.yaml", 0, "", "is not there", "");
    Problem nowhere = Problem.of(ProblemCode.NOTHING_FOUND, "no ApplicationGroup is there", "");
    return new Validation(
        List.of("products/shop.yaml", "products/a b&c.yaml"),
        List.of(
            new Validation.Group("products/shop.yaml", 3, "shop", 0, Set.of()),
            new Validation.Group(
                "products/a b&c.yaml", 3, "other", 1, EnumSet.of(Check.CHARTS, Check.IMAGES))),
        List.of(
            Finding.ofFile(dependency),
            Finding.ofCharts("other", "web", missing),
            new Finding(Finding.Severity.WARNING, Check.IMAGES, "other", "db", "v1 Pod db", image),
            Finding.ofFile(elsewhere),
            Finding.ofFile(nowhere)),
        List.of("1 chart is on the network and was not looked at"));
  }

  private static void check(String name, String text) throws IOException {
    Path file = GOLDEN.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  private static List<?> list(@Nullable Object node, String... path) {
    return PlainData.at(node, path) instanceof List<?> list ? list : List.of();
  }

  private static String sarif() {
    return Json.write(SarifReport.of(VALIDATION, ROOT, Rules.read(), "1.2.3"));
  }

  @Test
  void writesText() throws IOException {
    check("report.txt", VALIDATION.text() + VALIDATION.summary() + "\n");
  }

  @Test
  void writesJson() throws IOException {
    check("report.json", Json.write(JsonReport.of(VALIDATION)));
  }

  @Test
  void writesJunit() throws IOException {
    check("report.xml", JunitReport.of(VALIDATION));
  }

  @Test
  void writesSarif() throws IOException {
    check("report.sarif", sarif());
  }

  @Test
  void sarifRefersToItsRulesAndHasRelativePlaces() {
    Object log = YamlReader.read(sarif()).documents().get(0).data();
    Object run = list(log, "runs").get(0);
    List<?> rules = list(run, "tool", "driver", "rules");
    List<?> results = list(run, "results");

    assertThat(PlainData.text(log, "version")).isEqualTo("2.1.0");
    assertThat(rules)
        .extracting(rule -> PlainData.text(rule, "id"))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(rules)
        .allSatisfy(
            rule -> {
              assertThat(PlainData.text(rule, "shortDescription", "text")).endsWith(".");
              assertThat(PlainData.text(rule, "help", "text"))
                  .startsWith(PlainData.text(rule, "shortDescription", "text").replace(".", ""))
                  .doesNotContain("](");
            });
    assertThat(results)
        .hasSize(VALIDATION.findings().size())
        .allSatisfy(
            result -> {
              String index = String.valueOf(PlainData.at(result, "ruleIndex"));
              assertThat(PlainData.text(rules.get(Integer.parseInt(index)), "id"))
                  .isEqualTo(PlainData.text(result, "ruleId"));
              assertThat(PlainData.text(result, "level")).isIn("error", "warning");
              assertThat(PlainData.text(result, "message", "text")).isNotEmpty();
            });
    assertThat(sarif())
        .contains("\"uri\": \"products/a%20b&c.yaml\"", "\"uri\": \"file:///none.yaml\"")
        .doesNotContain(ROOT.toString());
  }

  @Test
  void everyCodeHasARule() {
    Rules rules = Rules.read();
    assertThat(ProblemCode.values())
        .allSatisfy(
            code -> assertThat(rules.of(code).plain().length()).as(code.id()).isGreaterThan(40));
  }

  @Test
  void junitIsWellFormedAndCountsItsCases() throws Exception {
    var root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new java.io.StringReader(JunitReport.of(VALIDATION))))
            .getDocumentElement();
    Map<String, String> counted =
        Map.of("tests", "testcase", "failures", "failure", "skipped", "skipped");
    counted.forEach(
        (attribute, element) ->
            assertThat(root.getElementsByTagName(element).getLength())
                .as(attribute)
                .isPositive()
                .isEqualTo(Integer.parseInt(root.getAttribute(attribute))));
  }
}
