// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code segue validate}: everything that is wrong, before anything is committed. */
@Command(
    name = "validate",
    description = "Says everything that is wrong with files and folders, and with their charts.",
    footer = {
      "",
      "In folders the .yaml, .yml and .json files are read that belong to no chart. Their charts are rendered by Helm's"
          + " own engine; no cluster is asked.",
      "Exit code 0 when there is no problem, 1 when there is one. Warnings do not count.",
      "",
      "Examples:",
      "  segue validate products",
      "  segue validate --remote-charts --images digest -o sarif products > segue.sarif"
    })
final class ValidateCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Segue parent;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @ArgGroup private @Nullable WhichCharts which;

  /** At most one of them. */
  static final class WhichCharts {
    @Option(names = "--no-charts", description = "look at the files alone")
    private boolean none;

    @Option(
        names = "--remote-charts",
        description = "look also at the charts of Helm repositories and registries")
    private boolean remote;
  }

  @Option(
      names = "--images",
      paramLabel = "tag|digest",
      converter = Converters.Images.class,
      completionCandidates = Converters.Images.class,
      description =
          "what every image must have: a tag other than latest (or a digest), or a digest (default: a warning where there is neither)")
  private Actions.Images images = Actions.Images.UNSAID;

  @Option(
      names = "--schemas",
      paramLabel = "DIR",
      description =
          "JSON Schemas of Kubernetes' objects, named as kubeconform has them (deployment-apps-v1.json); may be repeated")
  private List<Path> schemas = new ArrayList<>();

  @Option(
      names = "--crds",
      paramLabel = "PATH",
      description = "a file or folder of CustomResourceDefinitions; may be repeated")
  private List<Path> crds = new ArrayList<>();

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description =
          "what chart paths are relative to (default: the nearest folder at or above each PATH that has the charts, else the Git work tree)")
  private @Nullable Path repository;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = Converters.Report.class,
      completionCandidates = Converters.Report.class,
      description = "text, json, sarif or junit (default: ${DEFAULT-VALUE})")
  private Actions.Report report = Actions.Report.TEXT;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "a file or folder")
  private List<Path> paths = new ArrayList<>();

  @Override
  public Integer call() {
    Segue segue = java.util.Objects.requireNonNull(parent, "picocli sets it");
    Actions.Checks checks = new Actions.Checks(repository, charts(), images, schemas, crds, report);
    return segue.actions().validate(paths, checks, config.configured(), segue.console());
  }

  private Actions.Charts charts() {
    if (which == null) {
      return Actions.Charts.LOCAL;
    }
    if (which.none) {
      return Actions.Charts.NONE;
    }
    return which.remote ? Actions.Charts.ALL : Actions.Charts.LOCAL;
  }
}
