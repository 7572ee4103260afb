// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.testing.Previews;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The views as they were reviewed. {@code -Dgolden.update=true} rewrites them, for the diff to be
 * reviewed as code.
 */
class PreviewGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/preview");

  private static List<GroupPreview> previews() {
    return List.of(
        Previews.changing("site-a"), Previews.quiet("site-b"), Previews.broken("site-a"));
  }

  private static final Map<String, Function<List<GroupPreview>, String>> VIEWS =
      new TreeMap<>(
          Map.of(
              "plan.txt", all -> PreviewText.write(all, Palette.PLAIN, Detail.CHANGES),
              "plan-coloured.txt", all -> PreviewText.write(all, Palette.COLOURED, Detail.OBJECTS),
              "plan-all.txt", all -> PreviewText.write(all, Palette.PLAIN, Detail.ALL),
              "comment.md",
                  all -> PreviewMarkdown.write(all, Detail.CHANGES, PreviewMarkdown.GITHUB),
              "comment-short.md", all -> PreviewMarkdown.write(all, Detail.CHANGES, 2_500),
              "plan.yaml", all -> YamlWriter.write(PreviewJson.data(all)),
              "sites.txt", all -> SitesTable.text(all, Palette.PLAIN),
              "sites.md", SitesTable::markdown));

  @Test
  void everyViewIsAsItWasReviewed() throws IOException {
    for (Map.Entry<String, Function<List<GroupPreview>, String>> view : VIEWS.entrySet()) {
      String text = view.getValue().apply(previews());
      Path file = GOLDEN.resolve(view.getKey());
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(GOLDEN);
        Files.writeString(file, text);
      }
      assertThat(text).as(view.getKey()).isEqualTo(Files.readString(file));
      assertThat(text).as(view.getKey()).isEqualTo(view.getValue().apply(previews()));
    }
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()))
          .isEqualTo(VIEWS.keySet());
    }
  }

  @Test
  void noViewShowsASecret() {
    VIEWS.forEach(
        (name, view) ->
            assertThat(view.apply(previews()))
                .as(name)
                .doesNotContain("correct-horse")
                .doesNotContain("battery-staple"));
  }
}
