// SPDX-License-Identifier: Apache-2.0
/**
 * From an umbrella chart to a chart for each of its sub-charts and one for what remains, and the
 * proof that together they are what the author wrote.
 */
@NullMarked
package dev.segue.renderer.split;

import org.jspecify.annotations.NullMarked;
