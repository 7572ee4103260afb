// SPDX-License-Identifier: Apache-2.0
/** What is wanted against what was applied and what is live: what changes, and in which order. */
@NullMarked
package dev.segue.renderer.plan;

import org.jspecify.annotations.NullMarked;
