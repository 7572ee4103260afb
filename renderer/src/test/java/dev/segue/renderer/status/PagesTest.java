// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.Products;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {
  /** A pipe that no backslash escapes. */
  private static final Pattern COLUMN = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\|");

  /** All that a picture may consist of. */
  private static final Pattern PICTURE_LINE =
      Pattern.compile(
          "flowchart LR"
              + "|  r\\d+\\[\"[a-z0-9-]+<br/><small>[0-9A-Za-z.+-]+ [0-9A-Za-z.+-]*</small>\"\\]:::[a-z]+"
              + "|  r\\d+ (-->|-\\.->) r\\d+"
              + "|  classDef [a-z]+ [a-z#0-9:,-]+");

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void textFromOutsideIsTextAndNoMore(String text, String cell) {
    assertThat(Pages.cell(text)).isEqualTo(cell);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        arguments("a | b", "a \\| b"),
        arguments("one\n\n# two", "one # two"),
        arguments("C:\\dir", "C:\\\\dir"),
        arguments("before \\| after", "before \\\\\\| after"),
        arguments("<img src=x>", "&lt;img src=x>"),
        arguments("&lt;", "&amp;lt;"),
        arguments("![click](http://x)", "!\\[click\\](http://x)"),
        arguments("field `deps[0]` must be <3", "field `deps[0]` must be &lt;3"),
        arguments("`a|b`", "`a\\|b`"),
        arguments("`a\\` | b", "\\`a\\\\\\` \\| b"),
        arguments("one ` only", "one \\` only"),
        arguments("```x```", "\\`\\`\\`x\\`\\`\\`"));
  }

  @Property(tries = 500)
  void aRowHasAsManyCellsWhateverItsTextIs(@ForAll("wildTexts") String text) {
    String page = Pages.readme("test", List.of(report(List.of(), text, List.of(text))));
    List<String> rows = page.lines().filter(line -> line.startsWith("|")).toList();
    assertThat(rows).hasSize(3);
    assertThat(COLUMN.matcher(rows.get(2)).results().count()).isEqualTo(8);
    String withoutCode = rows.get(2).replaceAll("\\\\.", "").replaceAll("`[^`]*`", "");
    assertThat(withoutCode).doesNotContain("<").doesNotContain("`");
    assertThat(page.lines().filter(line -> line.startsWith("#"))).hasSize(2);
  }

  @Provide
  Arbitrary<String> wildTexts() {
    return Arbitraries.strings().withChars("ab|\\`<>[]()!#&*_\n\r\t é").ofMaxLength(30);
  }

  @Test
  void thePictureHoldsNothingButItsOwnWords() {
    List<ReleaseStatus> releases =
        List.of(
            status("db", "install\"]:::x\n  click r0 \"javascript:alert(1)\"", "1.0.0\"<b>"),
            status("end", "upgrade", "1.0.0-rc.1+a", "db"));
    String page = Pages.readme("test", List.of(report(releases, "", List.of())));
    String picture = page.substring(page.indexOf("```mermaid\n") + 11, page.lastIndexOf("```"));
    assertThat(picture.lines()).allSatisfy(line -> assertThat(line).matches(PICTURE_LINE));
    assertThat(picture).contains("r0 --> r1");
  }

  @Test
  void thePictureShowsStatesSoftOrderAndNoImpliedEdge() {
    List<ReleaseStatus> releases =
        List.of(
            status("a", "install", "1"),
            status("b", "install", "1", "a"),
            status("c", "install", "1", "a", "b", "~d"),
            status("d", "install", "1"));
    String page = Pages.readme("test", List.of(report(releases, "", List.of())));
    assertThat(page)
        .contains("  r0[\"a<br/><small>install 1</small>\"]:::pending\n")
        .contains("  r0 --> r1\n", "  r1 --> r2\n", "  r3 -.-> r2\n")
        .doesNotContain("r0 --> r2");
  }

  @Test
  void aPictureThatMermaidWouldNotDrawIsLeftOut() {
    List<ReleaseStatus> releases = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      releases.add(status("release-" + i, "install", "1.0.0"));
    }
    assertThat(Pages.readme("test", List.of(report(releases, "", List.of()))))
        .doesNotContain("```mermaid")
        .contains("The picture is left out: Mermaid draws no order of 1000 releases and 0 edges.");
  }

  @Test
  void ofManyGroupsTheFirstPageShowsThoseThatAreNotReady() {
    List<ReleaseStatus> releases = List.of(status("db", "install", "1"));
    List<StatusReport> reports = new ArrayList<>();
    for (int i = 100; i < 1100; i++) {
      Condition.Status ready = i == 700 ? Condition.Status.FALSE : Condition.Status.TRUE;
      Condition.Status known = i == 300 ? Condition.Status.UNKNOWN : ready;
      reports.add(report("group-" + i, known, releases, "", List.of("SG1")));
    }
    assertThat(Pages.readme("test", reports.subList(0, 50)))
        .contains("| [group-149](", "## group-100\n", "```mermaid");
    assertThat(Pages.readme("test", reports))
        .contains("Of 1000 groups 998 are Ready, 1 are not, and of 1 it is not known yet.")
        .containsSubsequence("| [group-700](groups/group-700/plan.md) |", "| [group-300](")
        .doesNotContain("group-100", "##", "mermaid");

    reports.replaceAll(
        report ->
            report(
                report.group().value(), Condition.Status.UNKNOWN, releases, "m", List.of("SG1")));
    assertThat(Pages.readme("test", reports))
        .contains("The first 50 of these:", "group-149")
        .doesNotContain("group-150")
        .hasSizeLessThan(10_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "db; Critical path: db (1 step, at most 5 min by their timeouts)",
        "db web; Critical path: db → web (2 steps, at most 10 min by their timeouts)"
      })
  void thePlanCountsItsCriticalPath(String apps, String line) {
    Products product = Products.group("shop");
    String before = "";
    for (String app : apps.split(" ", -1)) {
      product.app(app, before.isEmpty() ? new String[0] : new String[] {before});
      before = app;
    }
    assertThat(planPage(product.desired())).contains(line + "\n");
  }

  @Test
  void thePlanTellsEachReleaseWhyItChangesAndAfterWhat() {
    String page =
        planPage(
            Products.group("shop").app("db").app("cache").app("web", "db", "~cache").desired());
    assertThat(page)
        .startsWith("# Plan for `shop`, attempt 1\n\n**3 install.** Commit `" + "1".repeat(40))
        .contains("| 3 | web | install | web 1.0.0 | db, cache (soft) | not there |")
        .contains("Blast radius (unchanged, downstream of a change): none\n")
        .contains("\n## Notices\n\n- a \\| b\n");
  }

  @Test
  void aChartsNameCannotBreakThePlansTable() {
    DesiredGroup desired =
        Products.group("shop")
            .app("web")
            .chart(
                "web",
                new ResolvedChart(
                    Products.group("x")
                        .app("web")
                        .desired()
                        .release(ReleaseName.parse("web"))
                        .chart()
                        .pin(),
                    "a|b<c>",
                    "1.0.0",
                    Digest.of("c"),
                    List.of(),
                    List.of()))
            .desired();
    assertThat(planPage(desired)).contains("| a\\|b&lt;c> 1.0.0 |");
  }

  private static String planPage(DesiredGroup desired) {
    Plan plan =
        Planner.plan(
            desired,
            Inventory.empty(desired.group().name(), Products.NAMESPACE),
            Map.of(),
            name -> Optional.empty());
    StatusReport report = new Reports(Optional.empty(), Instant.EPOCH).planned(plan, 1, "w", null);
    return Pages.plan(plan, report, List.of("a | b"));
  }

  private static StatusReport report(
      List<ReleaseStatus> releases, String message, List<String> problems) {
    return report("shop", Condition.Status.FALSE, releases, message, problems);
  }

  private static StatusReport report(
      String group,
      Condition.Status ready,
      List<ReleaseStatus> releases,
      String message,
      List<String> problems) {
    return new StatusReport(
        GroupName.parse(group),
        Phase.FAILED,
        "1".repeat(40),
        "f.yaml:1",
        new Attempt(1, Purpose.RELEASE, Attempt.Result.FAILED, "1".repeat(40), "", ""),
        null,
        List.of(new Condition("Ready", ready, "WorkflowFailed", message, "t")),
        releases,
        problems);
  }

  private static ReleaseStatus status(String name, String action, String version, String... needs) {
    List<ReleaseName> hard = new ArrayList<>();
    List<ReleaseName> soft = new ArrayList<>();
    for (String need : needs) {
      boolean isSoft = need.startsWith("~");
      (isSoft ? soft : hard).add(ReleaseName.parse(isSoft ? need.substring(1) : need));
    }
    return new ReleaseStatus(
        ReleaseName.parse(name),
        action,
        State.PENDING,
        name,
        name,
        version,
        "",
        hard,
        soft,
        "",
        "",
        "");
  }
}
