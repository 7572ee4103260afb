// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.FileCredentials;
import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Actions.PlanQuestion;
import dev.segue.agent.cli.Console;
import dev.segue.agent.kube.Fabric8Cluster;
import dev.segue.agent.operate.Json;
import dev.segue.agent.operate.RefusedException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.preview.Detail;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.preview.Palette;
import dev.segue.renderer.preview.PreviewJson;
import dev.segue.renderer.preview.PreviewMarkdown;
import dev.segue.renderer.preview.PreviewText;
import dev.segue.renderer.preview.SitesTable;
import dev.segue.renderer.status.Site;
import dev.segue.renderer.status.SiteFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Foresees what the agent would do, for people who decide about a change. */
final class Planning {
  private static final String STATUS_PREFIX = "segue/";

  private final AgentConfig config;
  private final Checkout checkout;
  private final PlanQuestion question;
  private final Console console;
  private final Clock clock;
  private final List<String> hints = new ArrayList<>();
  private final Set<Problem> problems = new TreeSet<>();

  /**
   * @param config what it says of the source's place does not matter
   */
  Planning(
      AgentConfig config, Checkout checkout, PlanQuestion question, Console console, Clock clock) {
    this.config = config;
    this.checkout = checkout;
    this.question = question;
    this.console = console;
    this.clock = clock;
  }

  /** Prints the plans. Returns the exit code. */
  int run() {
    try {
      List<GroupPreview> previews = new ArrayList<>();
      try (Progress progress = Progress.on(console)) {
        for (Map.Entry<String, Snapshot> site : sites().entrySet()) {
          progress.say("planning for " + site.getKey());
          previews.addAll(at(site.getKey(), site.getValue()));
        }
      }
      print(previews);
      hints.stream().distinct().forEach(console.err()::println);
      boolean wrong =
          !problems.isEmpty() || previews.stream().anyMatch(view -> !view.problems().isEmpty());
      boolean changes = previews.stream().anyMatch(GroupPreview::changes);
      return wrong ? 1 : changes ? Actions.CHANGES : 0;
    } catch (RefusedException e) {
      console.err().println(ProblemCode.REQUEST_REFUSED.id() + ": " + e.getMessage());
      return Actions.USAGE;
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (IOException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": cannot read \""
                  + checkout.root()
                  + "\": "
                  + EmptyFolders.reason(e));
      return 1;
    }
  }

  /** The status branches to start from, by the name of their cluster. */
  private SortedMap<String, Snapshot> sites() throws PortException, RefusedException {
    SortedMap<String, Snapshot> branches = checkout.branches(STATUS_PREFIX);
    SortedMap<String, Snapshot> known = new TreeMap<>();
    branches.forEach((name, status) -> known.put(name.substring(STATUS_PREFIX.length()), status));
    if (question.allSites()) {
      if (known.isEmpty()) {
        throw new RefusedException(
            "no status branch is in this clone; fetch them: `git fetch origin "
                + "'+refs/heads/segue/*:refs/remotes/origin/segue/*'`");
      }
      return known;
    }
    String name = question.site() == null ? config.cluster().name() : question.site();
    SortedMap<String, Snapshot> site = new TreeMap<>();
    if (known.containsKey(name)) {
      site.put(name, known.get(name));
    } else if (question.site() == null && known.size() == 1) {
      site.putAll(known);
    } else if (question.from() != null || known.isEmpty()) {
      site.put(name, Preview.NOTHING);
    } else {
      throw new RefusedException(
          "`--cluster` must be one whose status branch is in this clone; got \""
              + name
              + "\". There are "
              + String.join(", ", known.keySet()));
    }
    if (known.isEmpty() && question.from() == null) {
      hints.add(
          "No status branch is in this clone, so nothing counts as released. If there is one, fetch it: "
              + "`git fetch origin '+refs/heads/segue/*:refs/remotes/origin/segue/*'`");
    }
    return site;
  }

