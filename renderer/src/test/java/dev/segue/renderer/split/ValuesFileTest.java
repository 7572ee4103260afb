// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ValuesSelection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesFileTest {
  private static final ValuesSelection DB =
      new ValuesSelection(true, List.of(List.of("db"), List.of("flags", "db")));

  private static String only(ValuesSelection selection, String text) {
    byte[] only = ValuesFile.of(text.getBytes(StandardCharsets.UTF_8)).only(selection);
    return new String(only, StandardCharsets.UTF_8);
  }

  static List<Arguments> files() {
    return List.of(
        Arguments.of(
            "lines as they are", "db:\n  a: 0644 # c\n\n# web\nweb: 1\n", "db:\n  a: 0644 # c\n"),
        Arguments.of(
            "a path below a key", "flags: {db: yes, web: no}\nweb: 1\n", "flags:\n  db: true\n"),
        Arguments.of(
            "a string that looks like a number", "web: 1\ndb: {a: '012'}\n", "db: {a: '012'}\n"),
        Arguments.of("an anchor elsewhere", "web: &x {a: 1}\ndb: *x\n", "db:\n  a: 1\n"),
        Arguments.of(
            "a merge key", "web: &x {a: 1}\ndb:\n  <<: *x\n  b: 0o17\n", "db:\n  a: 1\n  b: 15\n"),
        Arguments.of("one line for all", "{db: {a: 1.50}, web: 2}\n", "db:\n  a: 1.5\n"),
        Arguments.of(
            "two documents",
            "db: {a: 1, b: 1}\n---\ndb: {b: 2}\nweb: 1\n",
            "db:\n  a: 1\n  b: 2\n"),
        Arguments.of(
            "a block that keeps its end",
            "db:\n  a: |+\n    x\n\nweb: 1\n",
            "db:\n  a: |+\n    x\n\n"),
        Arguments.of(
            "a hash in a block", "db: |\n # no comment\nweb: 1\n", "db: |\n # no comment\n"),
        Arguments.of("a null", "web: 1\ndb:\n", "db:\n"),
        Arguments.of("nothing of it", "web: 1\n", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void keepsWhatIsSelected(String name, String text, String expected) {
    assertThat(only(DB, text)).isEqualTo(expected);
  }

  @Test
  void keepsEveryByteWhenNothingIsCut() {
    String text = "# all\ndb: {a:   1}   # odd\n\n\n";
    assertThat(only(DB, text)).isEqualTo(text);
    assertThat(only(ValuesSelection.ALL, "a: &x 1\nb: *x")).isEqualTo("a: &x 1\nb: *x");
  }

  /** Helm's reader takes more than ours: then the file stays whole. */
  @Test
  void keepsEveryByteOfWhatItCannotRead() {
    String text = "web: 1\nweb: 2\ndb: 3\n";
    assertThat(only(DB, text)).isEqualTo(text);
  }
}
