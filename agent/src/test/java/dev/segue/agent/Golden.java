// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rendered group as it was reviewed: which files there are, and the Workflow. {@code
 * -Dgolden.update=true} rewrites it, for the diff to be reviewed as code.
 */
final class Golden {
  private Golden() {}

  /**
   * Returns {@code text} without the ids of commits: another file in a repository changes those.
   */
  static String withoutIds(String text) {
    return text.replaceAll("\\b([0-9a-f]{40}|[0-9a-f]{12})\\b", "ID");
  }

  static void check(String name, Path rendered) throws IOException {
    Path golden = Path.of("src/test/resources/golden", name);
    String files;
    try (Stream<Path> paths = Files.walk(rendered)) {
      files =
          paths
              .filter(Files::isRegularFile)
              .map(file -> rendered.relativize(file).toString())
              .sorted()
              .map(file -> file + "\n")
              .collect(Collectors.joining());
    }
    String workflow = Files.readString(rendered.resolve("workflow.yaml"));
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(golden);
      Files.writeString(golden.resolve("files.txt"), files);
      Files.writeString(golden.resolve("workflow.yaml"), workflow);
    }
    assertThat(files).isEqualTo(Files.readString(golden.resolve("files.txt")));
    assertThat(workflow).isEqualTo(Files.readString(golden.resolve("workflow.yaml")));
  }
}
