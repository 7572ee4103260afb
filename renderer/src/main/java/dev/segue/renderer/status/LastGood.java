// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.plan.Inventory;

/**
 * Where a group was last as a commit wanted it: what a rollback goes back to.
 *
 * @param inventory what Flux had been given then, with the exact charts
 */
public record LastGood(CommitId commit, Inventory inventory) {}
