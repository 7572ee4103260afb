// SPDX-License-Identifier: Apache-2.0
/** From YAML to ApplicationGroups, or to every problem with file, line and field. */
@NullMarked
package dev.segue.renderer.parse;

import org.jspecify.annotations.NullMarked;
