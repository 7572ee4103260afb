// SPDX-License-Identifier: Apache-2.0
/**
 * Finds charts (a folder of the commit, a Helm repository, an OCI registry), completes them, and
 * has Helm's own engine render them in a process apart.
 */
@NullMarked
package dev.segue.agent.charts;

import org.jspecify.annotations.NullMarked;
