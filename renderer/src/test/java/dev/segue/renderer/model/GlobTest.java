// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class GlobTest {
  @Property(tries = 2000)
  void agreesWithThePlatformOnSingleStars(
      @ForAll("patterns") String pattern, @ForAll("paths") String path) {
    boolean expected =
        FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(path));
    assertThat(Glob.parse(pattern).matches(path)).isEqualTo(expected);
  }

  @Property(tries = 2000)
  void neverPrunesAFolderThatHoldsAMatch(
      @ForAll("patternsWithDoubleStars") String pattern, @ForAll("paths") String path) {
    Glob glob = Glob.parse(pattern);
    if (glob.matches(path)) {
      for (Path up = Path.of(path).getParent(); up != null; up = up.getParent()) {
        assertThat(glob.mayMatchBelow(up.toString())).as("%s below %s", path, up).isTrue();
      }
      String folder = glob.literalFolder();
      assertThat(folder.isEmpty() || path.equals(folder) || path.startsWith(folder + "/")).isTrue();
    }
  }

  @Provide
  Arbitrary<String> patterns() {
    return segments(
        Arbitraries.of("a", "b", "ab", "*", "?", "a*", "*b*", "a?b", "{a,b}", "*{a,b}"));
  }

  @Provide
  Arbitrary<String> patternsWithDoubleStars() {
    return segments(Arbitraries.of("a", "b", "*", "**", "a*", "{a,b}"));
  }

  @Provide
  Arbitrary<String> paths() {
    return segments(Arbitraries.strings().withChars("ab").ofMinLength(1).ofMaxLength(4));
  }

  private static Arbitrary<String> segments(Arbitrary<String> segment) {
    return segment.list().ofMinSize(1).ofMaxSize(4).map(each -> String.join("/", each));
  }

  @Test
  void doubleStarsMeanNoFolderToo() {
    Glob glob = Glob.parse("**/x/**/*.yaml");
    assertThat(List.of("x/a.yaml", "p/x/q/r/a.yaml", "x/x/a.yaml")).allMatch(glob::matches);
    assertThat(List.of("a.yaml", "x.yaml", "p/a.yaml", "x/a.yml")).noneMatch(glob::matches);
  }

  @Test
  void staysQuickWhateverThePattern() {
    String path = "a".repeat(4000);
    Glob stars = Glob.parse("*a".repeat(100) + "*b");
    Glob folders = Glob.parse("**/a/".repeat(200) + "b");
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          assertThat(stars.matches(path)).isFalse();
          assertThat(folders.matches("a/".repeat(1000) + "c")).isFalse();
        });
  }

  @Test
  void boundsAlternatives() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Glob.parse("{a,b}".repeat(11)))
        .withMessageContaining("1000 alternatives");
  }
}
