// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitClone;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.status.Site;
import dev.segue.renderer.status.SiteFile;
import dev.segue.renderer.status.StatusPaths;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Times {@code segue plan} as a process, from its start to its end with an empty cache: many
 * applications at a site, of which a commit changes one; beside {@code helm template} of that one
 * application before and after, which is what a comparison of one release renders. {@code
 * -Dgroups=}, {@code -Dapplications=} (in each group), {@code -Dsegue=} (the command: the script
 * beside segue.jar), {@code -Drepository=} (an example that {@code segue validate} is run on first,
 * so that the script has its archive of classes), {@code -Dhelm=}.
 */
public final class PlanBenchmark {
  private static final int RUNS = 5;
  private static final int CHANGES = 10;
  private static final GitAuthor AUTHOR = new GitAuthor("Bench", "bench@localhost");

  private final PrintStream out = System.out;
  private final BigProduct product =
      new BigProduct(Integer.getInteger("groups", 20), Integer.getInteger("applications", 50), 400);
  private final Path folder;

  private PlanBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    new PlanBenchmark(Files.createTempDirectory("segue-bench-")).run();
  }

  private void run() throws Exception {
    Path bare = folder.resolve("products.git");
    try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR)) {
      repository.commit(product.files(), "Everything", Instant.now());
      release(bare);
      repository.commit(product.upgraded(), "One application", Instant.now());
    }
    out.printf(
        "%d groups × %d applications, one changed; %d processors%n",
        product.groups(), product.applications(), Runtime.getRuntime().availableProcessors());
    segue(0, "validate", "--set", "charts.cache=" + folder.resolve("cache-of-validate"), System.getProperty("repository", "example-repo"));
    List<Double> plans = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    Path chart = chart();
    for (int i = 0; i < RUNS; i++) {
      peers.add(template(chart) + template(chart));
      plans.add(plan(bare, folder.resolve("cache-" + i)));
    }
    double plan = median(plans);
    double peer = median(peers);
    out.printf("  helm template of the changed one, before and after %6.3f s%n", peer);
    out.printf("  segue plan, cold                                   %6.3f s, %.1f of that%n", plan, plan / peer);
    out.printf(
        "  a comparison of every application that way: about  %6.1f s; the plan is %.4f of it%n",
        peer * product.groups() * product.applications(),
        plan / (peer * product.groups() * product.applications()));
  }

  /** Writes the status branch of a site at which all of it was released. */
  private void release(Path bare) throws Exception {
    RepositoryAddress address =
        new RepositoryAddress(
            bare.toUri().toString(),
            new RepositoryAddress.Branch("main"),
            "",
            new RepositoryAddress.Auth(null, null, null, null, null, null));
    ReconcilerSettings settings = settings(bare);
    try (GitClone clone = GitClone.find(bare, folder.resolve("objects.git")).orElseThrow();
        SourceRepo source = clone.at(clone.resolve("main").orElseThrow(), "", "main");
        HelmChartStore charts =
            new HelmChartStore(
                source,
                name -> Optional.empty(),
                HelmChartStore.Settings.in(folder.resolve("cache")));
        StatusBranch status =
            JGitStatusBranch.open(
                address,
                folder.resolve("git"),
                GitLimits.defaults(),
                "segue/lab",
                AUTHOR,
                Clock.systemUTC())) {
      Preview preview = new Preview(source, charts, settings, Clock.systemUTC());
      StatusBranch.Snapshot released = preview.releasedAt(source.poll()).status();
      SortedMap<RepoPath, String> files = new TreeMap<>();
      for (String group : released.folders(StatusPaths.GROUPS)) {
        for (String file : List.of("status.yaml", "inventory.yaml", "planned.yaml", "good.yaml")) {
          RepoPath path = RepoPath.parse("groups/" + group + "/" + file);
          files.put(path, released.read(path).orElseThrow());
        }
      }
      files.put(
          StatusPaths.SITE,
          SiteFile.write(
              new Site("lab", settings.kubeVersion(), settings.render(), settings.paths(), 50)));
      status.commit(
          newest -> new StatusBranch.Edit(List.of(), files, "everything is released", Map.of()));
    }
  }

  private static ReconcilerSettings settings(Path bare) {
    String url = bare.toUri().toString();
    RenderSettings render =
        new RenderSettings(
            Namespace.parse("segue"),
            "segue-workflow",
            0,
            Duration.ofDays(1),
            "OnPodSuccess",
            url,
            "main",
            null,
            url,
            "segue/lab",
            null);
    return new ReconcilerSettings(
        "lab", List.of("products"), "v1.34.4", Duration.ofDays(1), 1, 50, render);
  }

  private double plan(Path bare, Path cache) throws Exception {
    return segue(
        CHANGES, "plan", "--to", "main", "--repository", bare.toString(), "--set", "charts.cache=" + cache);
  }

  private double segue(int code, String... arguments) throws Exception {
    String segue = System.getProperty("segue", "agent/target/segue");
    List<String> command = new ArrayList<>(List.of(segue.split(" ", -1)));
    command.addAll(List.of(arguments));
    return seconds(command, code);
  }

  /** The chart of the application that changes, in a folder. */
  private Path chart() throws IOException {
    for (Map.Entry<RepoPath, byte[]> file : product.files().entrySet()) {
      if (file.getKey().value().startsWith("charts/c0/")) {
        Path path = folder.resolve(file.getKey().value());
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
    }
    return folder.resolve("charts/c0");
  }

  private double template(Path chart) throws Exception {
    return seconds(
        List.of(System.getProperty("helm", "helm"), "template", "app-0-0", chart.toString()), 0);
  }

  private double seconds(List<String> command, int code) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "KUBECONFIG"));
    long start = System.nanoTime();
    Process process = builder.start();
    int ended = process.waitFor();
    if (ended != code) {
      throw new IOException(command + " ends with " + ended);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(List<Double> all) {
    List<Double> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
