// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentationTest {
  private static final Path DOCS = Path.of("../docs");

  @Test
  void hasAParagraphForEveryCodeAndNoOther() throws IOException {
    List<String> headings =
        Files.readAllLines(DOCS.resolve("problems.md")).stream()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4))
            .toList();
    assertThat(headings)
        .isSorted()
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ProblemCode.values()).map(ProblemCode::id).toList());
  }

  @Test
  void showsAFileThatIsRight() throws IOException {
    String docs = Files.readString(DOCS.resolve("reference.md"));
    int begin = docs.indexOf("```yaml\n") + "```yaml\n".length();
    String example = docs.substring(begin, docs.indexOf("```", begin));
    Reading reading = GroupReader.read(List.of(new SourceFile(RepoPath.parse("a.yaml"), example)));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.valid()).hasSize(1);
  }
}
