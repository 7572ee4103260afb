// SPDX-License-Identifier: Apache-2.0
/**
 * From what others declare (Orkestra, Helmfile, charts, HelmReleases of Flux) to a file of ours.
 */
@NullMarked
package dev.segue.renderer.migrate;

import org.jspecify.annotations.NullMarked;
