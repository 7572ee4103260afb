// SPDX-License-Identifier: Apache-2.0
/**
 * From a commit to a released product, one step at a time; and the ports through which it meets the
 * outside.
 */
@NullMarked
package dev.segue.agent.reconcile;

import org.jspecify.annotations.NullMarked;
