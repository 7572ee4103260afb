// SPDX-License-Identifier: Apache-2.0
/** The API server, by fabric8's client: applies, creates, watches, collects. */
@NullMarked
package dev.segue.agent.kube;

import org.jspecify.annotations.NullMarked;
