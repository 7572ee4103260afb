// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.FirstReleases.Committed;
import dev.segue.agent.reconcile.FirstReleases.PartChart;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Where rendered groups go: a folder each, or one stream of YAML documents. */
final class BundleOutput {
  private static final String CHARTS = "charts/";
  private static final String NEXT_DOCUMENT = "---\n";

  private final Console console;
  private final @Nullable Path folder;

  /**
   * @param folder null for standard output
   */
  BundleOutput(Console console, @Nullable Path folder) {
    this.console = console;
    this.folder = folder;
  }

  /** Why nothing can be written there; empty when it can. */
  Optional<String> unusable() {
    return folder == null || EmptyFolders.isEmptyOrNew(folder)
        ? Optional.empty()
        : Optional.of(
            "`--output` must be an empty or new folder, so that nothing of yours is replaced; got \""
                + folder
                + "\"");
  }

  /** Writes them, and says how much and what of it the agent will have otherwise. */
  void write(SortedMap<GroupName, Committed> groups) throws IOException {
    for (Map.Entry<GroupName, Committed> group : groups.entrySet()) {
      if (folder == null) {
        print(group.getKey(), group.getValue());
      } else {
        write(group.getKey(), group.getValue(), folder.resolve(group.getKey().value()));
      }
      if (!group.getValue().namesItsCommit()) {
        console
            .err()
            .println(
                group.getKey()
                    + ": the commit of the status branch that will have the charts of its"
                    + " sub-charts is not made yet, so what names it will differ: their sources,"
                    + " what refers to these, planned.yaml");
      }
    }
    console.out().flush();
  }

  private void write(GroupName name, Committed group, Path into) throws IOException {
    int files = 0;
    for (Map.Entry<RepoPath, String> file : group.files().entrySet()) {
      write(into.resolve(file.getKey().value()), bytes(file.getValue()));
      files++;
    }
    for (Map.Entry<RepoPath, PartChart> chart : group.charts().entrySet()) {
      Path at = into.resolve(CHARTS + chart.getKey().fileName());
      for (Map.Entry<String, byte[]> file : chart.getValue().files().entrySet()) {
        write(at.resolve(file.getKey()), file.getValue());
        files++;
      }
    }
    console.err().println(name + ": " + files + " files in " + into);
  }

  private static void write(Path target, byte[] content) throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target, content);
  }

  /** What is no YAML is named in a comment in its place. */
  private void print(GroupName name, Committed group) {
    int documents = 0;
    for (Map.Entry<RepoPath, String> file : group.files().entrySet()) {
      String path = name + "/" + file.getKey();
      String text = file.getValue();
      if (path.endsWith(".yaml")) {
        console.out().print(NEXT_DOCUMENT + "# File: " + path + "\n");
        console
            .out()
            .print(text.startsWith(NEXT_DOCUMENT) ? text.substring(NEXT_DOCUMENT.length()) : text);
        documents++;
      } else {
        leftOut(path, "a text of " + bytes(text).length + " bytes", Digest.of(text));
      }
    }
    group
        .charts()
        .forEach(
            (path, chart) ->
                leftOut(
                    name + "/" + CHARTS + path.fileName(),
                    "a chart of " + chart.files().size() + " files",
                    chart.digest()));
    int others = group.files().size() - documents;
    console
        .err()
        .println(
            name
                + ": "
                + documents
                + " files; left out, since no YAML: "
                + others
                + (others == 1 ? " text, " : " texts, ")
                + group.charts().size()
                + " charts. `-o DIR` writes all of it");
  }

  private void leftOut(String path, String what, Digest digest) {
    console
        .out()
        .print(
            NEXT_DOCUMENT
                + "# Left out: "
                + path
                + ", "
                + what
                + ", sha256:"
                + digest.hex()
                + "\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Where it goes, for people. */
  @Override
  public String toString() {
    return folder == null ? "standard output" : "\"" + folder + "\"";
  }
}
