// SPDX-License-Identifier: Apache-2.0
/** Tests with real status branches in temporary folders. */
@NullMarked
package dev.segue.agent.operate;

import org.jspecify.annotations.NullMarked;
