// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.rehearse.DagView;
import dev.segue.agent.rehearse.EmbeddedCluster;
import dev.segue.agent.rehearse.SimulatedTime;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Products' lives in a minute: a real Git repository, real charts, a simulated cluster. Three
 * products are released, one of them a chart whose sub-charts go out one by one; one is upgraded,
 * an upgrade fails and is rolled back, somebody deletes a release by hand, and a product is
 * removed.
 */
final class Demo {
  private static final GitAuthor AUTHOR = new GitAuthor("Segue demo", "demo@localhost");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final RepoPath PODTATO_HEAD = RepoPath.parse("products/podtato-head.yaml");
  private static final RepoPath CORE5G = RepoPath.parse("products/core5g.yaml");
  private static final RepoPath BOOKINFO = RepoPath.parse("products/bookinfo.yaml");
  private static final GroupName BOOKINFO_GROUP = GroupName.parse("bookinfo");
  private static final GroupName CORE5G_GROUP = GroupName.parse("core5g");
  private static final GroupName PODTATO_HEAD_GROUP = GroupName.parse("podtato-head");

  private final Console console;
  private final int speed;

  /**
   * @param speed simulated seconds for each real one
   */
  Demo(Console console, int speed) {
    this.console = console;
    this.speed = speed;
  }

  /** Returns 0 when everything came out as it should. */
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
      return tell(folder.toAbsolutePath().normalize()) ? 0 : 1;
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

