// SPDX-License-Identifier: Apache-2.0
/** JGit behind the ports: polls, reads trees without a checkout, writes the status branch. */
@NullMarked
package dev.segue.agent.git;

import org.jspecify.annotations.NullMarked;
