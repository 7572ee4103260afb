// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A certificate with its chain, and the key to it. */
final class PemFiles {
  private static final int MAX_FILE = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private PemFiles() {}

  /** Throws IOException with a message that names the file and what it must be. */
  static X509ExtendedKeyManager read(Path certificate, Path key) throws IOException {
    Certificate[] chain = certificates(certificate);
    PrivateKey privateKey = key(key);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", privateKey, new char[0], chain);
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, new char[0]);
      for (KeyManager each : factory.getKeyManagers()) {
        if (each instanceof X509ExtendedKeyManager manager) {
          return manager;
        }
      }
      throw new IllegalStateException("SunX509 has a key manager");
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the key \"" + key + "\" must be that of the certificate \"" + certificate + "\"", e);
    }
  }

  private static Certificate[] certificates(Path file) throws IOException {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content(file)));
      if (!certificates.isEmpty()) {
        return certificates.toArray(new Certificate[0]);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("\"" + file + "\" must have PEM certificates", e);
    }
    throw new IOException("\"" + file + "\" must have PEM certificates");
  }

  /** The cause is left out: it may show a part of the key. */
  private static PrivateKey key(Path file) throws IOException {
    Matcher pem = KEY.matcher(new String(content(file), StandardCharsets.US_ASCII));
    if (pem.find()) {
      PKCS8EncodedKeySpec spec =
          new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
      for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
        Optional<PrivateKey> key = key(algorithm, spec);
        if (key.isPresent()) {
          return key.get();
        }
      }
    }
    throw new IOException(
        "\""
            + file
            + "\" must have a PEM key as PKCS#8 without a password (`BEGIN PRIVATE KEY`);"
            + " `openssl pkcs8 -topk8 -nodes` makes one");
  }

  /** Empty when it is a key of another kind. */
  private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec spec) {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  private static byte[] content(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_FILE + 1);
    } catch (IOException e) {
      throw new IOException("\"" + file + "\" must be a readable file", e);
    }
    if (content.length > MAX_FILE) {
      throw new IOException("\"" + file + "\" must have at most 1 MiB");
    }
    return content;
  }
}
