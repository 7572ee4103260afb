// SPDX-License-Identifier: Apache-2.0
/** Tests of the whole way, and of what goes wrong on it. */
@NullMarked
package dev.segue.agent.reconcile;

import org.jspecify.annotations.NullMarked;
