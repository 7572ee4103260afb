// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static java.util.Objects.requireNonNull;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitClone;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.agent.reconcile.Mandate;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.Reconciler;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.rehearse.EmbeddedCluster;
import dev.segue.agent.rehearse.SimulatedTime;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * A product's repository, an agent and an embedded cluster: the whole way from a commit to a
 * release and its status, with real Git, real charts and Helm's own engine. The cluster's time
 * stands still except while a test waits.
 */
public final class ReleaseLab implements AutoCloseable {
  public static final Namespace NAMESPACE = Namespace.parse("delivery");
  private static final String STATUS = "segue/lab";
  private static final GitAuthor TEAM = new GitAuthor("Team", "team@example.com");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Path bare;
  private final FolderRepository repository;
  private final TreeMap<RepoPath, byte[]> files = new TreeMap<>();
  private final SimulatedTime time = SimulatedTime.manual(START);
  private final JGitSourceRepo source;
  private final HelmChartStore charts;
  private final EmbeddedCluster cluster;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile Consumer<Outcome> listener = outcome -> {};
  private final List<PortException> pollsFailed = new CopyOnWriteArrayList<>();
  private volatile Duration wrongBy = Duration.ZERO;
  private String spec = "";
  private @Nullable GroupObjects shown;
  private Tenancy tenancy = Tenancy.NONE;
  private @Nullable Agent agent;

  /** One life of an agent. */
  private record Agent(Reconciler reconciler, Calls calls, JGitStatusBranch status) {}

  /**
   * Opens a repository with a chart {@code charts/web}, and nothing declared.
   *
   * @param folder empty
   * @param chartCache may be shared with other labs: what was rendered there is not rendered again
   */
  public ReleaseLab(Path folder, Path chartCache) throws PortException {
    this.bare = folder.resolve("product.git");
    this.repository = FolderRepository.create(bare, "main", TEAM);
    this.source = JGitSourceRepo.open(address(bare), folder.resolve("git"), GitLimits.defaults());
    this.charts = SharedEngine.store(source, chartCache);
    this.cluster = new EmbeddedCluster(charts, time, events::add);
    chart("web", "1.0.0");
  }

  static RepositoryAddress address(Path bare) {
    return new RepositoryAddress(
        bare.toUri().toString(),
        new RepositoryAddress.Branch("main"),
        "",
        new RepositoryAddress.Auth(null, null, null, null, null, null));
  }

