// SPDX-License-Identifier: Apache-2.0
/** Tests with real repositories in temporary folders. */
@NullMarked
package dev.segue.agent.git;

import org.jspecify.annotations.NullMarked;
