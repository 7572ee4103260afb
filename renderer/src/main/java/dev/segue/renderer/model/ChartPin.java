// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one chart that a {@link ChartRef} meant when the plan was made: exact, so that everyone who
 * reads it gets the same.
 */
public sealed interface ChartPin {

  /**
   * A folder of a commit.
   *
   * @param commit a commit in which the paths have this content
   * @param path the chart's folder
   * @param paths the folders that make the chart, its {@code file://} dependencies included;
   *     sorted, {@code path} among them
   */
  record InGit(CommitId commit, RepoPath path, List<RepoPath> paths) implements ChartPin {
    public InGit {
      paths = paths.stream().sorted().distinct().toList();
    }
  }

  /**
   * A version of an HTTP Helm repository.
   *
   * @param archive the digest of the chart's archive
   */
  record InRepository(
      URI url, String name, String version, Digest archive, @Nullable String authSecretRef)
      implements ChartPin {}

  /**
   * A manifest of an OCI registry.
   *
   * @param tag the tag that was resolved
   * @param manifest the digest of the OCI manifest
   */
  record InRegistry(URI url, String tag, Digest manifest, @Nullable String authSecretRef)
      implements ChartPin {}
}
