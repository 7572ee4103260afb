// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

/**
 * What is not tried again before Git moves or somebody asks.
 *
 * @param commit the source commit that failed
 * @param digest what it wants, 64 hex digits
 * @param attempt the number of the attempt that failed
 * @param reason what failed, for people
 */
public record Held(String commit, String digest, int attempt, String reason) {}
