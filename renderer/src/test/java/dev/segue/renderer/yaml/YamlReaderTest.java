// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private static @org.jspecify.annotations.Nullable Object dataOf(String yaml) {
    YamlStream stream = YamlReader.read(yaml);
    assertThat(stream.faults()).isEmpty();
    assertThat(stream.documents()).hasSize(1);
    return stream.documents().get(0).data();
  }

  private static YamlFault onlyFault(String yaml) {
    List<YamlFault> faults = YamlReader.read(yaml).faults();
    assertThat(faults).hasSize(1);
    return faults.get(0);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"yes", "on", "y", "True", "ON"})
  void readsTheBooleansOfYaml11AsKubernetesDoes(String text) {
    assertThat(dataOf("[" + text + "]")).isEqualTo(List.of(true));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "12,12",
    "-12,-12",
    "+12,12",
    "0x1F,31",
    "0o17,15",
    "017,15",
    "-017,-15",
    "0b101,5",
    "1_000,1000",
    "0,0",
    "-0x10,-16"
  })
  void readsWholeNumbersOfEveryBase(String text, long number) {
    assertThat(dataOf("[" + text + "]")).isEqualTo(List.of(number));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"1.5,1.5", "1e3,1000", ".5,0.5", "-2.5E-3,-0.0025", "1.,1"})
  void readsFractions(String text, double number) {
    assertThat(dataOf("[" + text + "]")).isEqualTo(List.of(number));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "2024-01-01",
        "12:30:45",
        "0x_",
        "0b2",
        "_1",
        "1.2.3",
        "1e",
        "v1",
        ".inf",
        ".nan",
        "1e999",
        "<<",
        "0o8",
        "-",
        "=",
        "nUll"
      })
  void readsEverythingElseAsText(String text) {
    assertThat(dataOf("a: " + (text.equals("-") || text.equals("<<") ? "'" + text + "'" : text)))
        .isEqualTo(Map.of("a", text));
  }

  @Test
  void readsNumbersBeyond64Bits() {
    assertThat(dataOf("[18446744073709551615, -9223372036854775808]"))
        .isEqualTo(List.of(new BigInteger("18446744073709551615"), Long.MIN_VALUE));
  }

  @Test
  void readsNulls() {
    assertThat(dataOf("[~, null, ]")).isEqualTo(Arrays.asList(null, null));
  }

  @Test
  void takesQuotedAndTaggedScalarsForText() {
    assertThat(dataOf("['12', \"true\", !!str 12, !!str yes, !!int '7']"))
        .isEqualTo(List.of("12", "true", "12", "yes", 7L));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "a: !!javax.script.ScriptEngineManager [x]",
        "a: !secret b",
        "a: !!binary aGk=",
        "a: !!set {x}",
        "!foo {a: 1}"
      })
  void refusesTagsThatAreNoPlainData(String yaml) {
    assertThat(onlyFault(yaml).message()).containsIgnoringCase(" tag ");
  }

  @Test
  void followsAliasesAndMergesKeysTheNearestWinning() {
    assertThat(
            dataOf(
                """
                base: &base {a: 1, b: 2}
                more: &more {b: 3, c: 4}
                one: {<<: *base, b: 9}
                many: {<<: [*more, *base]}
                """))
        .isEqualTo(
            Map.of(
                "base", Map.of("a", 1L, "b", 2L),
                "more", Map.of("b", 3L, "c", 4L),
                "one", Map.of("a", 1L, "b", 9L),
                "many", Map.of("a", 1L, "b", 3L, "c", 4L)));
  }

  @Test
  void knowsTheLineOfEveryNode() {
    YamlStream stream =
        YamlReader.read("# first\r\na:\r\n  - b: 1\r\n---\r\nc: |\r\n  x\r\nd: 2\r\n");
    YamlNode.Mapping first = (YamlNode.Mapping) stream.documents().get(0);
    YamlNode.Mapping second = (YamlNode.Mapping) stream.documents().get(1);
    assertThat(first.entries().get(0).line()).isEqualTo(2);
    assertThat(first.entries().get(0).value().line()).isEqualTo(3);
    assertThat(second.entries()).extracting(YamlNode.Entry::line).containsExactly(5, 7);
  }

  @Test
  void leavesOutEmptyDocumentsAndAByteOrderMark() {
    assertThat(YamlReader.read("\uFEFF---\n---\n# nothing\n---\na: 1\n---\n").documents())
        .hasSize(1);
    assertThat(YamlReader.read("").documents()).isEmpty();
  }

  @Test
  void reportsEveryDuplicateKeyWithBothLines() {
    List<YamlFault> faults = YamlReader.read("a: 1\nb: {c: 1, c: 2}\na: 3\n").faults();
    assertThat(faults)
        .containsExactly(
            new YamlFault(
                YamlFault.Kind.DUPLICATE_KEY,
                2,
                "key \"c\" must stand once; it is already on line 2"),
            new YamlFault(
                YamlFault.Kind.DUPLICATE_KEY,
                3,
                "key \"a\" must stand once; it is already on line 1"));
  }

  @Test
  void tellsAFaultBehindAnAliasOnce() {
    assertThat(YamlReader.read("x: &x {a: 1, a: 2}\ny: *x\nz: *x\n").faults()).hasSize(1);
  }

  @Test
  void goesOnWithTheNextDocumentAfterASyntaxFault() {
    YamlStream stream =
        YamlReader.read("a: 1\n---\nb: [1\n---\nc: 3\n---\nd: \"x\n---\ne: @\n---\nf: 6\n");
    assertThat(stream.documents().stream().map(YamlNode::data))
        .containsExactly(Map.of("a", 1L), Map.of("c", 3L), Map.of("f", 6L));
    assertThat(stream.faults()).extracting(YamlFault::line).containsExactly(3, 7, 9);
    assertThat(((YamlNode.Mapping) stream.documents().get(2)).entries().get(0).line())
        .isEqualTo(11);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "a: *",
        "a: *b",
        "\ta: 1",
        "a: b: c",
        "a:\n - b\n c: 1",
        "!%b",
        "a: \u0000",
        "? [a]\n: b",
        "<<: 1",
        "--- @",
        "%YAML 3.0\n--- a",
        "}"
      })
  void saysWhereTheSyntaxIsBroken(String yaml) {
    YamlFault fault = onlyFault(yaml);
    assertThat(fault.kind()).isEqualTo(YamlFault.Kind.SYNTAX);
    assertThat(fault.message()).isNotBlank().doesNotContain("\n").doesNotContain("Exception");
  }

  @Test
  void saysTheLineOfACharacterThatYamlDoesNotHave() {
    assertThat(onlyFault("a: 1\nb: \u0007\n"))
        .isEqualTo(
            new YamlFault(
                YamlFault.Kind.SYNTAX, 2, "must be YAML: character U+0007 must not stand in YAML"));
  }

  @Test
  void boundsTheSize() {
    assertThat(onlyFault("#".repeat(YamlReader.MAX_CHARACTERS + 1)).kind())
        .isEqualTo(YamlFault.Kind.TOO_LARGE);
    assertThat(YamlReader.read("#".repeat(YamlReader.MAX_CHARACTERS)).faults()).isEmpty();
  }

  @Test
  @Timeout(20)
  void boundsTheDepth() {
    String tooDeep = "must be nested at most 64 deep";
    assertThat(onlyFault("[".repeat(66) + "]".repeat(66)).message()).isEqualTo(tooDeep);
    assertThat(onlyFault("[".repeat(1_000_000)).message()).isEqualTo(tooDeep);
    assertThat(onlyFault("a: &a [*a]").message()).startsWith(tooDeep);
    assertThat(YamlReader.read("[".repeat(60) + "]".repeat(60)).faults()).isEmpty();
  }

  @Test
  @Timeout(20)
  void boundsWhatAliasesUnfoldTo() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append((alias + ", ").repeat(9)).append(alias).append("]\n");
    }
    assertThat(onlyFault(bomb.toString()).message()).startsWith("must have at most 400000 nodes");
  }

  @Test
  @Timeout(20)
  void givesUpAfterAHundredFaults() {
    YamlStream stream = YamlReader.read("---\n@\n".repeat(200_000));
    assertThat(stream.faults()).hasSize(YamlReader.MAX_FAULTS + 1);
    assertThat(stream.faults().get(YamlReader.MAX_FAULTS).kind())
        .isEqualTo(YamlFault.Kind.TOO_LARGE);
  }

  @Property(tries = 2000)
  void neverThrows(
      @ForAll @Size(max = 80)
          List<
                  @Chars({
                    'a', 'b', ':', ' ', ' ', '\n', '\n', '-', '{', '}', '[', ']', ',', '&', '*',
                    '!', '|', '>', '"', '\'', '%', '@', '#', '?', '<', '\t', '0', '1', '~', '\\'
                  })
                  Character>
              characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(text::append);
    assertThat(YamlReader.read(text.toString())).isNotNull();
  }
}
