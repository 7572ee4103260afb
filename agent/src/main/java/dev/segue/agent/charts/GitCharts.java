// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Charts that are folders of a commit; one whose folders did not change is not read again. */
final class GitCharts {
  private final SourceRepo repo;
  private final RemoteCharts remote;
  private final ChartLibrary library;

  GitCharts(SourceRepo repo, RemoteCharts remote, ChartLibrary library) {
    this.repo = repo;
    this.remote = remote;
    this.library = library;
  }

  ResolvedChart resolve(RepoPath path, CommitId commit) throws ChartException {
    RepoTree tree;
    try {
      tree = repo.tree(commit);
    } catch (RepoException e) {
      throw GitFolder.failed("chart \"" + path + "\"", e);
    }
    // The path counts: `file://` dependencies are relative to it.
    String source = "git " + GitFolder.objectId(tree, path) + " " + path;
    Optional<KnownChart> before = library.find(source);
    KnownChart known =
        before.isPresent() && isUnchanged(before.get(), tree)
            ? before.get()
            : read(tree, path, source);
    return known.pinned(new ChartPin.InGit(commit, path, List.copyOf(known.folders().keySet())));
  }

  /** Brings in a part of an umbrella chart from the commit that keeps it; returns its content. */
  Digest part(RepoPath path, CommitId commit) throws ChartException {
    try {
      ChartFiles files = GitFolder.read(repo.tree(commit), path, new TreeMap<>());
      byte[] bytes = files.toBytes();
      Digest content = Digest.of(bytes);
      library.keep(content, bytes);
      return content;
    } catch (RepoException e) {
      throw GitFolder.failed("chart \"" + path + "\"", e);
    }
  }

  private static boolean isUnchanged(KnownChart known, RepoTree tree) throws ChartException {
    if (known.folders().size() == 1) {
      return true; // its id is in the key
    }
    for (var folder : known.folders().entrySet()) {
      try {
        if (!tree.objectId(folder.getKey()).equals(Optional.of(folder.getValue()))) {
          return false;
        }
      } catch (RepoException e) {
        throw GitFolder.failed("chart \"" + folder.getKey() + "\"", e);
      }
    }
    return true;
  }

  private KnownChart read(RepoTree tree, RepoPath path, String source) throws ChartException {
    Dependencies dependencies = new Dependencies(tree, remote, library);
    ChartFiles files = dependencies.complete(path, List.of());
    String shown = "chart \"" + path + "\"";
    return library.keep(
        source,
        files,
        ChartMetadata.of(files, shown),
        shown,
        dependencies.pinned(),
        dependencies.notices(),
        dependencies.folders());
  }
}
