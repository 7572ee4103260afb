// SPDX-License-Identifier: Apache-2.0
/** What the renderer as a whole promises. */
@NullMarked
package dev.segue.renderer;

import org.jspecify.annotations.NullMarked;
