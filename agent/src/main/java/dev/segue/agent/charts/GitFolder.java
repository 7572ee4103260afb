// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a chart's folder from a commit as Helm would load it from disk. */
final class GitFolder {
  private GitFolder() {}

  /** Returns the files, and notes the folder's object id in {@code folders}. */
  static ChartFiles read(RepoTree tree, RepoPath folder, Map<RepoPath, String> folders)
      throws ChartException {
    String shown = "chart \"" + folder + "\"";
    TreeMap<String, byte[]> files = new TreeMap<>();
    try {
      folders.put(folder, objectId(tree, folder));
      List<RepoTree.Entry> entries = tree.list(folder);
      long bytes = entries.stream().mapToLong(RepoTree.Entry::size).sum();
      if (entries.size() > ChartFiles.MAX_FILES || bytes > ChartFiles.MAX_BYTES) {
        throw new ChartException(
            ProblemCode.CHART_TOO_LARGE,
            false,
            shown
                + " must have at most "
                + ChartFiles.MAX_FILES
                + " files and "
                + (ChartFiles.MAX_BYTES >> 20)
                + " MiB",
            null);
      }
      int cut = folder.value().isEmpty() ? 0 : folder.value().length() + 1;
      for (RepoTree.Entry entry : entries) {
        byte[] content = tree.read(entry.path(), ChartFiles.MAX_BYTES);
        files.put(entry.path().value().substring(cut), ChartArchive.withoutByteOrderMark(content));
      }
    } catch (RepoException e) {
      throw failed(shown, e);
    }
    return ChartFiles.of(ChartArchive.expand(HelmIgnore.apply(files, shown), shown), shown);
  }

  /** Throws CHART_NOT_FOUND when nothing is there. */
  static String objectId(RepoTree tree, RepoPath folder) throws ChartException {
    Optional<String> id;
    try {
      id = tree.objectId(folder);
    } catch (RepoException e) {
      throw failed("chart \"" + folder + "\"", e);
    }
    return id.orElseThrow(
        () ->
            new ChartException(
                ProblemCode.CHART_NOT_FOUND,
                false,
                "chart \""
                    + folder
                    + "\" must be a folder of commit "
                    + tree.commit().shortHex()
                    + "; nothing is there",
                null));
  }

  /** A link or submodule in a chart is the chart's fault; the rest keeps its code. */
  static ChartException failed(String shown, RepoException e) {
    boolean unsafe =
        e.code() == ProblemCode.REPOSITORY_SYMBOLIC_LINK
            || e.code() == ProblemCode.REPOSITORY_SUBMODULE;
    return new ChartException(
        unsafe ? ProblemCode.CHART_UNSAFE : e.code(),
        e.retryable(),
        "cannot read " + shown + ": " + e.getMessage(),
        e);
  }
}
