// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.rehearse.DagView;
import dev.segue.agent.rehearse.EmbeddedCluster;
import dev.segue.agent.rehearse.SimulatedTime;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Two commits of the example going out: a real Git repository, real charts, a simulated cluster.
 */
final class Demo {
  private static final GitAuthor AUTHOR = new GitAuthor("Segue demo", "demo@localhost");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final RepoPath PODTATO_HEAD = RepoPath.parse("products/podtato-head.yaml");
  private static final String BEFORE = "part: hat\n            replicaCount: 1";
  private static final String AFTER = "part: hat\n            replicaCount: 2";

  private final Console console;
  private final int speed;

  /**
   * @param speed simulated seconds for each real one
   */
  Demo(Console console, int speed) {
    this.console = console;
    this.speed = speed;
  }

  /** Returns 0 when both commits were released. */
  int run(@Nullable Path wanted) {
    if (wanted != null && !EmptyFolders.isEmptyOrNew(wanted)) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": `--folder` must be an empty or new folder; got \""
                  + wanted
                  + "\"");
      return Actions.USAGE;
    }
    try {
      Path folder =
          wanted == null
              ? Files.createTempDirectory("segue-demo-")
              : Files.createDirectories(wanted);
      return releaseTwice(folder.toAbsolutePath().normalize());
    } catch (IOException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": the demo's folder \""
                  + (wanted == null ? System.getProperty("java.io.tmpdir") : wanted)
                  + "\" cannot be made: "
                  + EmptyFolders.reason(e));
      return 1;
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    }
  }

  private int releaseTwice(Path folder) throws IOException, PortException {
    Path bare = folder.resolve("shop.git");
    SortedMap<RepoPath, byte[]> files = new TreeMap<>(Example.files());
    try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR);
        Wiring wiring = wiring(folder, bare)) {
      say(
          "Repository "
              + bare
              + ", made from the example. Cluster: "
              + wiring.cluster().description()
              + ".");
      CommitId first =
          repository.commit(files, "Release podtato-head and core5g", Clock.systemUTC().instant());
      wiring.reconciler().start();
      boolean released =
          release(wiring, "Commit " + first.shortHex() + ": both products for the first time");
      files.put(PODTATO_HEAD, upgraded(files));
      CommitId second = repository.commit(files, "Run two hats", Clock.systemUTC().instant());
      released &=
          release(wiring, "Commit " + second.shortHex() + ": two replicas of podtato-head's hat");
      farewell(bare);
      return released ? 0 : 1;
    }
  }

  private Wiring wiring(Path folder, Path bare) throws PortException {
    Map<String, String> options = new TreeMap<>();
    options.put("source.url", bare.toUri().toString());
    options.put("cluster.name", "demo");
    options.put("charts.cache", folder.resolve("cache").toString());
    ConfigReading reading = AgentConfig.read(null, Map.of(), options, folder);
    AgentConfig config =
        reading
            .config()
            .orElseThrow(
                () -> new IllegalStateException("the demo's own settings: " + reading.problems()));
    DagView view =
        new DagView(
            console.out(),
            DagView.Style.of(console.terminal(), console.environment()),
            EmbeddedCluster.PREFIX,
            TerminalSize.rows(console));
    return Wiring.open(
        config,
        name -> Optional.empty(),
        charts ->
            new ShownCluster(
                new EmbeddedCluster(
                    charts, SimulatedTime.spedUp(Clock.systemUTC().instant(), speed), line -> {}),
                view),
        (group, outcome) -> {},
        Clock.systemUTC());
  }

  private boolean release(Wiring wiring, String title) throws PortException {
    say("");
    say("== " + title);
    wiring.reconciler().poll();
    boolean settled = AgentRun.awaitSettled(wiring.reconciler(), PATIENCE);
    wiring.reconciler().problems().forEach(problem -> say(problem.toString()));
    wiring
        .reconciler()
        .outcomes()
        .forEach(
            (group, outcome) ->
                say(EmbeddedCluster.PREFIX + " " + group + ": " + outcome.describe()));
    return settled
        && wiring.reconciler().problems().isEmpty()
        && wiring.reconciler().outcomes().values().stream()
            .allMatch(Outcome.InSync.class::isInstance);
  }

  /** The example with two hats, which its README shows as the upgrade to try. */
  private static byte[] upgraded(SortedMap<RepoPath, byte[]> files) throws IOException {
    byte[] content = files.get(PODTATO_HEAD);
    String before = content == null ? "" : new String(content, StandardCharsets.UTF_8);
    String after = before.replace(BEFORE, AFTER);
    if (after.equals(before)) {
      throw new IOException("the example has no hat to upgrade");
    }
    return after.getBytes(StandardCharsets.UTF_8);
  }

  private void farewell(Path bare) {
    say("");
    say(
        "The status branch tells what was planned, rendered and read back (from the embedded, simulated cluster):");
    say("  git --git-dir=" + bare + " log --stat segue/demo");
    say("  git --git-dir=" + bare + " show segue/demo:README.md");
    say("  git --git-dir=" + bare + " show segue/demo:groups/podtato-head/plan.md");
  }

  private void say(String line) {
    console.out().println(line);
  }
}
