// SPDX-License-Identifier: Apache-2.0
/** The command line: parses options, calls one method, gives back an exit code. */
@NullMarked
package dev.segue.agent.cli;

import org.jspecify.annotations.NullMarked;
