// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.Declared;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.Passes;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.rehearse.EmbeddedCluster;
import dev.segue.agent.rehearse.SimulatedTime;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.render.RenderSettings;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A repository and a site that an agent releases it to, pass by pass on simulated time: the same
 * commits give the same status branch, to the byte.
 */
public final class SiteLab implements AutoCloseable {
  public static final String BRANCH = "segue/site-a";
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final GitAuthor TEAM = new GitAuthor("Team", "team@example.com");
  private static final Duration PATIENCE = Duration.ofHours(3);

  private final Path folder;
  private final Path chartCache;
  private final FolderRepository repository;
  private final TreeMap<RepoPath, byte[]> files = new TreeMap<>();
  private final SimulatedTime time = SimulatedTime.manual(START);
  private final JGitSourceRepo source;
  private final JGitStatusBranch status;
  private final HelmChartStore charts;
  private final EmbeddedCluster cluster;
  private final Passes passes;
  private int commits;

  /**
   * @param chartCache may be shared with other labs
   */
  public SiteLab(Path folder, Path chartCache) throws PortException {
    this.folder = folder;
    this.chartCache = chartCache;
    this.repository = FolderRepository.create(folder.resolve("product.git"), "main", TEAM);
    RepositoryAddress address =
        new RepositoryAddress(
            url(), new RepositoryAddress.Branch("main"), "", RepositoryAddress.Auth.NONE);
    InstantSource now = time::now;
    Clock clock = now.withZone(ZoneOffset.UTC);
    this.source = JGitSourceRepo.open(address, folder.resolve("git"), GitLimits.defaults());
    this.status = JGitStatusBranch.open(source, BRANCH, new GitAuthor("Segue", "s@e.com"), clock);
    this.charts = SharedEngine.store(source, chartCache);
    this.cluster = new EmbeddedCluster(charts, time, line -> {});
    this.passes =
        new Passes(source, cluster, status, charts, settings(), UnaryOperator.identity(), clock);
  }

  private ReconcilerSettings settings() {
    RenderSettings render =
        new RenderSettings(
            Namespace.parse("segue"),
            "segue-workflow",
            10,
            Duration.ofHours(24),
            "OnPodSuccess",
            url(),
            "main",
            null,
            url(),
            BRANCH,
            null);
    return new ReconcilerSettings(
        "site-a", List.of("products/**"), "", Duration.ofMinutes(10), 1, 50, render);
  }

  public String url() {
    return folder.resolve("product.git").toUri().toString();
  }

  /** Has each install and upgrade of a release take that long. */
  public void slow(String release, Duration action) {
    cluster.lasts(release, action);
  }

  /** Writes the files as they are into a folder. */
  public Path writeTo(Path tree) throws IOException {
    for (Map.Entry<RepoPath, byte[]> file : files.entrySet()) {
      Path target = tree.resolve(file.getKey().value());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
    }
    return tree;
  }

  public SiteLab file(String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public SiteLab remove(String path) {
    files.remove(RepoPath.parse(path));
    return this;
  }

  /** Puts {@code after} in the place of {@code before}, which the file must have. */
  public SiteLab replace(String path, String before, String after) {
    String text = new String(files.get(RepoPath.parse(path)), StandardCharsets.UTF_8);
    if (!text.contains(before)) {
      throw new IllegalArgumentException(path + " has no \"" + before + "\"");
    }
    return file(path, text.replace(before, after));
  }

  /** Commits what the files are by now. */
  public CommitId commit() throws PortException {
    return repository.commit(files, "Change " + ++commits, START.plusSeconds(commits));
  }

  /** Has the agent do everything that is to be done. */
  public void release() throws PortException {
    Declared declared = Declared.read(source.poll(), source, status.read(), settings());
    status.refresh();
    List<GroupName> groups = new ArrayList<>(declared.groups().keySet());
    groups.addAll(declared.undeclared().keySet());
    for (GroupName group : groups) {
      Instant end = time.now().plus(PATIENCE);
      while (!settled(group, declared)) {
        if (time.now().isAfter(end)) {
          throw new AssertionError(group + " does not settle");
        }
        time.advance(Duration.ofSeconds(1));
      }
      time.advance(Duration.ofSeconds(30));
      passes.over(group, declared);
    }
  }

  private boolean settled(GroupName group, Declared declared) {
    return passes.over(group, declared).map(Outcome::settled).orElse(true);
  }

  /** What a command needs to find this repository and this site. */
  public String[] arguments(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--repository", folder.resolve("product.git").toString()));
    all.addAll(List.of("--set", "charts.cache=" + chartCache.resolve("commands")));
    return all.toArray(String[]::new);
  }

  /** Returns a new clone of the repository, with its files. */
  public Path cloned(Path into) throws Exception {
    Git.cloneRepository()
        .setURI(url())
        .setDirectory(into.toFile())
        .setBranch("main")
        .call()
        .close();
    return into;
  }

  /** Returns the files of the status branch, by path. */
  public SortedMap<String, byte[]> statusFiles() throws Exception {
    SortedMap<String, byte[]> found = new TreeMap<>();
    try (Repository git =
            new FileRepositoryBuilder().setGitDir(folder.resolve("product.git").toFile()).build();
        TreeWalk walk = new TreeWalk(git)) {
      walk.addTree(git.resolve(BRANCH + "^{tree}"));
      walk.setRecursive(true);
      while (walk.next()) {
        found.put(walk.getPathString(), git.open(walk.getObjectId(0)).getBytes());
      }
    }
    return found;
  }

  /** Where every branch of the repository stands. */
  public String refs() throws Exception {
    try (Repository git =
        new FileRepositoryBuilder().setGitDir(folder.resolve("product.git").toFile()).build()) {
      return git.getRefDatabase().getRefs().toString();
    }
  }

  @Override
  public void close() {
    cluster.close();
    charts.close();
    status.close();
    source.close();
    repository.close();
  }
}
