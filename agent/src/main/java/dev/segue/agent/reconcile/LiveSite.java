// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import java.util.Optional;
import java.util.SortedMap;

/** The cluster that is released to, and the status branch that Flux reads. */
record LiveSite(Cluster cluster, StatusStore store, ReconcilerSettings settings)
    implements ReleaseSite {
  @Override
  public String kubeVersion() throws ClusterException {
    return settings.kubeVersion(cluster);
  }

  @Override
  public Optional<CommitId> keep(
      GroupName group, SortedMap<RepoPath, SortedMap<String, byte[]>> charts) throws RepoException {
    return Optional.of(store.keep(group, charts));
  }
}
