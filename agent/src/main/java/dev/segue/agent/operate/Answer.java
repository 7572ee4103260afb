// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

/**
 * What a question came to.
 *
 * @param text lines for standard output
 * @param fine whether everything that was asked about is as it is wanted
 */
public record Answer(String text, boolean fine) {}
