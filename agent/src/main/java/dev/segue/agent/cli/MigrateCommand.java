// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
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

/** {@code segue migrate}. */
@Command(
    name = "migrate",
    description = "Writes files of Orkestra and of Helmfile as files of Segue.",
    footer = {
      "",
      "What has no counterpart, or means something else now, is told line by line on standard error.",
      "A Helmfile with templates is rendered first: helmfile build --embed-values > built.yaml",
      "",
      "Examples:",
      "  segue migrate orkestra/bookinfo.yaml > products/bookinfo.yaml",
      "  segue migrate --name shop helmfile.yaml -f products/shop.yaml"
    })
final class MigrateCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Segue parent;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      converter = Converters.Group.class,
      description = "what a Helmfile's group is called (default: as its folder)")
  private @Nullable GroupName name;

  @Mixin private FileOption output = new FileOption();

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description =
          "what chart paths are relative to (default: the Git work tree, else the folder)")
  private @Nullable Path repository;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "a file of Orkestra or Helmfile")
  private List<Path> files = List.of();

  @Override
  public Integer call() {
    Segue segue = Objects.requireNonNull(parent);
    return segue
        .actions()
        .migrate(new Actions.Migrated(files, name, repository, output.file()), segue.console());
  }
}