  private List<GroupPreview> at(String cluster, Snapshot status)
      throws PortException, IOException, RefusedException {
    ReconcilerSettings settings = settings(cluster, status);
    CommitId to = commit("--to", question.to(), settings.paths());
    try (SourceRepo source = checkout.at(to, config.source().fluxUrl(), branch());
        ChartStore charts = charts(source)) {
      Preview preview = new Preview(source, charts, settings, clock);
      Preview.Result result = preview(preview, source, to, status, settings);
      problems.addAll(result.problems());
      return result.groups();
    }
  }

  private Preview.Result preview(
      Preview preview, SourceRepo source, CommitId to, Snapshot status, ReconcilerSettings settings)
      throws PortException, IOException, RefusedException {
    Predicate<GroupName> which =
        group -> question.groups().isEmpty() || question.groups().contains(group);
    if (question.from() != null) {
      CommitId from = commit("--from", question.from(), settings.paths());
      Snapshot released = preview.releasedAt(source.tree(from));
      return preview.fromRecord(source.tree(to), released, which);
    }
    if (!question.live()) {
      return preview.fromRecord(source.tree(to), status, which);
    }
    AgentConfig.Cluster kube = config.cluster();
    try (Fabric8Cluster cluster =
        new Fabric8Cluster(
            kube.kubeconfig(),
            kube.context(),
            settings.render().namespace(),
            List.of(settings.render().namespace()))) {
      cluster.watch(group -> {});
      return preview.fromCluster(source.tree(to), status, cluster, cluster.dryRun(), which);
    }
  }

  private CommitId commit(String option, String revision, List<String> paths)
      throws PortException, IOException, RefusedException {
    Optional<CommitId> commit = checkout.commit(revision, paths);
    return commit.orElseThrow(
        () ->
            new RefusedException(
                "`"
                    + option
                    + "` must be a revision of the clone \""
                    + checkout.root()
                    + "\", or \".\" for its files as they are; got \""
                    + revision
                    + "\""));
  }

  /** What the status branch says of its cluster counts more than what is configured here. */
  private ReconcilerSettings settings(String cluster, Snapshot status) throws RepoException {
    Optional<Site> site = status.read(StatusPaths.SITE).flatMap(SiteFile::read);
    SourceRepo nowhere =
        checkout.at(CommitId.parse("0".repeat(40)), config.source().fluxUrl(), branch());
    ReconcilerSettings settings = Wiring.reconcilerSettings(config, nowhere);
    String kubeVersion =
        site.map(Site::kubeVersion)
            .filter(version -> !version.isEmpty())
            .orElse(LocalStore.kubeVersion(config));
    return site.map(settings::at).orElse(settings).named(cluster, kubeVersion);
  }

  private String branch() {
    return config.source().revision() instanceof AgentConfig.Revision.Branch branch
        ? branch.name()
        : "";
  }

  private ChartStore charts(SourceRepo source) throws PortException {
    Path folder = config.charts().credentials();
    CredentialSource credentials =
        folder == null ? name -> Optional.empty() : new FileCredentials(folder);
    return Wiring.charts(config.charts(), source, credentials, clock);
  }

  private void print(List<GroupPreview> previews) {
    Palette palette = console.coloured() ? Palette.COLOURED : Palette.PLAIN;
    String text =
        switch (question.output()) {
          case TEXT ->
              question.allSites()
                  ? SitesTable.text(previews, palette)
                  : PreviewText.write(previews, palette, Detail.valueOf(question.detail().name()));
          case MARKDOWN ->
              question.allSites()
                  ? SitesTable.markdown(previews)
                  : PreviewMarkdown.write(previews, question.limit());
          case YAML -> YamlWriter.write(PreviewJson.data(previews));
          case JSON -> Json.write(PreviewJson.data(previews));
        };
    console.out().print(text);
    problems.forEach(console.err()::println);
  }
}
