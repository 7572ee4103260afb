// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.CredentialSource.Credentials;
import dev.segue.renderer.model.ProblemCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server and the credentials for it: for its scheme, host and port and for no other.
 *
 * @param server any address on it
 */
record Access(URI server, @Nullable String name, @Nullable Credentials credentials) {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  static Access anonymous(URI server) {
    return new Access(server, null, null);
  }

  /** Throws CHART_CREDENTIALS when there are none of that name, or when they would go in clear. */
  static Access of(
      URI server, @Nullable String name, CredentialSource source, boolean plainHttpAllowed)
      throws ChartException {
    if (name == null) {
      return anonymous(server);
    }
    Optional<Credentials> found = source.find(name);
    if (found.isEmpty()) {
      throw problem(name, "must name credentials; there are none of that name");
    }
    if ("http".equals(server.getScheme()) && !plainHttpAllowed && !isLocal(server)) {
      throw problem(name, "must be for an https address; " + Urls.shown(server) + " is not one");
    }
    Credentials credentials = found.get();
    if ((credentials.username() == null) != (credentials.password() == null)) {
      throw problem(name, "must have both `username` and `password`, or neither");
    }
    return new Access(server, name, credentials);
  }

  static ChartException problem(@Nullable String name, String message) {
    return new ChartException(
        ProblemCode.CHART_CREDENTIALS, false, "`authSecretRef` \"" + name + "\" " + message, null);
  }

  static boolean isLocal(URI address) {
    return address.getHost() != null && LOCAL.contains(address.getHost().toLowerCase(Locale.ROOT));
  }

  boolean covers(URI address) {
    return server.getScheme().equalsIgnoreCase(address.getScheme())
        && server.getHost() != null
        && server.getHost().equalsIgnoreCase(address.getHost())
        && port(server) == port(address);
  }

  /** The header's value; empty when there is no password. */
  Optional<String> basic() {
    if (credentials == null || credentials.username() == null) {
      return Optional.empty();
    }
    String pair = credentials.username() + ":" + credentials.password();
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }

  /** Says nothing of the credentials. */
  @Override
  public String toString() {
    return "Access[" + Urls.shown(server) + "]";
  }
}
