// SPDX-License-Identifier: Apache-2.0
/** From a group and the charts that were found to releases: what exactly each one is to be. */
@NullMarked
package dev.segue.renderer.resolve;

import org.jspecify.annotations.NullMarked;
