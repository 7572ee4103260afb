// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.segue.agent.web;

import org.jspecify.annotations.NullMarked;
