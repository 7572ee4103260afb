// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.segue.renderer.diff.Operation;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.testing.Previews;
import dev.segue.renderer.testing.Renders;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PreviewMarkdownTest {
  private static final List<GroupPreview> THREE =
      List.of(Previews.changing("site-a"), Previews.changing("site-b"), Previews.broken("c"));

  /** As CommonMark has it: up to three spaces before a fence, and no other text after its end. */
  private static final Pattern FENCE = Pattern.compile(" {0,3}(`{3,})([^`]*)");

  @Property(tries = 40)
  void fitsWhateverTheLimitAndSaysWhatIsLeftOut(
      @ForAll @IntRange(min = 1000, max = 9000) int limit) {
    List<GroupPreview> all = THREE;
    String whole = PreviewMarkdown.write(all, Detail.CHANGES, PreviewMarkdown.GITLAB);
    String page = PreviewMarkdown.write(all, Detail.CHANGES, limit);
    assertThat(page.length()).isLessThanOrEqualTo(limit);
    assertThat(page.contains("**Shortened to " + limit + " characters.**"))
        .isEqualTo(whole.length() > limit);
    assertThat(outside(page)).doesNotContain("```");
    assertThat(count(page, "<details>")).isEqualTo(count(page, "</details>"));
  }

  @Property(tries = 80)
  void nothingOfAnObjectBreaksOut(@ForAll("wild") String text) {
    String before = object("x", "y");
    ReleaseDiff diff =
        ReleaseDiff.of(
            Operation.UPGRADE,
            Renders.objects(before, object("gone " + text, text)),
            Renders.objects(object("x", text), object("more", text + "\n" + text)));
    String page =
        PreviewMarkdown.write(List.of(with(diff)), Detail.CHANGES, PreviewMarkdown.GITLAB);
    assertThat(outside(page).lines().filter(line -> line.startsWith("|"))).hasSize(3 + 7);
    String outside = outside(page).replaceAll("\\\\.", "").replaceAll("`[^`\n]*`", "");
    assertThat(outside).doesNotContain("<b", "@x", "](");
    assertThat(count(outside, "<details>")).isEqualTo(4);
    assertThat(count(outside, "</details>")).isEqualTo(4);
    assertThat(outside.lines().filter(line -> line.startsWith("#"))).hasSize(2);
    String terminal = PreviewText.write(List.of(with(diff)), Palette.PLAIN, Detail.ALL);
    assertThat(terminal.chars().filter(c -> c != '\n' && Character.isISOControl(c))).isEmpty();
  }

  @Provide
  Arbitrary<String> wild() {
    return Arbitraries.of(
            "```",
            "````\n",
            "\n",
            "|",
            "<b>",
            "</details>",
            "@x",
            "](http://x)",
            " ",
            "~~~",
            "# ",
            "- ",
            "\u001b[31m",
            "\r",
            "\u202e",
            "`",
            "\\",
            "a")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Test
  void refusesALimitThatHoldsNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PreviewMarkdown.write(List.of(), Detail.CHANGES, 999))
        .withMessage("a page must have room for 1000 characters");
  }

  @Test
  void aThousandGroupsFit() {
    List<GroupPreview> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(Previews.quiet("site-" + i));
    }
    all.add(Previews.changing("zone"));
    String page = PreviewMarkdown.write(all, Detail.CHANGES, PreviewMarkdown.GITHUB);
    assertThat(page.length()).isLessThanOrEqualTo(PreviewMarkdown.GITHUB);
    assertThat(page).contains("**1 of 1001 groups would change.**", "## `shop` at `zone`");
  }

  @Test
  void theTableOfManySitesFitsAndSaysHowManyAreLeftOut() {
    List<GroupPreview> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(Previews.quiet("quiet-" + i));
      all.add(Previews.changing("site-" + i));
    }
    all.add(Previews.broken("zone"));
    String table = SitesTable.markdown(all, 30_000);
    assertThat(table.length()).isLessThanOrEqualTo(30_000);
    long shown = table.lines().filter(line -> line.startsWith("| site-")).count();
    assertThat(shown).isGreaterThan(100);
    assertThat(table)
        .doesNotContain("quiet-")
        .endsWith(
            "\n\n**Shortened to 30000 characters.** Left out: 1000 groups with nothing to do, and **"
                + (1001 - shown)
                + " with something to do**.\n");
    assertThat(SitesTable.markdown(THREE, 30_000)).isEqualTo(SitesTable.markdown(THREE));
  }

  @Test
  void ofALargeDifferenceTheFirstLinesAreShown() {
    String before = configuration("a\n".repeat(3000) + "z");
    String after = configuration(("b" + "c".repeat(60) + "\n").repeat(3000) + "z");
    ReleaseDiff diff =
        ReleaseDiff.of(Operation.UPGRADE, Renders.objects(before), Renders.objects(after));
    String page =
        PreviewMarkdown.write(List.of(with(diff)), Detail.CHANGES, PreviewMarkdown.GITHUB);
    assertThat(page).contains("-   a\n", "**Shortened to 65536 characters.**");
    assertThat(page.lines().filter(line -> line.matches("# [0-9]+ more lines"))).hasSize(1);
  }

  @Test
  void longTextsAreShownFromWhereTheyDiffer() {
    String same = "x".repeat(2000);
    ReleaseDiff diff =
        ReleaseDiff.of(
            Operation.UPGRADE,
            Renders.objects(configuration(same + "-old")),
            Renders.objects(configuration(same + "-new")));
    assertThat(PreviewText.write(List.of(with(diff)), Palette.PLAIN, Detail.CHANGES))
        .containsPattern("- data.text: \"…x{59}-old\"\n.*\\+ data.text: \"…x{59}-new\"\n");
  }

  private static GroupPreview with(ReleaseDiff diff) {
    GroupPreview made = THREE.get(0);
    TreeMap<dev.segue.renderer.model.ReleaseName, ReleaseDiff> diffs = new TreeMap<>(made.diffs());
    diffs.put(diffs.firstKey(), diff);
    return new GroupPreview(
        made.group(),
        made.site(),
        made.from(),
        made.to(),
        made.plan(),
        made.gate(),
        made.notices(),
        made.problems(),
        diffs,
        made.durations());
  }

  private static String configuration(String text) {
    return YamlWriter.write(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Map.of("name", "x"),
            "data",
            Map.of("text", text)));
  }

  private static String object(String name, String text) {
    return YamlWriter.write(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "PersistentVolumeClaim",
            "metadata",
            Map.of("name", name),
            "spec",
            Map.of("text", text, "k" + text, "v")));
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  /** What stands in no fence; fails when a fence has no end. */
  private static String outside(String page) {
    StringBuilder outside = new StringBuilder();
    String open = "";
    for (String line : page.split("\n", -1)) {
      Matcher fence = FENCE.matcher(line);
      if (open.isEmpty() && fence.matches()) {
        open = fence.group(1);
      } else if (!open.isEmpty()) {
        if (fence.matches()
            && fence.group(1).length() >= open.length()
            && fence.group(2).isBlank()) {
          open = "";
        }
      } else {
        outside.append(line).append('\n');
      }
    }
    assertThat(open).as("a fence without an end").isEmpty();
    return outside.toString();
  }
}