  private boolean tell(Path folder) throws IOException, PortException {
    Path bare = folder.resolve("shop.git");
    try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR);
        Stage stage = new Stage(folder, bare, repository)) {
      boolean fine = stage.installs();
      fine &= stage.upgradesOneApplication();
      fine &= stage.upgradesOneSubchart();
      fine &= stage.rollsBackAFailedUpgrade();
      fine &= stage.mendsDrift();
      fine &= stage.removesAProduct();
      farewell(bare);
      return fine;
    }
  }

  /** The repository, the agent and the cluster of one demo. */
  private final class Stage implements AutoCloseable {
    private final FolderRepository repository;
    private final SortedMap<RepoPath, byte[]> files = new TreeMap<>(Example.files());
    private final AtomicReference<EmbeddedCluster> cluster = new AtomicReference<>();
    private final Wiring wiring;
    private final Map<GroupName, Integer> told = new TreeMap<>();

    Stage(Path folder, Path bare, FolderRepository repository) throws IOException, PortException {
      this.repository = repository;
      this.wiring = wiring(folder, bare, cluster);
      say(
          "Repository "
              + bare
              + ", made from the example. Cluster: "
              + wiring.cluster().description()
              + ".");
    }

    boolean installs() throws PortException {
      CommitId commit = commit("Release podtato-head, core5g and bookinfo");
      wiring.reconciling().start();
      title("Commit " + commit.shortHex() + ": three products for the first time");
      return settles()
          && inSync(CORE5G_GROUP)
          && inSync(PODTATO_HEAD_GROUP)
          && inSync(BOOKINFO_GROUP);
    }

    boolean upgradesOneApplication() throws IOException, PortException {
      replace(CORE5G, "function: scp\n", "function: scp\n            replicaCount: 2\n");
      CommitId commit = commit("Run two scp");
      title("Commit " + commit.shortHex() + ": two replicas of core5g's scp");
      return settles() && inSync(CORE5G_GROUP);
    }

    boolean upgradesOneSubchart() throws IOException, PortException {
      replace(BOOKINFO, "replicaCount: 1", "replicaCount: 2");
      CommitId commit = commit("Run two ratings");
      title(
          "Commit "
              + commit.shortHex()
              + ": two replicas of ratings, a sub-chart of bookinfo's one chart");
      return settles() && inSync(BOOKINFO_GROUP);
    }

    boolean rollsBackAFailedUpgrade() throws IOException, PortException {
      replace(CORE5G, "timeout: 4m\n          # Passed", "timeout: 1m\n          # Passed");
      replace(CORE5G, "function: ausf\n", "function: ausf\n            replicaCount: 2\n");
      replace(
          CORE5G,
          "function: smf\n            replicaCount: 1",
          "function: smf\n            replicaCount: 2");
      CommitId commit = commit("Run two ausf and two smf");
      title("Commit " + commit.shortHex() + ": two replicas of ausf and of smf; smf fails");
      Objects.requireNonNull(cluster.get()).failOnce("smf");
      return settles() && is(CORE5G_GROUP, Outcome.Held.class);
    }

    boolean mendsDrift() throws PortException {
      title("Somebody deletes the HelmRelease of podtato-head's hat by hand");
      int before = lastAttempt(PODTATO_HEAD_GROUP);
      Objects.requireNonNull(cluster.get()).delete("HelmRelease", "segue", "podtato-head.hat");
      awaitAttempt(PODTATO_HEAD_GROUP, before + 1);
      return settles() && inSync(PODTATO_HEAD_GROUP);
    }

    boolean removesAProduct() throws PortException {
      files.remove(PODTATO_HEAD);
      CommitId commit = commit("Retire podtato-head");
      title("Commit " + commit.shortHex() + ": podtato-head is gone from the repository");
      boolean settled = settles();
      boolean removed =
          report(PODTATO_HEAD_GROUP).filter(r -> r.phase() == Phase.REMOVED).isPresent();
      say(EmbeddedCluster.PREFIX + " podtato-head: " + (removed ? "removed" : "is still there"));
      return settled && removed;
    }

    private CommitId commit(String message) throws PortException {
      return repository.commit(files, message, Clock.systemUTC().instant());
    }

    private void replace(RepoPath file, String before, String after) throws IOException {
      byte[] content = files.get(file);
      String text = content == null ? "" : new String(content, StandardCharsets.UTF_8);
      String changed = text.replace(before, after);
      if (changed.equals(text)) {
        throw new IOException("the example has no \"" + before + "\"");
      }
      files.put(file, changed.getBytes(StandardCharsets.UTF_8));
    }

    /** Polls, waits until nothing more happens, and says what was planned and came of it. */
    private boolean settles() throws PortException {
      wiring.reconciling().poll();
      boolean settled = wiring.reconciling().awaitSettled(PATIENCE);
      wiring.reconciling().problems().forEach(problem -> say(problem.toString()));
      sayPlans();
      wiring
          .reconciling()
          .outcomes()
          .forEach(
              (group, outcome) ->
                  say(EmbeddedCluster.PREFIX + " " + group + ": " + outcome.describe()));
      return settled && wiring.reconciling().problems().isEmpty();
    }

    private void awaitAttempt(GroupName group, int number) throws PortException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (lastAttempt(group) < number && System.nanoTime() < end) {
        try {
          Thread.sleep(5);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    private int lastAttempt(GroupName group) throws PortException {
      return report(group).map(report -> report.attempt().number()).orElse(0);
    }

    private Optional<StatusReport> report(GroupName group) throws PortException {
      return wiring
          .status()
          .read()
          .read(StatusPaths.of(group, StatusPaths.STATUS))
          .flatMap(StatusFile::read);
    }

    /** The plans that are new since they were said last, without what they keep. */
    private void sayPlans() throws PortException {
      for (GroupName group : List.of(BOOKINFO_GROUP, CORE5G_GROUP, PODTATO_HEAD_GROUP)) {
        for (int n = told.getOrDefault(group, 0) + 1; n <= lastAttempt(group); n++) {
          wiring
              .status()
              .read()
              .read(StatusPaths.of(group, HistoryFile.path(n)))
              .flatMap(HistoryFile::read)
              .ifPresent(this::sayPlan);
          told.put(group, n);
        }
      }
    }

    private void sayPlan(AttemptRecord attempt) {
      long kept = attempt.releases().stream().filter(e -> e.action().equals("keep")).count();
      say(
          "Plan of "
              + attempt.group()
              + ", attempt "
              + attempt.attempt().number()
              + " ("
              + attempt.attempt().purpose().text()
              + "), "
              + kept
              + " kept:");
      attempt.releases().stream()
          .filter(entry -> !entry.action().equals("keep"))
          .forEach(
              entry ->
                  say(
                      "  "
                          + entry.action()
                          + " "
                          + entry.release()
                          + ": "
                          + String.join("; ", entry.reasons())));
    }

    private boolean inSync(GroupName group) {
      return is(group, Outcome.InSync.class);
    }

    private boolean is(GroupName group, Class<? extends Outcome> expected) {
      return expected.isInstance(wiring.reconciling().outcomes().get(group));
    }

    @Override
    public void close() {
      wiring.close();
    }
  }

  private Wiring wiring(Path folder, Path bare, AtomicReference<EmbeddedCluster> cluster)
      throws PortException {
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
            DagView.Style.of(console.redraws(), console.coloured(), console.environment()),
            EmbeddedCluster.PREFIX,
            TerminalSize.rows(console));
    return Wiring.open(
        config,
        name -> Optional.empty(),
        charts -> shown(charts, view, cluster),
        (group, outcome) -> {},
        Clock.systemUTC());
  }

  private Cluster shown(ChartStore charts, DagView view, AtomicReference<EmbeddedCluster> cluster) {
    SimulatedTime time = SimulatedTime.spedUp(Clock.systemUTC().instant(), speed);
    EmbeddedCluster simulated = new EmbeddedCluster(charts, time, line -> {});
    cluster.set(simulated);
    return new ShownCluster(simulated, view);
  }

  private void farewell(Path bare) {
    say("");
    say(
        "The status branch tells what was planned, rendered and read back (from the embedded, simulated cluster):");
    say("  git --git-dir=" + bare + " log --stat segue/demo");
    say("  git --git-dir=" + bare + " show segue/demo:README.md");
    say("  git --git-dir=" + bare + " show segue/demo:groups/core5g/plan.md");
  }

  private void title(String title) {
    say("");
    say("== " + title);
  }

  private void say(String line) {
    console.out().println(line);
  }
}
