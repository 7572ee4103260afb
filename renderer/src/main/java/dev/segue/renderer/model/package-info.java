// SPDX-License-Identifier: Apache-2.0
/**
 * The nouns of the product: validated, immutable values without behaviour that needs the outside.
 */
@NullMarked
package dev.segue.renderer.model;

import org.jspecify.annotations.NullMarked;
