// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.agent.cli.Actions.Page;
import dev.segue.renderer.model.GroupName;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code segue rehearse}. */
@Command(
    name = "rehearse",
    description =
        "Shows what a commit would do, and what would follow a failure, on the embedded (simulated) cluster.",
    footer = {
      "",
      "It begins with what the status branch in the clone records of the site. No cluster is touched and nothing is written.",
      "Exit code 0 when every case ends as it is to: without a failure released, with one back at the last good",
      "commit or held. 1 when one does not, 2 for wrong use.",
      "",
      "Examples:",
      "  segue rehearse shop --fail each",
      "  segue rehearse --to origin/release-2.1 --fail web --fail db -o markdown",
      "  segue rehearse --to ."
    })
final class RehearseCommand implements Callable<Integer> {
  private static final String EACH = "each";

  @ParentCommand private @Nullable Segue parent;
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Mixin private CloneOptions clone = new CloneOptions();

  @Option(
      names = "--fail",
      paramLabel = "RELEASE|each",
      description = "what is to fail, in a case of its own; may be repeated; `each` for every one")
  private List<String> failing = List.of();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = Converters.PageFormat.class,
      completionCandidates = Converters.PageFormat.class,
      description = "text, json, yaml or markdown (default: ${DEFAULT-VALUE})")
  private Page page = Page.TEXT;

  @Parameters(
      arity = "0..*",
      paramLabel = "GROUP",
      converter = Converters.Group.class,
      description = "a group's name (default: all with which something would be done)")
  private List<GroupName> groups = List.of();

  @Override
  public Integer call() {
    Segue segue = java.util.Objects.requireNonNull(parent);
    return segue
        .actions()
        .rehearse(
            config.configured(),
            new Actions.Rehearsal(
                groups,
                clone.repository(),
                clone.to(),
                clone.cluster(),
                failing.stream().filter(name -> !name.equals(EACH)).distinct().toList(),
                failing.contains(EACH),
                page),
            segue.console());
  }
}
