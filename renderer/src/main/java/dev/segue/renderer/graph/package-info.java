// SPDX-License-Identifier: Apache-2.0
/** The order of releases and its pictures: the only importer of JGraphT. */
@NullMarked
package dev.segue.renderer.graph;

import org.jspecify.annotations.NullMarked;
