// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.git.IgnoredFiles;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A folder of a work tree, seen as the repository that it is or will be. */
final class LocalRepository {
  /** How a chart names another one beside it. */
  private static final Pattern SIBLING = Pattern.compile("file://([^\"'\\s,}]+)");

  private static final List<String> CHART_FILES = List.of("Chart.yaml", "requirements.yaml");

  private LocalRepository() {}

  /**
   * The folder that chart paths are relative to: of the folders at and above {@code path}, up to
   * the Git work tree, the nearest that has most of the charts; the Git work tree when none has any
   * or none is declared; the folder itself outside of a work tree.
   */
  static Path find(Path path, List<ApplicationGroup> groups) {
    Path absolute = path.toAbsolutePath().normalize();
    Path start =
        Files.isDirectory(absolute) || absolute.getParent() == null ? absolute : above(absolute);
    Set<RepoPath> charts = charts(groups);
    Path best = start;
    long most = 0;
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      Path candidate = folder;
      long count =
          charts.stream().filter(c -> Files.isDirectory(candidate.resolve(c.value()))).count();
      boolean isTop = Files.exists(folder.resolve(".git"));
      if (count > most || (isTop && most == 0)) {
        best = folder;
        most = count;
      }
      if (isTop) {
        break;
      }
    }
    return best;
  }

  private static Path above(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  private static Set<RepoPath> charts(List<ApplicationGroup> groups) {
    Set<RepoPath> charts = new TreeSet<>();
    groups.stream()
        .flatMap(group -> group.applications().stream())
        .forEach(
            application -> {
              if (application.chart() instanceof ChartRef.InGit inGit) {
                charts.add(inGit.path());
              }
            });
    return charts;
  }

  /**
   * Files as Git would commit them.
   *
   * @param ignored what lies there too and would be in no commit
   */
  record Snapshot(SortedMap<RepoPath, byte[]> files, SortedSet<RepoPath> ignored) {
    /** What is left out, for people; "" for nothing. */
    String notice() {
      if (ignored.isEmpty()) {
        return "";
      }
      int others = ignored.size() - 1;
      return "Git ignores "
          + ignored.first()
          + (others == 0 ? "" : " and " + others + " more below the charts")
          + ": left out here, as no commit would have it";
    }
  }

  /**
   * What of the folder matters to these groups: those of the files that declare them, their charts,
   * and the charts that those refer to by {@code file://}. What else lies there changes nothing.
   */
  static Snapshot snapshot(Path root, List<SourceFile> declarations, List<ApplicationGroup> groups)
      throws IOException {
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    Set<RepoPath> origins =
        groups.stream().map(group -> group.origin().file()).collect(Collectors.toSet());
    declarations.stream()
        .filter(file -> origins.contains(file.path()))
        .forEach(file -> files.put(file.path(), file.text().getBytes(StandardCharsets.UTF_8)));
    Deque<RepoPath> wanted = new ArrayDeque<>(charts(groups));
    Set<RepoPath> taken = new HashSet<>();
    while (!wanted.isEmpty()) {
      RepoPath chart = wanted.remove();
      Path folder = root.resolve(chart.value());
      if (taken.add(chart) && Files.isDirectory(folder)) {
        LocalFiles.addBelow(root, folder, files);
        wanted.addAll(siblings(chart, files));
      }
    }
    SortedSet<RepoPath> ofCharts = new TreeSet<>(files.keySet());
    ofCharts.removeAll(origins);
    SortedSet<RepoPath> ignored = IgnoredFiles.among(root, ofCharts);
    files.keySet().removeAll(ignored);
    return new Snapshot(files, ignored);
  }

  private static Set<RepoPath> siblings(RepoPath chart, SortedMap<RepoPath, byte[]> files) {
    Set<RepoPath> siblings = new TreeSet<>();
    for (String name : CHART_FILES) {
      byte[] content = files.getOrDefault(chart.resolve(name), new byte[0]);
      Matcher matcher = SIBLING.matcher(new String(content, StandardCharsets.UTF_8));
      while (matcher.find()) {
        sibling(chart, matcher.group(1)).ifPresent(siblings::add);
      }
    }
    return siblings;
  }

  /** Empty when it leaves the repository; whoever brings the dependency in says so. */
  private static Optional<RepoPath> sibling(RepoPath chart, String relative) {
    try {
      return Optional.of(chart.resolve(relative));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
