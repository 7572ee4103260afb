// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files of Helmfile (pkg/state/state.go of helmfile/helmfile has their fields): without templates,
 * or what {@code helmfile build} makes of one with templates. All documents of a file are one
 * group.
 */
final class Helmfile {
  /** Only what {@code helmfile build} writes begins so. */
  private static final Pattern BUILT = Pattern.compile("^filepath:", Pattern.MULTILINE);

  private static final Set<String> READ =
      Set.of("filepath", "releases", "repositories", "helmDefaults", "namespace", "templates");

  /** They change nothing of what is released where the releases are given in full. */
  private static final Set<String> HARMLESS =
      Set.of("helmBinary", "kustomizeBinary", "lockFilePath");

  private final SourceFile file;
  private final Findings problems;
  private final Findings notices;

  private Helmfile(SourceFile file) {
    this.file = file;
    this.problems = new Findings(file.path().value());
    this.notices = new Findings(file.path().value());
  }

  /** What a release may need of the file that it stands in. */
  record Surroundings(
      @Nullable YamlNode defaults,
      String namespace,
      Map<String, YamlNode> repositories,
      RepoPath folder,
      ValuesFiles files,
      Findings problems,
      Findings notices) {
    void lost(int line, String field, String message, String remedy) {
      notices.add(line, ProblemCode.MIGRATION_LEFT_OUT, field, message, remedy);
    }

    void changed(int line, String field, String message, String remedy) {
      notices.add(line, ProblemCode.MIGRATION_CHANGED, field, message, remedy);
    }
  }

  /** Reads files of values. */
  @FunctionalInterface
  interface ValuesFiles {
    /** The file's text; empty when it is not there. The path is relative to the Helmfile. */
    Optional<String> text(String path);
  }

  /** Whether one of the documents, or the text before it is rendered, is a Helmfile. */
  static boolean isOne(String text, List<YamlNode> documents) {
    boolean looks =
        Pattern.compile("^(releases|helmfiles|bases):", Pattern.MULTILINE).matcher(text).find();
    return looks || documents.stream().anyMatch(node -> Nodes.get(node, "releases") != null);
  }

  /**
   * @param folder of the file, in the repository that the new file will lie in
   */
  static Migration migrate(SourceFile file, GroupName name, RepoPath folder, ValuesFiles files) {
    return new Helmfile(file).migrate(name, folder, files);
  }

  private Migration migrate(GroupName name, RepoPath folder, ValuesFiles files) {
    boolean built = BUILT.matcher(file.text()).find();
    int template = built ? 0 : templateLine();
    if (template > 0) {
      problems.add(
          template,
          ProblemCode.MIGRATION_TEMPLATE,
          "",
          "must not have a template ({{ … }}): what it becomes depends on an environment",
          "Give the output of `helmfile build --embed-values` instead.");
      return new Migration("", problems.problems(), List.of());
    }
    YamlStream stream = YamlReader.read(file.text());
    stream.faults().forEach(problems::add);
    if (!problems.isEmpty()) {
      return new Migration("", problems.problems(), List.of());
    }
    List<HelmfileRelease> releases = new ArrayList<>();
    for (YamlNode document : stream.documents()) {
      releases.addAll(releases(document, folder, files));
    }
    GroupFile group = new GroupFile(name.value());
    group.comments.add("Made of " + file.path().fileName() + " by `segue migrate`. Look it over.");
    HelmfileNeeds needs = new HelmfileNeeds(releases);
    for (HelmfileRelease release : releases) {
      if (release.isInstalled()) {
        group.apps.add(release.application(needs.of(release)));
      }
    }
    if (group.apps.isEmpty() && problems.isEmpty()) {
      problems.add(
          0,
          ProblemCode.MIGRATION_NO_COUNTERPART,
          "releases",
          "must have at least one that is installed",
          "");
    }
    Comments.firstIn(file.text())
        .ifPresent(
            line ->
                notices.add(line, ProblemCode.MIGRATION_LEFT_OUT, "", Comments.ARE_LEFT_OUT, ""));
    return Migration.checked(
        GroupFile.text(List.of(group)),
        file.path().value(),
        problems.problems(),
        notices.problems());
  }

  private int templateLine() {
    int number = 0;
    for (String line : file.text().split("\n", -1)) {
      number++;
      if (line.contains("{{")) {
        return number;
      }
    }
    return 0;
  }

  private List<HelmfileRelease> releases(YamlNode document, RepoPath folder, ValuesFiles files) {
    for (YamlNode.Entry entry : Nodes.entries(document)) {
      if (Nodes.isEmpty(entry.value())
          || READ.contains(entry.key())
          || HARMLESS.contains(entry.key())) {
        continue;
      }
      if (entry.key().equals("bases") || entry.key().equals("helmfiles")) {
        problems.add(
            entry.line(),
            ProblemCode.MIGRATION_TEMPLATE,
            entry.key(),
            "must be resolved: the files that it names are not read",
            "Give the output of `helmfile build --embed-values` instead.");
      } else {
        notices.add(
            entry.line(),
            ProblemCode.MIGRATION_LEFT_OUT,
            entry.key(),
            "has no counterpart and is left out",
            "");
      }
    }
    Map<String, YamlNode> repositories = new LinkedHashMap<>();
    for (YamlNode repository : Nodes.items(Nodes.get(document, "repositories"))) {
      repositories.put(Nodes.text(Nodes.get(repository, "name")), repository);
    }
    String place = placeOf(document);
    Surroundings around =
        new Surroundings(
            Nodes.get(document, "helmDefaults"),
            Nodes.text(Nodes.get(document, "namespace")),
            repositories,
            folder.resolve(place),
            name -> files.text(place + name),
            problems,
            notices);
    HelmfileRelease.tellDefaults(around);
    List<HelmfileRelease> releases = new ArrayList<>();
    int index = 0;
    for (YamlNode release : Nodes.items(Nodes.get(document, "releases"))) {
      releases.add(new HelmfileRelease(release, "releases[" + index++ + "]", around));
    }
    return releases;
  }

  /** The folder of the file that a document was built of, with a slash; "" for the same folder. */
  private static String placeOf(YamlNode document) {
    String path = Nodes.text(Nodes.get(document, "filepath"));
    int slash = path.lastIndexOf('/');
    return slash < 0 || path.startsWith("/") || path.startsWith("..")
        ? ""
        : path.substring(0, slash + 1);
  }
}
