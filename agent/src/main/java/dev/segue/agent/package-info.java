// SPDX-License-Identifier: Apache-2.0
/** The executable and its wiring: the only package that knows every adapter. */
@NullMarked
package dev.segue.agent;

import org.jspecify.annotations.NullMarked;
