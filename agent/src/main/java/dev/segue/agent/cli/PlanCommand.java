// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.preview.Detail;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code segue plan}. */
@Command(
    name = "plan",
    description = "Shows what the agent would do at a site: releases, order, reasons, objects.",
    footer = {
      "",
      "Nothing is changed and no cluster is needed: a site is what its status branch says, as it was last fetched.",
      "Exit code 0 when nothing is to be done, 10 when something is, 1 when there is a problem, 2 for wrong use.",
      "",
      "Examples:",
      "  segue plan",
      "  segue plan --to origin/main --cluster lab -o json",
      "  segue plan --from main --to HEAD -o markdown",
      "  segue plan --all-clusters --to HEAD"
    })
final class PlanCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run
  @ParentCommand
  private Segue parent;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Mixin private CloneOptions clone = new CloneOptions();

  @Option(
      names = "--from",
      paramLabel = "REVISION",
      description =
          "start from everything that this revision declares (default: from what is at the site)")
  private @Nullable String from;

  @Option(
      names = "--all-clusters",
      description = "every cluster whose status branch is in the clone")
  private boolean allClusters;

  @Option(
      names = "--live",
      description =
          "start from the cluster itself, by `cluster.kubeconfig`, and have it checked there")
  private boolean live;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = Converters.PageFormat.class,
      completionCandidates = Converters.PageFormat.class,
      description = "text, markdown, yaml or json (default: ${DEFAULT-VALUE})")
  private Actions.Page output = Actions.Page.TEXT;

  @Option(
      names = "--detail",
      defaultValue = "changes",
      paramLabel = "DETAIL",
      converter = Converters.HowMuch.class,
      completionCandidates = Converters.HowMuch.class,
      description =
          "objects for their names, changes for their fields, all for whole objects that come or go (default: ${DEFAULT-VALUE})")
  private Detail detail = Detail.CHANGES;

  @Option(
      names = "--limit",
      defaultValue = "65536",
      paramLabel = "N",
      converter = Converters.Room.class,
      description =
          "the most characters of Markdown, 1000 at least: GitHub takes 65536, GitLab 1000000 (default: ${DEFAULT-VALUE})")
  private int limit;

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP",
      converter = Converters.Group.class,
      description = "a group's name (default: all)")
  private @Nullable List<GroupName> groups;

  @Override
  public Integer call() {
    Actions.PlanQuestion question =
        new Actions.PlanQuestion(
            groups == null ? List.of() : groups,
            clone.repository(),
            from,
            clone.to(),
            clone.cluster(),
            allClusters,
            live,
            output,
            detail,
            limit);
    return parent.actions().plan(config.configured(), question, parent.console());
  }
}
