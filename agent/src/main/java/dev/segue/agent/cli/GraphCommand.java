// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.ReleaseName;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code segue graph}. */
@Command(
    name = "graph",
    description =
        "Draws the order in which the groups in PATH are released, and what would not run if a release failed.",
    footer = {
      "",
      "Sub-charts that are released by themselves are drawn where their charts can be had.",
      "No cluster is touched and no configuration needed.",
      "",
      "Examples:",
      "  segue graph products/shop.yaml",
      "  segue graph --fail db products/shop.yaml",
      "  segue graph -o dot products/shop.yaml | dot -Tsvg > shop.svg"
    })
final class GraphCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Segue parent;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = Converters.Drawing.class,
      completionCandidates = Converters.Drawing.class,
      description = "text, mermaid, dot, json or yaml (default: ${DEFAULT-VALUE})")
  private Actions.Drawing drawing = Actions.Drawing.TEXT;

  @Option(
      names = "--fail",
      paramLabel = "RELEASE",
      converter = Converters.Release.class,
      description = "show what would follow if this release failed; may be given several times")
  private @Nullable List<ReleaseName> failing;

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description =
          "what chart paths are relative to (default: the nearest folder at or above the first PATH that has the charts, else the Git work tree)")
  private @Nullable Path repository;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description = "a file or folder (default: the working folder)")
  private @Nullable List<Path> paths;

  @Override
  public Integer call() {
    Segue segue = Objects.requireNonNull(parent);
    List<Path> named = paths == null ? List.of(Path.of(".")) : paths;
    List<ReleaseName> failed = failing == null ? List.of() : failing;
    return segue
        .actions()
        .graph(
            new Actions.Order(named, repository, failed, drawing),
            config.configured(),
            segue.console());
  }
}
