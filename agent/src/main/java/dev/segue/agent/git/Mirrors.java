// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The copies of repositories in a folder: one copy for all who use a repository with the same
 * credentials at the same time. Safe for several threads.
 */
public final class Mirrors {
  private final Path cache;
  private final GitLimits limits;
  private final Map<Key, JGitMirror> known = new HashMap<>();

  private record Key(String url, RepositoryAddress.Auth auth) {}

  /**
   * @param cache each copy has a folder of its own below it
   */
  public Mirrors(Path cache, GitLimits limits) {
    this.cache = cache;
    this.limits = limits;
  }

  /** Returns the copy, to be released; without the network. */
  synchronized JGitMirror acquire(RepositoryAddress address) throws RepoException {
    Key key = new Key(address.url(), address.auth());
    JGitMirror there = known.get(key);
    if (there != null && there.acquireUnlessClosed()) {
      return there;
    }
    JGitMirror opened = JGitMirror.open(address, cache, limits).acquire();
    known.put(key, opened);
    return opened;
  }
}
