// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of a server, read again when its files changed: certificates are renewed while the agent
 * runs. New files that cannot be used are told once, and the old ones stay.
 */
final class RenewedKeys extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(RenewedKeys.class);

  private final WebSettings.Protection.Tls files;
  private volatile X509ExtendedKeyManager current;
  private List<FileTime> readAt;

  private RenewedKeys(WebSettings.Protection.Tls files) throws IOException {
    this.files = files;
    this.readAt = times(files);
    this.current = PemFiles.read(files.certificate(), files.key());
  }

  static RenewedKeys of(WebSettings.Protection.Tls files) throws IOException {
    return new RenewedKeys(files);
  }

  private static List<FileTime> times(WebSettings.Protection.Tls files) throws IOException {
    return List.of(time(files.certificate()), time(files.key()));
  }

  private static FileTime time(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new IOException("\"" + file + "\" must be a readable file", e);
    }
  }

  private synchronized X509ExtendedKeyManager renewed() {
    try {
      List<FileTime> now = times(files);
      if (!now.equals(readAt)) {
        readAt = now;
        current = PemFiles.read(files.certificate(), files.key());
        LOG.info("the certificate \"{}\" was read again", files.certificate());
      }
    } catch (IOException e) {
      LOG.warn("the certificate stays as it was: {}", e.getMessage());
    }
    return current;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return renewed().chooseEngineServerAlias(keyType, issuers, engine);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return renewed().chooseServerAlias(keyType, issuers, socket);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return current.getCertificateChain(alias);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return current.getPrivateKey(alias);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return current.getServerAliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
