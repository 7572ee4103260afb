// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart.PinnedDependency;
import dev.segue.renderer.model.VersionRange;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Completes a chart of a commit with the dependencies that it declares and does not carry, as
 * Flux's source-controller does (internal/helm/chart/dependency_manager.go): the lock file goes
 * before {@code Chart.yaml}, {@code file://} means a folder of the same commit, everything else a
 * Helm repository or OCI registry. Beyond Flux, the dependencies of a {@code file://} dependency
 * are brought in too, and a notice says so.
 */
final class Dependencies {
  private static final int MAX_DEPTH = 16;
  private static final String FILE = "file://";

  private final RepoTree tree;
  private final RemoteCharts remote;
  private final ChartLibrary library;
  private final SortedMap<RepoPath, String> folders = new TreeMap<>();
  private final List<PinnedDependency> pinned = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  Dependencies(RepoTree tree, RemoteCharts remote, ChartLibrary library) {
    this.tree = tree;
    this.remote = remote;
    this.library = library;
  }

  /** The folders that were used, with their Git object ids. */
  SortedMap<RepoPath, String> folders() {
    return folders;
  }

  /** What was brought in, sorted. */
  List<PinnedDependency> pinned() {
    return pinned.stream()
        .distinct()
        .sorted(
            Comparator.comparing(PinnedDependency::name)
                .thenComparing(PinnedDependency::version)
                .thenComparing(PinnedDependency::repository))
        .toList();
  }

  List<String> notices() {
    return notices;
  }

  /** Returns the chart in that folder with all that it needs. */
  ChartFiles complete(RepoPath folder, List<RepoPath> above) throws ChartException {
    ChartFiles files = GitFolder.read(tree, folder, folders);
    String shown = "chart \"" + folder + "\"";
    if (above.contains(folder) || above.size() > MAX_DEPTH) {
      throw problem(shown + " must not depend on itself by `file://` dependencies");
    }
    ChartMetadata metadata = ChartMetadata.of(files, shown);
    List<ChartMetadata.Dependency> missing = missing(files, metadata);
    if (missing.isEmpty()) {
      return files;
    }
    List<RepoPath> path = new ArrayList<>(above);
    path.add(folder);
    TreeMap<String, byte[]> completed = new TreeMap<>(files.all());
    for (ChartMetadata.Dependency dependency : missing) {
      ChartFiles brought = bring(dependency, folder, shown, path);
      add(completed, brought, dependency);
      if (!above.isEmpty()) {
        notices.add(
            "dependency \""
                + dependency.name()
                + "\" of the `file://` dependency \""
                + folder
                + "\" is brought in here; Flux brings in only what the chart itself declares");
      }
    }
    return ChartFiles.of(completed, shown);
  }

  /** Returns the name of a declared dependency that is not there; "" when all are. */
  static String missingIn(ChartFiles files, ChartMetadata metadata) throws ChartException {
    Set<String> carried = carried(files);
    return metadata.dependencies().stream()
        .map(ChartMetadata.Dependency::name)
        .filter(name -> !carried.contains(name))
        .findFirst()
        .orElse("");
  }

  /** One of each name and version: Helm makes the aliases of it. */
  private static List<ChartMetadata.Dependency> missing(ChartFiles files, ChartMetadata metadata)
      throws ChartException {
    Set<String> carried = carried(files);
    List<ChartMetadata.Dependency> wanted =
        metadata.locked().isEmpty() ? metadata.dependencies() : metadata.locked();
    Set<String> seen = new TreeSet<>();
    return wanted.stream()
        .filter(d -> !carried.contains(d.name()))
        .filter(d -> seen.add(d.name() + "\n" + d.version() + "\n" + d.repository()))
        .toList();
  }

  private static Set<String> carried(ChartFiles files) throws ChartException {
    Set<String> names = new TreeSet<>();
    for (String path : files.all().keySet()) {
      String[] segments = path.split("/", -1);
      if (segments.length == 3
          && segments[0].equals("charts")
          && segments[2].equals(ChartMetadata.FILE)) {
        String folder = segments[0] + "/" + segments[1];
        names.add(ChartMetadata.of(files.below(folder), "sub-chart \"" + folder + "\"").name());
      }
    }
    return names;
  }

  private static void add(
      SortedMap<String, byte[]> chart, ChartFiles brought, ChartMetadata.Dependency dependency) {
    String folder = "charts/" + dependency.name();
    for (int next = 2; chart.containsKey(folder + "/" + ChartMetadata.FILE); next++) {
      folder = "charts/" + dependency.name() + "-" + next;
    }
    for (var file : brought.all().entrySet()) {
      chart.put(folder + "/" + file.getKey(), file.getValue());
    }
  }

  private ChartFiles bring(
      ChartMetadata.Dependency dependency, RepoPath folder, String chart, List<RepoPath> above)
      throws ChartException {
    String shown = "dependency \"" + dependency.name() + "\" of " + chart;
    String repository = dependency.repository();
    if (repository.isEmpty()) {
      throw problem(
          shown
              + " must be in its `charts/` folder or have a `repository`; it has neither. Commit it,"
              + " or name its repository in Chart.yaml");
    }
    if (repository.startsWith(FILE)) {
      return sibling(dependency, folder, shown, above);
    }
    RemoteCharts.Found found = remote.find(ref(dependency, shown));
    KnownChart known = found.known();
    pinned.add(new PinnedDependency(known.name(), repository, known.version(), found.archive()));
    return library.files(known.content());
  }

  private ChartFiles sibling(
      ChartMetadata.Dependency dependency, RepoPath folder, String shown, List<RepoPath> above)
      throws ChartException {
    RepoPath target;
    try {
      target = folder.resolve(dependency.repository().substring(FILE.length()));
    } catch (IllegalArgumentException e) {
      throw new ChartException(
          ProblemCode.CHART_UNSAFE,
          false,
          shown
              + " must be in the same repository; \""
              + dependency.repository()
              + "\" is no relative path in it",
          e);
    }
    ChartFiles files = complete(target, above);
    ChartMetadata metadata = ChartMetadata.of(files, "chart \"" + target + "\"");
    if (!metadata.name().equals(dependency.name())) {
      throw problem(
          shown
              + " must have that name in \""
              + target
              + "/Chart.yaml\"; it is \""
              + metadata.name()
              + "\" there");
    }
    if (!range(dependency, shown).matches(metadata.version())) {
      throw problem(
          shown
              + " must have a version in \""
              + dependency.version()
              + "\"; \""
              + target
              + "\" has "
              + metadata.version()
              + ". Run `helm dependency update` and commit Chart.lock");
    }
    pinned.add(
        new PinnedDependency(
            metadata.name(), dependency.repository(), metadata.version(), files.digest()));
    return files;
  }

  private static VersionRange range(ChartMetadata.Dependency dependency, String shown)
      throws ChartException {
    try {
      return VersionRange.parse(dependency.version().isEmpty() ? "*" : dependency.version());
    } catch (IllegalArgumentException e) {
      throw problem(shown + " must have a `version` that is one: " + e.getMessage());
    }
  }

  private static ChartRef ref(ChartMetadata.Dependency dependency, String shown)
      throws ChartException {
    VersionRange range = range(dependency, shown);
    try {
      URI url = URI.create(dependency.repository().replaceFirst("/+$", ""));
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      if (url.getHost() != null && url.getRawUserInfo() == null) {
        if (scheme.equals("oci")) {
          return new ChartRef.InRegistry(
              URI.create(url + "/" + dependency.name()), range.toString(), null);
        }
        if (scheme.equals("https") || scheme.equals("http")) {
          return new ChartRef.InRepository(url, dependency.name(), range.toString(), null);
        }
      }
    } catch (IllegalArgumentException e) {
      throw badRepository(shown);
    }
    throw badRepository(shown);
  }

  private static ChartException badRepository(String shown) {
    return problem(
        shown
            + " must have a `repository` that begins with https://, http://, oci:// or file:// and"
            + " has no user information. Names that `helm repo add` gave mean nothing here");
  }

  private static ChartException problem(String message) {
    return new ChartException(ProblemCode.CHART_DEPENDENCY, false, message, null);
  }
}
