// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VersionRangeTest {
  /** A line of the table that Masterminds' library filled; {@code matching} null for no range. */
  record Row(
      String range,
      List<String> versions,
      @org.jspecify.annotations.Nullable List<String> matching) {
    @Override
    public String toString() {
      return "\"" + range + "\"";
    }
  }

  static Stream<Row> table() throws IOException {
    try (InputStream in = VersionRangeTest.class.getResourceAsStream("version-ranges.tsv")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      List<String> versions = List.of(lines.get(1).replace("# versions: ", "").split(" ", -1));
      return lines.stream()
          .skip(2)
          .map(line -> row(line.split("\t", -1), versions))
          .toList()
          .stream();
    }
  }

  private static Row row(String[] cells, List<String> versions) {
    return new Row(
        cells[0],
        versions,
        switch (cells[1]) {
          case "INVALID" -> null;
          case "" -> List.of();
          default -> List.of(cells[1].split(" ", -1));
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void answersAsHelmsLibraryDoes(Row row) {
    if (row.matching() == null) {
      assertThatThrownBy(() -> VersionRange.parse(row.range()))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    VersionRange range = VersionRange.parse(row.range());
    assertThat(row.versions().stream().filter(range::matches)).isEqualTo(row.matching());
  }

  @Test
  void takesTheNewestOfTheRangeWhateverTheOrder() {
    VersionRange range = VersionRange.parse("^1.2");
    List<String> versions =
        new ArrayList<>(List.of("1.9.0", "1.10.0", "2.0.0", "junk", "1.11.0-rc.1", "1.2.0"));
    assertThat(range.newest(versions)).contains("1.10.0");
    java.util.Collections.reverse(versions);
    assertThat(range.newest(versions)).contains("1.10.0");
    assertThat(VersionRange.parse("^3").newest(versions)).isEmpty();
  }

  @Test
  void takesTheVeryTextBeforeTheRangeThatItAlsoIs() {
    assertThat(VersionRange.parse("1.2").newest(List.of("1.2.7", "1.2"))).contains("1.2");
    assertThat(VersionRange.parse("1.2.3+b").newest(List.of("1.2.3+a", "1.2.3+b", "1.2.3+c")))
        .contains("1.2.3+b");
  }

  @Test
  void takesTheNewestStableVersionForAStar() {
    assertThat(VersionRange.parse("*").newest(List.of("0.9.0", "1.0.0", "2.0.0-rc.1")))
        .contains("1.0.0");
    assertThat(VersionRange.parse(">=0.0.0-0").newest(List.of("1.0.0", "2.0.0-rc.1")))
        .contains("2.0.0-rc.1");
  }

  @Test
  void ordersPrereleasesAsSemverDoes() {
    List<String> ordered =
        List.of(
            "1.0.0-1",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.1.0",
            "2.0.0");
    List<SemanticVersion> sorted =
        ordered.stream()
            .map(SemanticVersion::parse)
            .sorted(java.util.Comparator.reverseOrder())
            .sorted()
            .toList();
    assertThat(sorted.stream().map(SemanticVersion::toString)).isEqualTo(ordered);
  }

  @Test
  void saysTheRuleForWhatIsNoRange() {
    assertThatThrownBy(() -> VersionRange.parse("latest"))
        .hasMessageContaining("must be a semantic version or a range")
        .hasMessageContaining("got \"latest\"");
    assertThatThrownBy(() -> VersionRange.parse("1 || ".repeat(40)))
        .hasMessageContaining("at most 32 alternatives");
  }

  @Property(tries = 500)
  void anyTextIsARangeOrRefused(
      @ForAll @StringLength(max = 60) @CharRange(from = ' ', to = '~') String text) {
    try {
      VersionRange.parse(text).matches("1.2.3");
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("must");
    }
  }

  @Test
  @org.junit.jupiter.api.Timeout(5)
  void longNonsenseIsRefusedFast() {
    assertThatThrownBy(() -> VersionRange.parse("1   ".repeat(127) + "!"))
        .hasMessageContaining("must be a semantic version");
  }
}
