// SPDX-License-Identifier: Apache-2.0
/** How what Helm renders for a release differs from what it rendered before, and what that does. */
@NullMarked
package dev.segue.renderer.diff;

import org.jspecify.annotations.NullMarked;
