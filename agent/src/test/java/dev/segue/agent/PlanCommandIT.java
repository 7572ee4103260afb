// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.testing.SiteLab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue plan} on the example, released and changed; docs/cli.md shows what it prints. */
final class PlanCommandIT {
  private static final Map<String, String> NOBODY = Map.of("HOME", "/nowhere");

  @TempDir private static Path cache;
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private SiteLab lab;

  @BeforeEach
  void releaseTheExample() throws Exception {
    lab = new SiteLab(folder, cache);
    Example.files()
        .forEach((path, file) -> lab.file(path.value(), new String(file, StandardCharsets.UTF_8)));
    lab.commit();
    lab.release();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private CommandLineRun plan(String... options) {
    return CommandLineRun.here(
        NOBODY,
        lab.arguments(Stream.concat(Stream.of("plan"), Stream.of(options)).toArray(String[]::new)));
  }

  private static void golden(String name, CommandLineRun run) throws IOException {
    Path golden = Path.of("src/test/resources/golden/plan", name + ".txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, run.out());
    }
    assertThat(Golden.withoutIds(run.out())).isEqualTo(Golden.withoutIds(Files.readString(golden)));
    assertThat(run.err()).isEmpty();
  }

  private static void documented(String command, CommandLineRun run) throws IOException {
    String shown = "$ " + command + "\n" + run.out() + "$ echo $?\n" + run.code() + "\n";
    assertThat(Golden.withoutIds(Files.readString(Path.of("../docs/cli.md"))))
        .contains(Golden.withoutIds(shown));
  }

  @Test
  void showsWhatAChangeOfValuesDoes() throws Exception {
    for (String function : List.of("nrf", "udm")) {
      String line = "function: " + function + "\n";
      lab.replace("products/core5g.yaml", line, line + "            replicaCount: 2\n");
    }
    lab.commit();

    CommandLineRun run = plan("core5g");
    CommandLineRun sites = plan("--all-clusters");

    golden("core5g", run);
    golden("all-clusters", sites);
    assertThat(run.code()).isEqualTo(Actions.CHANGES);
    assertThat(sites.code()).isEqualTo(Actions.CHANGES);
    documented("segue plan --to HEAD core5g", run);
    documented("segue plan --to HEAD --all-clusters", sites);
  }

  @Test
  void startsFromAnEarlierCommitAndSaysWhatOfItCannotBeHad() throws Exception {
    String chart = "path: charts/traefik";
    lab.replace("products/podtato-head.yaml", chart, chart + "-of-old");
    lab.commit();
    lab.replace("products/podtato-head.yaml", chart + "-of-old", chart);
    lab.commit();

    CommandLineRun good = plan("podtato-head", "--from", "HEAD~2");
    CommandLineRun broken = plan("podtato-head", "--from", "HEAD~1");

    assertThat(good.code()).isZero();
    assertThat(good.err()).isEmpty();
    assertThat(broken.err())
        .startsWith("`--from`: ")
        .contains("traefik-of-old", "; planned as if that was never released\n");
    assertThat(broken.out()).contains("7 install").doesNotContain("upgrade");
    assertThat(broken.code()).isEqualTo(Actions.CHANGES);
  }

  @Test
  void refusesAGroupThatIsNowhereAndAPageThatHoldsNothing() {
    CommandLineRun misspelt = plan("--to", "HEAD", "core5g", "core6g");
    CommandLineRun tiny = plan("-o", "markdown", "--limit", "999");

    assertThat(misspelt.code()).isEqualTo(Actions.USAGE);
    assertThat(misspelt.out()).isEmpty();
    assertThat(misspelt.err())
        .isEqualTo(
            "SG1503: there is no group \"core6g\" at the commit, and none was released; there are"
                + " bookinfo, core5g, podtato-head\n");
    assertThat(tiny.code()).isEqualTo(Actions.USAGE);
    assertThat(tiny.err()).contains("\"--limit\"", "from 1000; got \"999\"");
  }

  @Test
  void refusesWhatExcludesEachOther() {
    for (List<String> both :
        List.of(
            List.of("--all-clusters", "--cluster", "site-a"),
            List.of("--live", "--all-clusters"),
            List.of("--live", "--from", "HEAD"))) {
      CommandLineRun run = plan(both.toArray(String[]::new));
      assertThat(run.code()).as(both.toString()).isEqualTo(Actions.USAGE);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("exclude each other");
    }
  }

  @Test
  void aBranchThatOnlyHasSuchANameIsNoSite() throws Exception {
    Path clone = lab.cloned(folder.resolve("clone"));
    try (Git git = Git.open(clone.toFile())) {
      git.fetch().setRefSpecs("+refs/heads/segue/*:refs/remotes/origin/segue/*").call();
      git.branchCreate().setName("segue/mine").setStartPoint("origin/main").call();
    }

    CommandLineRun run =
        CommandLineRun.here(
            NOBODY,
            "plan",
            "--all-clusters",
            "--repository",
            clone.toString(),
            "--set",
            "charts.cache=" + cache);

    assertThat(run.out()).contains("site-a").doesNotContain("mine");
    assertThat(run.code()).isZero();
  }

  @Test
  void showsThatNothingIsToBeDone() throws Exception {
    lab.file("README.md", "another commit").commit();

    CommandLineRun run = plan();

    golden("nothing", run);
    assertThat(run.code()).isZero();
  }
}
