// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.resolve.Resolver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups as earlier commits have them. The last ones asked for are kept: a group that is held is
 * looked at again and again, and its good commit never changes. A memory of work, not of state.
 * Safe for several threads.
 */
final class EarlierGroups {
  private static final int MOST = 64;

  private final SourceRepo source;
  private final List<String> paths;
  private final Map<Key, Optional<ApplicationGroup>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<ApplicationGroup>> eldest) {
          return size() > MOST;
        }
      };

  private record Key(GroupName group, CommitId commit) {}

  EarlierGroups(SourceRepo source, List<String> paths) {
    this.source = source;
    this.paths = paths;
  }

  /** Returns the group; empty when the commit does not have it so that this version reads it. */
  Optional<ApplicationGroup> find(GroupName group, CommitId commit) throws RepoException {
    Key key = new Key(group, commit);
    synchronized (known) {
      Optional<ApplicationGroup> before = known.get(key);
      if (before != null) {
        return before;
      }
    }
    Optional<ApplicationGroup> found =
        Declarations.find(source.tree(commit), paths, group)
            .filter(then -> Resolver.unsupported(then).isEmpty());
    synchronized (known) {
      known.put(key, found);
    }
    return found;
  }
}
