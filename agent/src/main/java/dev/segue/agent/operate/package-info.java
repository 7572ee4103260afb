// SPDX-License-Identifier: Apache-2.0
/** What people ask of groups and want to know of them, through the status branch alone. */
@NullMarked
package dev.segue.agent.operate;

import org.jspecify.annotations.NullMarked;
