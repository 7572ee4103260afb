// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that declare groups in a work tree, read as the agent reads those of a commit. A file
 * of a repository has a path in it; what a user names may lie anywhere, so each file is given a
 * path and problems are told with the name by which the user knows it.
 */
final class LocalDeclarations {
  private static final long MAX_FILE_BYTES = 3L * 1024 * 1024;

  private final @Nullable Path root;
  private final Map<RepoPath, String> names = new TreeMap<>();
  private final List<SourceFile> files = new ArrayList<>();
  private final TreeSet<Problem> problems = new TreeSet<>();
  private final Set<Path> seen = new HashSet<>();

  private LocalDeclarations(@Nullable Path root) {
    this.root = root;
  }

  /**
   * Reads these files, and in and below these folders the YAML and JSON files that belong to no
   * chart. A file that is named twice is read once.
   *
   * @param root the repository, in which all of them must lie; null when that does not matter
   */
  static LocalDeclarations read(List<Path> paths, @Nullable Path root) {
    LocalDeclarations declarations = new LocalDeclarations(root);
    paths.forEach(declarations::add);
    return declarations;
  }

  /** In the order they were found, each with a path of its own. */
  List<SourceFile> files() {
    return List.copyOf(files);
  }

  /**
   * Those of the groups whose files were read here too, as they would be read here.
   *
   * @param groups what {@code others} declare
   */
  List<ApplicationGroup> ofThese(LocalDeclarations others, List<ApplicationGroup> groups) {
    Map<String, RepoPath> here = new HashMap<>();
    names.forEach((path, name) -> here.put(name, path));
    return groups.stream()
        .flatMap(
            group ->
                Stream.ofNullable(here.get(others.nameOf(group.origin().file())))
                    .map(group::declaredIn))
        .toList();
  }

  /** What could not be read, sorted. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** These problems under the names that the user knows, sorted. */
  List<Problem> named(Collection<Problem> told) {
    return told.stream().map(this::named).sorted().toList();
  }

  /** The name by which the user knows the file of that path. */
  String nameOf(RepoPath path) {
    return names.getOrDefault(path, path.value());
  }

  /** This problem under the names that the user knows. */
  Problem named(Problem problem) {
    String path = problem.path();
    String message = problem.message();
    for (Map.Entry<RepoPath, String> entry : names.entrySet()) {
      String key = entry.getKey().value();
      if (!key.equals(entry.getValue())) {
        path = path.equals(key) ? entry.getValue() : path;
        message = message.replace(" " + key + ":", " " + entry.getValue() + ":");
      }
    }
    return new Problem(
        problem.code(), path, problem.line(), problem.field(), message, problem.remedy());
  }

  private void add(Path path) {
    if (path.toString().isEmpty()) {
      problems.add(
          Problem.of(ProblemCode.REPOSITORY_FILE_NOT_FOUND, "a path must not be empty", ""));
    } else if (Files.isDirectory(path)) {
      addFolder(path);
    } else if (!LocalFiles.isDeclaration(path)) {
      if (Files.exists(path)) {
        report(path, ProblemCode.NOTHING_FOUND, "must end in .yaml, .yml or .json to be read", "");
      } else {
        report(path, ProblemCode.REPOSITORY_FILE_NOT_FOUND, "there is no such file or folder", "");
      }
    } else {
      addFile(path);
    }
  }

  private void addFolder(Path folder) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
              boolean skipped =
                  LocalFiles.isGit(below) || Files.exists(below.resolve("Chart.yaml"));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (LocalFiles.isDeclaration(file) && !attributes.isOther()) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              unreadable(file, e);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      unreadable(folder, e);
    }
    found.stream().sorted().forEach(this::addFound);
  }

  private void addFound(Path file) {
    if (Files.isSymbolicLink(file)) {
      report(
          file,
          ProblemCode.REPOSITORY_SYMBOLIC_LINK,
          "must not be a symbolic link; commit what it points to in its place",
          "");
    } else {
      addFile(file);
    }
  }

  private void addFile(Path file) {
    try {
      if (!seen.add(file.toRealPath())) {
        return;
      }
      if (!Files.isRegularFile(file)) {
        report(
            file, ProblemCode.REPOSITORY_FILE_NOT_FOUND, "must be a file or folder with text", "");
      } else if (Files.size(file) > MAX_FILE_BYTES) {
        report(
            file,
            ProblemCode.REPOSITORY_FILE_TOO_LARGE,
            "must not be larger than " + MAX_FILE_BYTES + " bytes; it has " + Files.size(file),
            "");
      } else {
        addContent(file, Files.readAllBytes(file));
      }
    } catch (IOException e) {
      unreadable(file, e);
    }
  }

  private void addContent(Path file, byte[] content) {
    String name = shown(file);
    @Nullable RepoPath key = key(file, name);
    if (key != null) {
      names.put(key, name);
      files.add(new SourceFile(key, new String(content, StandardCharsets.UTF_8)));
    }
  }

  /** Returns null, having told why, when the repository cannot have such a file. */
  private @Nullable RepoPath key(Path file, String name) {
    try {
      if (root != null) {
        Path absolute = file.toAbsolutePath().normalize();
        Path top = root.toAbsolutePath().normalize();
        return absolute.startsWith(top)
            ? new RepoPath(LocalFiles.relative(top, absolute))
            : new RepoPath(LocalFiles.relative(top.toRealPath(), file.toRealPath()));
      }
      RepoPath inner = new RepoPath(file.getFileName().toString()); // its name must be usable
      boolean usable = !file.isAbsolute() && isNormal(name);
      return usable ? new RepoPath(name) : unused(inner);
    } catch (IllegalArgumentException e) {
      report(
          file,
          ProblemCode.REPOSITORY_BAD_PATH,
          root == null
              ? "a file's name must not have a backslash or a control character"
              : "must lie in the repository \"" + root + "\" and have a usable name",
          root == null ? "Rename it." : "Name the folder with `--repository`.");
      return null;
    } catch (IOException e) {
      unreadable(file, e);
      return null;
    }
  }

  private static boolean isNormal(String name) {
    try {
      return !new RepoPath(name).value().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A path that stands for a file outside, in the order of the files. */
  private RepoPath unused(RepoPath name) {
    String folder = String.format("outside/%06d", names.size());
    RepoPath key = RepoPath.parse(folder).resolve(name.value());
    while (names.containsKey(key)) {
      folder = folder + "_";
      key = RepoPath.parse(folder).resolve(name.value());
    }
    return key;
  }

  private void unreadable(Path file, IOException e) {
    String why =
        e instanceof NoSuchFileException
            ? "there is no such file or folder"
            : e instanceof AccessDeniedException
                ? "must be readable; permission is denied"
                : "cannot be read: " + e.getMessage();
    report(file, ProblemCode.REPOSITORY_FILE_NOT_FOUND, why, "");
  }

  private void report(Path file, ProblemCode code, String message, String remedy) {
    problems.add(new Problem(code, shown(file), 0, "", message, remedy));
  }

  /** As the user named it, or would: without {@code ./} before it, on one line. */
  private static String shown(Path file) {
    String text = file.toString().replace(file.getFileSystem().getSeparator(), "/");
    return text.replaceFirst("^(\\./)+", "").replaceAll("\\p{Cntrl}", " ");
  }
}
