// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.CredentialSource.Credentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS by the PEM files of a Secret: the authority in {@code ca.crt} instead of the platform's, the
 * client's certificate in {@code tls.crt} with its key in {@code tls.key}.
 */
final class TlsContext {
  private TlsContext() {}

  static boolean isNeeded(@Nullable Credentials credentials) {
    return credentials != null
        && (credentials.certificateAuthority() != null || credentials.tlsCertificate() != null);
  }

  /** Throws CHART_CREDENTIALS when a file does not hold what its name says. */
  static SSLContext of(@Nullable String name, Credentials credentials) throws ChartException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(name, credentials), trust(credentials), null);
      return context;
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw Access.problem(
          name,
          "must have PEM in `ca.crt`, `tls.crt` and `tls.key`, the key as PKCS#8 (`BEGIN PRIVATE"
              + " KEY`)");
    }
  }

  private static TrustManager @Nullable [] trust(Credentials credentials)
      throws GeneralSecurityException, IOException {
    if (credentials.certificateAuthority() == null) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate authority : certificates(credentials.certificateAuthority())) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(@Nullable String name, Credentials credentials)
      throws GeneralSecurityException, IOException, ChartException {
    if (credentials.tlsCertificate() == null && credentials.tlsKey() == null) {
      return null;
    }
    if (credentials.tlsCertificate() == null || credentials.tlsKey() == null) {
      throw Access.problem(name, "must have both `tls.crt` and `tls.key`, or neither");
    }
    Certificate[] chain = certificates(credentials.tlsCertificate()).toArray(new Certificate[0]);
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key(credentials.tlsKey()), new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    String body = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
    GeneralSecurityException last = new GeneralSecurityException("no key");
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    Collection<? extends Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    return certificates;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
