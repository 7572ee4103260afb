// SPDX-License-Identifier: Apache-2.0
/** Quartz: when the repository is asked. */
@NullMarked
package dev.segue.agent.schedule;

import org.jspecify.annotations.NullMarked;
