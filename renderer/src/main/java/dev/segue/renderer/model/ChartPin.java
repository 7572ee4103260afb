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

  /**
   * A part of an umbrella chart, made here and kept on the status branch.
   *
   * @param commit a commit of the status branch that has the folder; null while it has none
   * @param path the part's folder there, called after its content
   */
  record Derived(@Nullable CommitId commit, RepoPath path, Derivation from) implements ChartPin {
    /** Returns the same part in another commit. */
    public Derived at(CommitId other) {
      return new Derived(other, path, from);
    }
  }

  /**
   * How a part came to be.
   *
   * @param whole the umbrella chart, which is no part itself
   * @param content the digest of the umbrella chart's content
   * @param application the application that it is released for
   * @param subchart the sub-chart's name or alias; "" for what remains of the parent
   * @param values what the part is given of the application's values
   * @param included the sub-charts that are released with it and could be by themselves, by name or
   *     alias; sorted. Empty but for what remains of the parent
   */
  record Derivation(
      ChartPin whole,
      Digest content,
      ReleaseName application,
      String subchart,
      ValuesSelection values,
      List<String> included) {
    public Derivation {
      included = included.stream().sorted().distinct().toList();
      if (whole instanceof Derived) {
        throw new IllegalArgumentException("a part is not split again");
      }
    }
  }
}
