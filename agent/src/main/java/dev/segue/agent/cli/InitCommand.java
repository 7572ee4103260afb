// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
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

/** {@code segue init}. */
@Command(
    name = "init",
    description =
        "Writes a first file: of the charts in FOLDER, or of the HelmReleases of a cluster.",
    footer = {
      "",
      "Nothing is guessed: dependencies are those that charts or HelmReleases name.",
      "Values that look secret are named in comments and never written.",
      "",
      "Examples:",
      "  segue init charts --name shop",
      "  segue init --from-cluster --name shop --namespace flux-system -f products/shop.yaml"
    })
final class InitCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Segue parent;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      converter = Converters.Group.class,
      description =
          "what the group is called (default: as the folder above FOLDER, or the namespace)")
  private @Nullable GroupName name;

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      converter = Converters.Space.class,
      description =
          "where charts are released to (default: as the group is called); with --from-cluster, where the HelmReleases are (default: default)")
  private @Nullable Namespace namespace;

  @Mixin private FileOption output = new FileOption();

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description =
          "what chart paths are relative to (default: the Git work tree, else the folder above FOLDER)")
  private @Nullable Path repository;

  @Option(
      names = "--from-cluster",
      description = "read the HelmReleases of a cluster; nothing there is changed")
  private boolean fromCluster;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "of that cluster (default: KUBECONFIG, ~/.kube/config)")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "in the kubeconfig (default: its current one)")
  private @Nullable String context;

  @Parameters(arity = "0..1", paramLabel = "FOLDER", description = "a folder with charts")
  private @Nullable Path folder;

  @Override
  public Integer call() {
    Segue segue = Objects.requireNonNull(parent);
    if (fromCluster == (folder != null)) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "either FOLDER or `--from-cluster` must be given");
    }
    Actions.First first = new Actions.First(name, namespace, repository, output.file());
    return folder != null
        ? segue.actions().init(folder, first, segue.console())
        : segue.actions().initFromCluster(kubeconfig, context, first, segue.console());
  }
}
