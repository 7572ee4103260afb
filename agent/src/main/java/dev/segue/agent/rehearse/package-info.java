// SPDX-License-Identifier: Apache-2.0
/**
 * An embedded, simulated cluster that runs rendered Workflows and releases: tests, the demo and
 * {@code segue rehearse}.
 */
@NullMarked
package dev.segue.agent.rehearse;

import org.jspecify.annotations.NullMarked;
