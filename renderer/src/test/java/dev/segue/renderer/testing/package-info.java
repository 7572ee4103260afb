// SPDX-License-Identifier: Apache-2.0
/** Groups, charts and live states for tests, in few words. */
@NullMarked
package dev.segue.renderer.testing;

import org.jspecify.annotations.NullMarked;
