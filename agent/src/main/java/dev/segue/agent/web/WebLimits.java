// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import java.time.Duration;

/**
 * How much and how long.
 *
 * @param requestBytes of a request's body, unpacked
 * @param connections on which a request is read or answered at the same time; more are closed
 * @param uploads of repositories at the same time; more are told to come again
 * @param patience how long one waits for its turn before it is told to
 * @param asking how long a client may take to connect and ask, and again to send the body
 * @param answering how long an answer may take in all
 */
public record WebLimits(
    int requestBytes,
    int connections,
    int uploads,
    Duration patience,
    Duration asking,
    Duration answering) {

  /** 4 MiB, 64 connections, 8 uploads after 5 s at most, 15 s to ask and 10 minutes to answer. */
  public static WebLimits defaults() {
    return new WebLimits(
        4 << 20, 64, 8, Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMinutes(10));
  }
}
