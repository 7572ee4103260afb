// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.Values;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
  @Test
  void writesTwoSpacesAndKeepsTheOrder() {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("kind", "Workflow");
    data.put("spec", Map.of("steps", List.of(Map.of("name", "a"), List.of("b"), List.of())));
    data.put("empty", Map.of());
    data.put("none", null);
    data.put("text", "one\ntwo\n");
    assertThat(YamlWriter.write(data))
        .isEqualTo(
            """
            kind: Workflow
            spec:
              steps:
              - name: a
              - - b
              - []
            empty: {}
            none: null
            text: |
              one
              two
            """);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "yes",
        "n",
        "on",
        "null",
        "Null",
        "~",
        "",
        "12",
        "0x1F",
        "1e3",
        "2024-01-01",
        "12:30",
        ".5",
        "- a",
        "a: b",
        "a:",
        "a #b",
        " a",
        "a ",
        "*",
        "&a",
        "!a",
        "@a",
        "%a",
        "`a",
        "{a}",
        "[a]",
        "'a'",
        "\"a\"",
        "|",
        ">",
        "?",
        "? a",
        "\t",
        "a\tb",
        "é",
        "\u2028",
        "\uFEFF",
        "<<",
        "=",
        "1_000",
        "v1.2",
        "0b1",
        ".inf",
        ".NaN",
        "---",
        "...",
        "-"
      })
  void quotesWhatAReaderMightTakeForSomethingElse(String text) {
    assertThat(readBack(YamlWriter.write(List.of(text)))).isEqualTo(List.of(text));
    assertThat(readBack(YamlWriter.write(Map.of(text, text)))).isEqualTo(Map.of(text, text));
  }

  @Test
  void writesRepeatedObjectsInFull() {
    Map<String, Object> shared = Map.of("a", 1L);
    assertThat(YamlWriter.write(List.of(shared, shared))).isEqualTo("- a: 1\n- a: 1\n");
  }

  @Test
  void refusesWhatJsonDoesNotHave() {
    assertThatThrownBy(() -> YamlWriter.write(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 500)
  void readsBackWhatItWrites(@ForAll("trees") Map<String, @Nullable Object> tree) {
    Map<String, @Nullable Object> data = new Values(tree).tree();
    String yaml = YamlWriter.write(data);
    assertThat(readBack(yaml)).isEqualTo(data);
    assertThat(YamlWriter.write(readBack(yaml))).isEqualTo(yaml);
  }

  @Property(tries = 500)
  void writesNothingThatArgoTakesForAnExpression(
      @ForAll("trees") Map<String, @Nullable Object> tree) {
    Map<String, @Nullable Object> data = new Values(tree).tree();
    String yaml = YamlWriter.writeForArgo(data);
    assertThat(yaml).doesNotContain("{{").doesNotContain("}}");
    assertThat(readBack(yaml)).isEqualTo(data);
  }

  @Provide
  Arbitrary<Map<String, @Nullable Object>> trees() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.strings()
                .withChars("ab \n\n{{}}:#-'\"\\|>&*!%@`,[]?~0123.xeny_=<\t\r")
                .ofMaxLength(12),
            Arbitraries.strings().excludeChars(SURROGATES).ofMaxLength(8),
            Arbitraries.of(
                "y", "no", "{{inputs.x}}", "a\n\n", " a\nb", "🎉", "a\n b\n", "x".repeat(2000)));
    Arbitrary<@Nullable Object> leaves =
        Arbitraries.oneOf(
            texts.asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.bigIntegers().asGeneric().map(YamlWriterTest::asRead),
            Arbitraries.doubles().filter(d -> !d.equals(-0.0)).asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.of(true).<@Nullable Object>map(any -> null));
    Arbitrary<@Nullable Object> nodes =
        Arbitraries.lazyOf(
            () -> leaves,
            () -> leaves,
            () -> nodesBelow(leaves, texts),
            () -> nodesBelow(nodesBelow(leaves, texts), texts));
    return Arbitraries.maps(texts, nodes).ofMaxSize(5);
  }

  private static final char[] SURROGATES = surrogates();

  private static char[] surrogates() {
    char[] all = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = (char) (Character.MIN_SURROGATE + i);
    }
    return all;
  }

  private static Arbitrary<@Nullable Object> nodesBelow(
      Arbitrary<@Nullable Object> items, Arbitrary<String> keys) {
    return Arbitraries.oneOf(
        items.list().ofMaxSize(4).map(list -> (Object) Collections.unmodifiableList(list)),
        Arbitraries.maps(keys, items).ofMaxSize(4).map(map -> (Object) new TreeMap<>(map)));
  }

  /** A number that fits is read as a Long. */
  private static Object asRead(Object number) {
    java.math.BigInteger big = (java.math.BigInteger) number;
    return big.bitLength() < Long.SIZE ? (Object) big.longValue() : big;
  }

  private static @Nullable Object readBack(String yaml) {
    YamlStream stream = YamlReader.read(yaml);
    assertThat(stream.faults()).as(yaml).isEmpty();
    List<@Nullable Object> documents =
        stream.documents().stream().<@Nullable Object>map(YamlNode::data).toList();
    assertThat(Arrays.asList(documents.toArray())).hasSize(1);
    return documents.get(0);
  }
}
