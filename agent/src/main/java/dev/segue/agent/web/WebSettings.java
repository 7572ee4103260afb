// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens and for whom.
 *
 * @param address with the port, 0 for any that is free
 * @param tokenFile what readers of repositories must know, read anew for each request; null when
 *     whoever reaches the port may read
 */
public record WebSettings(
    InetSocketAddress address, Protection protection, @Nullable Path tokenFile, WebLimits limits) {

  /** What is between the server and whoever listens on the line. */
  public sealed interface Protection {
    /**
     * TLS by PEM files, which are read again when they change.
     *
     * @param certificate with its chain
     * @param key as PKCS#8, without a password
     */
    record Tls(Path certificate, Path key) implements Protection {}

    /** Nothing. */
    record Plain() implements Protection {}
  }
}