  /** Puts a chart of one ConfigMap that shows {@code colour}. */
  public ReleaseLab chart(String name, String version) {
    file(
        "charts/" + name + "/Chart.yaml",
        "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n");
    return file(
        "charts/" + name + "/templates/all.yaml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}
        data:
          colour: {{ .Values.colour | default "none" | quote }}
        """);
  }

  public ReleaseLab file(String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Whether the file, pushed or not, has that text. */
  public boolean says(String path, String text) {
    byte[] file = files.getOrDefault(RepoPath.parse(path), new byte[0]);
    return new String(file, StandardCharsets.UTF_8).contains(text);
  }

  public ReleaseLab remove(String path) {
    files.remove(RepoPath.parse(path));
    return this;
  }

  /**
   * Declares a group in {@code products/<name>.yaml}: each application is {@code name}, {@code
   * name=colour}, {@code name<dependency}, {@code name~soft-dependency} or {@code
   * name=colour<dependency}.
   */
  public ReleaseLab group(String name, String... applications) {
    return groupIn("", name, applications);
  }

  /** Declares a group whose objects are in that namespace. */
  public ReleaseLab groupIn(String namespace, String name, String... applications) {
    return file(
        "products/" + name + ".yaml", ProductFile.text(namespace, name, spec, applications));
  }

  /**
   * Has the groups that are declared from now on say this in their {@code spec}, line by line, such
   * as {@code onFailure: hold}.
   */
  public ReleaseLab spec(String lines) {
    spec = lines;
    return this;
  }

  /** Has agents that are started from now on show groups there. */
  public ReleaseLab shownIn(GroupObjects objects) {
    shown = objects;
    return this;
  }

  public CommitId push() throws PortException {
    return repository.commit(files, "Change", START);
  }

  /** Begins a life of the agent, which knows nothing of an earlier one. */
  public ReleaseLab start() throws PortException {
    return start(2, Duration.ofDays(1));
  }

  public ReleaseLab start(int concurrency, Duration interval) throws PortException {
    stop();
    Calls calls = new Calls();
    JGitStatusBranch status = statusBranch(source, clock());
    Reconciler reconciler =
        new Reconciler(
            new WatchedSource(source, calls),
            new WatchedCluster(cluster, calls),
            new WatchedStatus(status, calls),
            new WatchedCharts(charts, calls),
            limited(settings(source, interval, concurrency)),
            Mandate.forAll(),
            shown,
            (group, outcome) -> listener.accept(outcome),
            clock());
    agent = new Agent(reconciler, calls, status);
    reconciler.start();
    return this;
  }

  /** Has agents from the next on, and previews, keep to these limits. */
  public ReleaseLab tenancy(Tenancy limits) {
    tenancy = limits;
    return this;
  }

  private ReconcilerSettings limited(ReconcilerSettings settings) {
    return new ReconcilerSettings(
        settings.clusterName(),
        settings.paths(),
        settings.kubeVersion(),
        settings.interval(),
        settings.concurrency(),
        settings.removalPercent(),
        settings.render().with(tenancy));
  }

  static JGitStatusBranch statusBranch(JGitSourceRepo source, Clock clock) throws PortException {
    return JGitStatusBranch.open(
        source, STATUS, new GitAuthor("Segue", "segue@example.com"), clock);
  }

  static ReconcilerSettings settings(JGitSourceRepo source, Duration interval, int concurrency) {
    RenderSettings rendering =
        new RenderSettings(
            NAMESPACE,
            "segue",
            0,
            Duration.ofDays(1),
            "OnPodSuccess",
            source.url(),
            "main",
            null,
            source.url(),
            "segue/lab",
            null);
    return new ReconcilerSettings(
        "lab", List.of("products"), "", interval, concurrency, 50, rendering);
  }

  private Clock clock() {
    return clock(() -> time.now().plus(wrongBy));
  }

  static Clock clock(InstantSource time) {
    return time.withZone(ZoneOffset.UTC);
  }

  /** Sets the agent's clock wrong by that much; the cluster's is right. */
  public void agentsClockIsWrongBy(Duration difference) {
    wrongBy = difference;
  }

  /** The cluster's time. */
  Instant now() {
    return time.now();
  }

  Path bare() {
    return bare;
  }

  /** Lets the cluster's time pass. */
  public ReleaseLab pass(Duration duration) {
    time.advance(duration);
    return this;
  }

  /** Ends the agent's life in order. */
  public void stop() {
    if (agent != null) {
      agent.reconciler().close();
      agent.status().close();
      agent = null;
    }
  }

  /** Has the outcomes of every group told from now on. */
  public void listen(Consumer<Outcome> to) {
    listener = to;
  }

  public Reconciler reconciler() {
    return requireNonNull(agent).reconciler();
  }

  public Calls calls() {
    return requireNonNull(agent).calls();
  }

  public EmbeddedCluster cluster() {
    return cluster;
  }

  /** What the cluster did, line by line. */
  public List<String> events() {
    return events;
  }

  /** Polls, and waits until every group is settled. */
  public ReleaseLab release() throws PortException {
    poll();
    return settle();
  }

  /** Polls; the cluster's time moves a little and stands still again. */
  public ReleaseLab poll() throws PortException {
    time.advance(STEP);
    reconciler().poll();
    return this;
  }

  public ReleaseLab settle() {
    return until(() -> reconciler().settled());
  }

  /** Lets the cluster's time pass until that is so. */
  public ReleaseLab until(BooleanSupplier done) {
    return until(done, () -> true);
  }

  /** Waits until that is so; the cluster's time passes only while it may. */
  ReleaseLab until(BooleanSupplier done, BooleanSupplier timePasses) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(4))
        .until(
            () -> {
              boolean so = done.getAsBoolean();
              if (!so && timePasses.getAsBoolean()) {
                time.advance(STEP);
              }
              return so;
            });
    return this;
  }

  /** Polls, and waits until a Workflow of the group runs; the cluster's time stands still then. */
  public ReleaseLab begin(String group) throws PortException {
    poll();
    Awaitility.await().atMost(PATIENCE).until(() -> outcome(group) instanceof Outcome.Progressing);
    return this;
  }

  /** Polls, and waits until the agent was killed where it was to be. */
  public void releaseUntilKilled() throws PortException {
    pollUnlessKilled();
    until(() -> calls().dead());
  }

  /** Polls; the agent may be killed meanwhile, here or by what another thread calls. */
  private void pollUnlessKilled() throws PortException {
    try {
      reconciler().poll();
    } catch (Calls.KilledException e) {
      if (!calls().dead()) {
        throw e;
      }
    }
  }

  /** The life of the agent that was started last. */
  public Life life() {
    return new Life() {
      @Override
      public void poll() {
        try {
          pollUnlessKilled();
        } catch (PortException e) {
          pollsFailed.add(e);
        }
      }

      @Override
      public boolean dead() {
        return calls().dead();
      }

      @Override
      public boolean settled() {
        if (!pollsFailed.isEmpty()) {
          pollsFailed.remove(0);
          poll();
          return false;
        }
        return reconciler().settled();
      }
    };
  }

  /**
   * Returns what would be done about the newest commit, as somebody foresees it who has a clone of
   * the repository and nothing else.
   */
  public List<GroupPreview> preview() throws Exception {
    Path scratch = Files.createTempDirectory(bare.getParent(), "preview-");
    try (GitClone clone = GitClone.find(bare, scratch.resolve("objects.git")).orElseThrow();
        SourceRepo ours = clone.at(clone.resolve("main").orElseThrow(), source.url(), "main");
        HelmChartStore store = SharedEngine.store(ours, scratch.resolve("cache"))) {
      StatusBranch.Snapshot status = clone.branches("segue/").getOrDefault(STATUS, Preview.NOTHING);
      ReconcilerSettings settings =
          limited(settings(source, Duration.ofDays(1), 1))
              .named("lab", cluster.kubernetesVersion());
      return new Preview(ours, store, settings, clock())
          .fromRecord(ours.poll(), status, group -> true)
          .groups();
    }
  }

  public @Nullable Outcome outcome(String group) {
    return reconciler().outcomes().get(GroupName.parse(group));
  }

  /** Returns the objects of that kind of the group, by name. */
  public List<Manifest> objects(String group, String kind) {
    return cluster.observe(GroupName.parse(group)).stream()
        .filter(object -> object.kind().equals(kind))
        .toList();
  }

  /** Returns the names of the group's Workflows, whatever became of them. */
  public List<String> workflows(String group) {
    return objects(group, "Workflow").stream().map(Manifest::name).toList();
  }

  public Manifest workflow(String name) {
    return cluster.find("Workflow", NAMESPACE.value(), name).orElseThrow();
  }

  /** Returns the names of the tasks of the Workflow. */
  @SuppressWarnings("unchecked") // Workflows as we render them
  public List<String> tasks(Manifest workflow) {
    Map<String, Object> dag =
        (Map<String, Object>) requireNonNull(workflow.maps("spec", "templates").get(0).get("dag"));
    return ((List<Map<String, Object>>) requireNonNull(dag.get("tasks")))
        .stream().map(task -> String.valueOf(task.get("name"))).toList();
  }

  public StatusReport status(String group) {
    return StatusFile.read(statusFile("groups/" + group + "/status.yaml").orElseThrow())
        .orElseThrow();
  }

  /** Returns a file of the status branch; empty when it is not there. */
  public Optional<String> statusFile(String path) {
    return inStatus(
        (git, tip) -> {
          try (TreeWalk walk = TreeWalk.forPath(git, path, tip.getTree())) {
            return walk == null
                ? Optional.empty()
                : Optional.of(
                    new String(git.open(walk.getObjectId(0)).getBytes(), StandardCharsets.UTF_8));
          }
        });
  }

  /** Returns the paths of all files of the status branch. */
  public List<String> statusFiles() {
    return inStatus(
            (git, tip) -> {
              List<String> paths = new ArrayList<>();
              try (TreeWalk walk = new TreeWalk(git)) {
                walk.addTree(tip.getTree());
                walk.setRecursive(true);
                while (walk.next()) {
                  paths.add(walk.getPathString());
                }
              }
              return Optional.of(paths);
            })
        .orElse(List.of());
  }

  /** Returns the messages of the status branch's commits, the oldest first. */
  public List<String> statusCommits() {
    return inStatus(
            (git, tip) -> {
              List<String> messages = new ArrayList<>();
              try (RevWalk walk = new RevWalk(git)) {
                walk.markStart(walk.parseCommit(tip));
                walk.forEach(commit -> messages.add(0, commit.getFullMessage()));
              }
              return Optional.of(messages);
            })
        .orElse(List.of());
  }

  /** Returns the newest commit of the status branch; empty before the first. */
  public Optional<CommitId> statusTip() {
    return inStatus((git, tip) -> Optional.of(CommitId.parse(tip.name())));
  }

  /** Whether the status branch still has that commit in its history. */
  public boolean statusHas(CommitId commit) {
    return inStatus(
            (git, tip) -> {
              try (RevWalk walk = new RevWalk(git)) {
                RevCommit ancestor = walk.parseCommit(ObjectId.fromString(commit.hex()));
                return Optional.of(walk.isMergedInto(ancestor, walk.parseCommit(tip)));
              }
            })
        .orElse(false);
  }

  @FunctionalInterface
  private interface StatusReader<T> {
    Optional<T> read(Repository git, RevCommit tip) throws IOException;
  }

  private <T> Optional<T> inStatus(StatusReader<T> reader) {
    try (Repository git = new FileRepositoryBuilder().setGitDir(bare.toFile()).setBare().build();
        RevWalk walk = new RevWalk(git)) {
      ObjectId tip = git.resolve(Constants.R_HEADS + STATUS);
      return tip == null ? Optional.empty() : reader.read(git, walk.parseCommit(tip));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
    cluster.close();
    charts.close();
    source.close();
    repository.close();
  }
}
