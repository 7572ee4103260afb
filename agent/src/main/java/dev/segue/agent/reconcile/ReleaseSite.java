// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import java.util.Optional;
import java.util.SortedMap;

/** Where groups are released: what charts are rendered for, and where those of parts are kept. */
public interface ReleaseSite {
  /** Returns a site at which nothing is released: charts of parts are kept nowhere. */
  static ReleaseSite nowhere(String kubeVersion) {
    return new ReleaseSite() {
      @Override
      public String kubeVersion() {
        return kubeVersion;
      }

      @Override
      public Optional<CommitId> keep(
          GroupName group, SortedMap<RepoPath, SortedMap<String, byte[]>> charts) {
        return Optional.empty();
      }
    };
  }

  /** Returns the cluster's version, such as {@code v1.34.4}. */
  String kubeVersion() throws PortException;

  /**
   * Keeps the charts of parts where Flux can read them.
   *
   * @param charts files by the folder that each must have
   * @return a commit that has them all; empty where nothing is released, and so nothing kept
   */
  Optional<CommitId> keep(GroupName group, SortedMap<RepoPath, SortedMap<String, byte[]>> charts)
      throws PortException;
}
