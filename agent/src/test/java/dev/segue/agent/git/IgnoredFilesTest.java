// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.dircache.DirCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside what {@code git add .} takes, by JGit. */
final class IgnoredFilesTest {
  private static final List<String> NAMES = List.of("a", "b.tgz", "charts", "c", "tmp");
  private static final List<String> RULES =
      List.of("*.tgz", "charts/", "/a", "!b.tgz", "tmp", "c/*", "!c/a", "**/tmp/a", "a/**/c");

  @TempDir Path folder;
  private final Set<RepoPath> files = new TreeSet<>();

  @BeforeEach
  void begin() throws Exception {
    Git.init().setDirectory(folder.toFile()).call().close();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    files.add(RepoPath.parse(name));
  }

  private Set<RepoPath> ignored() throws IOException {
    return IgnoredFiles.among(folder, files);
  }

  private static RepoPath path(String path) {
    return RepoPath.parse(path);
  }

  @Test
  void thatIsWhatGitDoesNotAdd() throws Exception {
    int most = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      String top = "t" + seed;
      files.clear();
      for (int i = 0; i < 12; i++) {
        StringBuilder name = new StringBuilder(top);
        for (int depth = 0; depth <= random.nextInt(4); depth++) {
          name.append("/d").append(depth).append(NAMES.get(random.nextInt(NAMES.size())));
        }
        write(name + "/" + NAMES.get(random.nextInt(NAMES.size())) + ".f", "");
      }
      for (String in : List.of("", "/d0charts", "/d0c")) {
        StringBuilder rules = new StringBuilder("# rules\n");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
          String rule = RULES.get(random.nextInt(RULES.size()));
          rules.append(rule.replaceAll("([a-z.*]*[a-z])(/?)$", "*$1*$2")).append('\n');
        }
        write(top + in + "/.gitignore", rules.toString());
      }
      Set<RepoPath> left = new TreeSet<>(files);
      try (Git git = Git.open(folder.toFile())) {
        DirCache index = git.add().addFilepattern(top).call();
        left.removeIf(file -> index.findEntry(file.value()) >= 0);
        git.rm().setCached(true).addFilepattern(top).call();
      }
      assertThat(ignored()).as("seed %s", seed).isEqualTo(left);
      most = Math.max(most, left.size());
    }
    assertThat(most).as("something is ignored at all").isGreaterThan(3);
  }

  @Test
  void whatIsTrackedIsNotIgnored() throws Exception {
    write("charts/web/charts/db-1.0.0.tgz", "");
    write("charts/web/charts/mq-1.0.0.tgz", "");
    try (Git git = Git.open(folder.toFile())) {
      git.add().addFilepattern("charts/web/charts/db-1.0.0.tgz").call();
    }
    write(".gitignore", "charts/*.tgz\n*.tgz\n");

    assertThat(ignored()).containsExactly(path("charts/web/charts/mq-1.0.0.tgz"));
  }

  @Test
  void rulesAboveAFolderCountAndThoseOfTheRepositoryToo() throws Exception {
    write("products/charts/web/charts/db.tgz", "");
    write("products/charts/web/notes.txt", "");
    write("products/charts/web/Chart.yaml", "");
    write(".gitignore", "*.tgz\n");
    Files.writeString(
        Files.createDirectories(folder.resolve(".git/info")).resolve("exclude"), "notes.txt\n");

    Set<RepoPath> ignored =
        IgnoredFiles.among(
            folder.resolve("products"),
            List.of(
                path("charts/web/charts/db.tgz"),
                path("charts/web/notes.txt"),
                path("charts/web/Chart.yaml")));

    assertThat(ignored)
        .containsExactly(path("charts/web/charts/db.tgz"), path("charts/web/notes.txt"));
  }

  @Test
  void aFolderInNoWorkTreeHasItsOwnRules(@TempDir Path other) throws Exception {
    Files.writeString(other.resolve(".gitignore"), "*.tgz\n");

    assertThat(IgnoredFiles.among(other, List.of(path("a.tgz"), path("a.yaml"))))
        .containsExactly(path("a.tgz"));
  }
}
