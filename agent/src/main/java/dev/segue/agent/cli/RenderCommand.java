// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code segue render}. */
@Command(
    name = "render",
    description =
        "Writes what a first release of the groups in PATH comes to: Workflow, HelmReleases, sources, charts of sub-charts, manifests, plan.",
    footer = {
      "",
      "No cluster is touched and no configuration needed. Nothing is written when there is a problem.",
      "With --to it is what the agent of that site commits to its status branch, to the byte.",
      "On standard output what is no YAML, charts and plan.md, is left out: a comment names it with its digest.",
      "",
      "Examples:",
      "  segue render -o out example-repo",
      "  segue render -o - products/shop.yaml",
      "  segue render -o out --to origin/main --cluster site-a products"
    })
final class RenderCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  @ParentCommand private @Nullable Segue parent;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "the folder to write to, which must be empty or new; - for standard output")
  private @Nullable Path output;

  @Option(
      names = "--to",
      paramLabel = "REVISION",
      description =
          "take the files of that branch, tag or commit of the clone that PATH is in, and render as the agent of the site (default: the files as they are)")
  private @Nullable String to;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description =
          "with --to, the site's name (default: `cluster.name`, or the only one there is)")
  private @Nullable String cluster;

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description =
          "what chart paths are relative to (default: the nearest folder at or above PATH that has the charts, else the Git work tree); with --to, a folder in the clone")
  private @Nullable Path repository;

  @Parameters(paramLabel = "PATH", description = "a file or folder")
  private @Nullable Path path;

  @Override
  public Integer call() {
    if (cluster != null && to == null) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), "--cluster needs --to");
    }
    Segue segue = Objects.requireNonNull(parent);
    Path folder = Objects.requireNonNull(output);
    Actions.Rendering asked =
        new Actions.Rendering(
            Objects.requireNonNull(path),
            repository,
            folder.toString().equals(STANDARD_OUTPUT) ? null : folder,
            to,
            cluster);
    return segue.actions().render(asked, config.configured(), segue.console());
  }
}
