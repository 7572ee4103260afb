// SPDX-License-Identifier: Apache-2.0
/**
 * YAML in and out: the only importer of SnakeYAML; one reader that knows lines and limits, one
 * writer.
 */
@NullMarked
package dev.segue.renderer.yaml;

import org.jspecify.annotations.NullMarked;
