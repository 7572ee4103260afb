// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.List;

/**
 * A hook that would run.
 *
 * @param event such as {@code pre-upgrade}
 * @param weight lower ones run first
 * @param deletePolicies when Helm deletes it; never empty
 * @param changed whether it is new, or not as it was
 */
public record HookRun(
    String event, int weight, ObjectId id, List<String> deletePolicies, boolean changed) {
  public HookRun {
    deletePolicies = List.copyOf(deletePolicies);
  }
}
