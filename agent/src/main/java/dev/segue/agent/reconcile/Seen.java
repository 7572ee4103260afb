// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.Requests;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read of a group, after the end of its attempt was told.
 *
 * @param annotated what people ask for by annotation
 * @param running the Workflow that has not ended
 * @param lagging the Workflow that ended while what it released is not seen yet; "" for none
 * @param succeeded whether an attempt has just ended well: what it left behind is then collected
 */
record Seen(
    List<Manifest> objects,
    Map<ReleaseName, LiveRelease> live,
    Stored stored,
    Requests annotated,
    Optional<Manifest> running,
    String lagging,
    boolean succeeded) {
  Seen {
    objects = List.copyOf(objects);
  }

  /** What people ask for, on the status branch or by annotation. */
  Requests requests() {
    return stored.requests().or(annotated);
  }

  /**
   * As {@link #requests}; of two approvals, where one may be older, that of plan {@code digest}.
   */
  Requests requests(String digest) {
    Requests requests = requests();
    return requests.approved(digest).isPresent() ? requests : annotated.or(stored.requests());
  }
}
