// SPDX-License-Identifier: Apache-2.0
/** What the agent serves over HTTP: repositories to read, and its health. */
@NullMarked
package dev.segue.agent.web;

import org.jspecify.annotations.NullMarked;
