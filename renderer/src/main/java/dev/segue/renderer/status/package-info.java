// SPDX-License-Identifier: Apache-2.0
/**
 * What is told: reports in YAML for machines and the next run, in Markdown with a picture for
 * people.
 */
@NullMarked
package dev.segue.renderer.status;

import org.jspecify.annotations.NullMarked;
