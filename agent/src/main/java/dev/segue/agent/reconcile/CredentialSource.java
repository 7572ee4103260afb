// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the credentials that an {@code authSecretRef} names come from: a folder of files, or a
 * Secret of the cluster.
 */
public interface CredentialSource {
  /** Returns the credentials of that name; empty when there are none. */
  Optional<Credentials> find(String authSecretRef) throws ChartException;

  /**
   * Credentials in the keys of a Secret: {@code username}, {@code password}, {@code tls.crt},
   * {@code tls.key}, {@code ca.crt} (PEM).
   */
  record Credentials(
      @Nullable String username,
      @Nullable String password,
      @Nullable String tlsCertificate,
      @Nullable String tlsKey,
      @Nullable String certificateAuthority) {
    /** Says nothing: these are secrets. */
    @Override
    public String toString() {
      return "Credentials[masked]";
    }
  }
}
