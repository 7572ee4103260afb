// SPDX-License-Identifier: Apache-2.0
/** Logback: what is logged, and how a line looks. */
@NullMarked
package dev.segue.agent.log;

import org.jspecify.annotations.NullMarked;
