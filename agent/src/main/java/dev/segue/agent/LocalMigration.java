// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.renderer.migrate.ChartFolder;
import dev.segue.renderer.migrate.Migration;
import dev.segue.renderer.migrate.Migrations;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes files of ours of what lies in a work tree: of files of others, and of charts. */
final class LocalMigration {
  private static final long MAX_FILE_BYTES = 3L * 1024 * 1024;

  private final Console console;

  LocalMigration(Console console) {
    this.console = console;
  }

  /** Migrates each file; returns 0 when all of them were. */
  int migrate(Actions.Migrated asked) {
    List<Migration> made = new ArrayList<>();
    for (Path file : asked.files()) {
      made.add(migrated(file, asked));
    }
    return new DraftOutput(console, asked.output()).write(made);
  }

  private static Migration migrated(Path file, Actions.Migrated asked) {
    Path absolute = file.toAbsolutePath().normalize();
    Path root = root(absolute, asked.repository());
    Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
    Optional<String> text = read(absolute);
    String shown = file.toString().replaceFirst("^(\\./)+", "");
    if (text.isEmpty()) {
      return problem(
          shown,
          ProblemCode.REPOSITORY_FILE_NOT_FOUND,
          "must be a file of at most " + MAX_FILE_BYTES + " bytes that can be read",
          "");
    }
    try {
      RepoPath inside = RepoPath.parse(LocalFiles.relative(root, folder));
      SourceFile source =
          new SourceFile(RepoPath.parse(LocalFiles.relative(root, absolute)), text.get());
      GroupName name = asked.name() == null ? nameOf(folder) : asked.name();
      return named(
          Migrations.of(source, name, inside, values -> valuesFile(root, inside, values)),
          source.path().value(),
          shown);
    } catch (IllegalArgumentException e) {
      return problem(
          shown,
          ProblemCode.REPOSITORY_BAD_PATH,
          "must lie in the repository \"" + root + "\" and have a usable name",
          "Name the folder with `--repository`.");
    }
  }

  private static Migration problem(String file, ProblemCode code, String message, String remedy) {
    return new Migration("", List.of(new Problem(code, file, 0, "", message, remedy)), List.of());
  }

  /** Problems under the name that the user knows. */
  private static Migration named(Migration made, String path, String shown) {
    return new Migration(
        made.text(), named(made.problems(), path, shown), named(made.notices(), path, shown));
  }

  private static List<Problem> named(List<Problem> told, String path, String shown) {
    return told.stream()
        .map(
            one ->
                new Problem(
                    one.code(),
                    one.path().equals(path) ? shown : one.path(),
                    one.line(),
                    one.field(),
                    one.message(),
                    one.remedy()))
        .toList();
  }

  /** The repository, else the Git work tree, else the folder that holds {@code path}. */
  private static Path root(Path path, @Nullable Path repository) {
    if (repository != null) {
      return repository.toAbsolutePath().normalize();
    }
    for (Path folder = path; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        return folder;
      }
    }
    return path.getParent() == null ? path : path.getParent();
  }

  private static GroupName nameOf(Path folder) {
    Path last = folder.getFileName();
    String label =
        (last == null ? "" : last.toString())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9-]+", "-")
            .replaceAll("^-+|-+$", "");
    return GroupName.parse(label.isEmpty() || label.length() > 63 ? "product" : label);
  }

  private static Optional<String> valuesFile(Path root, RepoPath folder, String name) {
    try {
      return read(root.resolve(folder.resolve(name).value()));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // outside of the repository
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MAX_FILE_BYTES
          ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Makes a first file for the charts in a folder; returns 0 when there was one. */
  int init(Actions.First asked, Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path root = root(absolute, asked.repository());
    if (!Files.isDirectory(absolute) || !absolute.startsWith(root)) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": FOLDER must be a folder in the repository \""
                  + root
                  + "\"; got \""
                  + folder
                  + "\"");
      return Actions.USAGE;
    }
    Path above = absolute.getParent();
    GroupName name = asked.name() == null ? nameOf(above == null ? absolute : above) : asked.name();
    Namespace namespace =
        asked.namespace() == null ? Namespace.parse(name.value()) : asked.namespace();
    try {
      return new DraftOutput(console, asked.output())
          .write(List.of(ChartFolder.draft(name, namespace, charts(root, absolute))));
    } catch (IOException | IllegalArgumentException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": cannot read \""
                  + folder
                  + "\": "
                  + (e instanceof IOException io ? EmptyFolders.reason(io) : e.getMessage()));
      return 1;
    }
  }

  /** Charts below charts are theirs. */
  private static SortedMap<RepoPath, String> charts(Path root, Path folder) throws IOException {
    SortedMap<RepoPath, String> charts = new TreeMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
            if (LocalFiles.isGit(below)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Path file = below.resolve("Chart.yaml");
            if (!Files.exists(file)) {
              return FileVisitResult.CONTINUE;
            }
            charts.put(RepoPath.parse(LocalFiles.relative(root, below)), read(file).orElse(""));
            return FileVisitResult.SKIP_SUBTREE;
          }
        });
    return charts;
  }
}
