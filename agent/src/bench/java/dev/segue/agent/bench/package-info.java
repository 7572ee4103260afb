// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the agent as a whole; nothing of the product. */
@NullMarked
package dev.segue.agent.bench;

import org.jspecify.annotations.NullMarked;
