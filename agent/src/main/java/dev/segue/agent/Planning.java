// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.Review.Reviewed;
import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Actions.PlanQuestion;
import dev.segue.agent.cli.Console;
import dev.segue.agent.kube.Fabric8Cluster;
import dev.segue.agent.operate.Json;
import dev.segue.agent.operate.RefusedException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.preview.Palette;
import dev.segue.renderer.preview.PreviewJson;
import dev.segue.renderer.preview.PreviewMarkdown;
import dev.segue.renderer.preview.PreviewText;
import dev.segue.renderer.preview.SitesTable;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Foresees what the agent would do, for people who decide about a change. */
final class Planning {
  private final AgentConfig config;
  private final Checkout checkout;
  private final Review review;
  private final PlanQuestion question;
  private final Console console;
  private final Clock clock;
  private final List<String> hints = new ArrayList<>();
  private final Set<Problem> problems = new TreeSet<>();
  private final SortedSet<GroupName> known = new TreeSet<>();

  /**
   * @param config what it says of the source's place does not matter
   * @param options see {@link Review}
   */
  Planning(
      AgentConfig config,
      Set<String> options,
      Checkout checkout,
      PlanQuestion question,
      Console console,
      Clock clock) {
    this.config = config;
    this.checkout = checkout;
    this.review = new Review(config, options, checkout, clock);
    this.question = question;
    this.console = console;
    this.clock = clock;
  }

  /** Prints the plans. Returns the exit code. */
  int run() {
    try {
      refuseContradictions();
      List<GroupPreview> previews = new ArrayList<>();
      try (Progress progress = Progress.on(console)) {
        for (Map.Entry<String, Snapshot> site : sites().entrySet()) {
          progress.say("planning for " + site.getKey());
          previews.addAll(at(site.getKey(), site.getValue()));
        }
      }
      refuseUnknown();
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

  /** What would be passed over in silence would pass for an answer. */
  private void refuseContradictions() throws RefusedException {
    if (question.allClusters() && question.cluster() != null) {
      throw new RefusedException("`--cluster` and `--all-clusters` exclude each other");
    }
    if (question.live() && question.allClusters()) {
      throw new RefusedException(
          "`--live` and `--all-clusters` exclude each other: a kubeconfig names one cluster");
    }
    if (question.live() && question.from() != null) {
      throw new RefusedException(
          "`--live` and `--from` exclude each other: a plan starts from the cluster or from a"
              + " revision");
    }
  }

  /** The status branches to start from, by the name of their cluster. */
  private SortedMap<String, Snapshot> sites() throws PortException, RefusedException {
    SortedMap<String, Snapshot> known = review.sites();
    String fetch = "fetch them: " + Review.FETCH;
    if (question.allClusters()) {
      if (known.isEmpty()) {
        throw new RefusedException("no status branch is in this clone; " + fetch);
      }
      return known;
    }
    if (known.isEmpty() && question.from() == null) {
      hints.add(
          "No status branch is in this clone, so nothing counts as released. If there are some, "
              + fetch);
    }
    Map.Entry<String, Snapshot> site = review.site(question.cluster(), known);
    return new TreeMap<>(Map.of(site.getKey(), site.getValue()));
  }

  private List<GroupPreview> at(String cluster, Snapshot status)
      throws PortException, IOException, RefusedException {
    Reviewed site = review.reviewed(cluster, status, question.to());
    checkout.notice().lines().forEach(hints::add);
    try (ChartStore charts = review.charts(site.source())) {
      Preview.Result result = preview(site, charts);
      problems.addAll(result.problems());
      known.addAll(result.known());
      return told(result.groups(), site.whatIf());
    }
  }

  /** In the plans themselves where there are some that are shown, so that comments have it too. */
  private List<GroupPreview> told(List<GroupPreview> previews, String whatIf) {
    if (whatIf.isEmpty()) {
      return previews;
    }
    if (question.allClusters() || previews.stream().noneMatch(GroupPreview::changes)) {
      hints.add(whatIf);
      return previews;
    }
    return previews.stream().map(view -> view.changes() ? view.noting(whatIf) : view).toList();
  }

  private Preview.Result preview(Reviewed site, ChartStore charts)
      throws PortException, IOException, RefusedException {
    Predicate<GroupName> which =
        group -> question.groups().isEmpty() || question.groups().contains(group);
    Preview preview = new Preview(site.source(), charts, site.settings(), clock);
    RepoTree to = site.source().poll();
    if (question.from() != null) {
      CommitId from = review.commit("--from", question.from(), site.settings());
      Preview.Released released = preview.releasedAt(site.source().tree(from));
      for (Problem problem : released.problems()) {
        hints.add("`--from`: " + problem + "; planned as if that was never released");
      }
      return preview.fromRecord(to, released.status(), which);
    }
    if (!question.live()) {
      return preview.fromRecord(to, site.status(), which);
    }
    AgentConfig.Cluster kube = config.cluster();
    Namespace namespace = site.settings().render().namespace();
    try (Fabric8Cluster cluster =
        new Fabric8Cluster(
            kube.kubeconfig(),
            kube.context(),
            namespace,
            Stream.concat(Stream.of(namespace), kube.namespaces().stream()).toList())) {
      cluster.watch(group -> {});
      return preview.fromCluster(to, site.status(), cluster, cluster.dryRun(), which);
    }
  }

  /** A misspelt name must not pass for a group with which nothing is to be done. */
  private void refuseUnknown() throws RefusedException {
    for (GroupName group : question.groups()) {
      if (!known.contains(group)) {
        problems.forEach(console.err()::println); // it may be in a file that cannot be read
        throw new RefusedException(
            "there is no group \""
                + group
                + "\" at the commit, and none was released; "
                + (known.isEmpty()
                    ? "there is none at all"
                    : "there are "
                        + known.stream().map(GroupName::value).collect(Collectors.joining(", "))));
      }
    }
  }

  private void print(List<GroupPreview> previews) {
    Palette palette = console.coloured() ? Palette.COLOURED : Palette.PLAIN;
    String text =
        switch (question.output()) {
          case TEXT ->
              question.allClusters()
                  ? SitesTable.text(previews, palette)
                  : PreviewText.write(previews, palette, question.detail());
          case MARKDOWN ->
              question.allClusters()
                  ? SitesTable.markdown(previews, question.limit())
                  : PreviewMarkdown.write(previews, question.detail(), question.limit());
          case YAML -> YamlWriter.write(PreviewJson.data(previews));
          case JSON -> Json.write(PreviewJson.data(previews));
        };
    console.out().print(text);
    problems.forEach(console.err()::println);
  }
}
