// SPDX-License-Identifier: Apache-2.0
/** From a plan to the exact objects and files: same plan, same bytes. */
@NullMarked
package dev.segue.renderer.render;

import org.jspecify.annotations.NullMarked;
