// SPDX-License-Identifier: Apache-2.0
/** Tests without a chart, a process or a network. */
@NullMarked
package dev.segue.agent.validate;

import org.jspecify.annotations.NullMarked;
