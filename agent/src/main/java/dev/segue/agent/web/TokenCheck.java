// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who knows the token may read: as a bearer, or as the password of any user. The file is read for
 * each request, so a rotated token counts at once; one that is gone or empty lets nobody in.
 */
final class TokenCheck {
  private static final Logger LOG = LoggerFactory.getLogger(TokenCheck.class);
  private static final int MAX_TOKEN = 64 << 10;

  private final @Nullable Path file;

  TokenCheck(@Nullable Path file) {
    this.file = file;
  }

  /**
   * Refuses who does not know the token.
   *
   * @param authorization the header; null when there is none
   */
  void check(@Nullable String authorization) throws Refusal {
    if (file == null) {
      return;
    }
    byte[] wanted;
    try {
      wanted = token(file);
    } catch (IOException e) {
      LOG.warn("nobody is let in: {}", e.getMessage());
      throw new Refusal(503, "the server's token is not there yet");
    }
    if (!MessageDigest.isEqual(digest(wanted), digest(given(authorization)))) {
      throw new Refusal(401, "the token of this agent must be given, as a bearer or a password");
    }
  }

  /** Returns the token; never an empty one. */
  static byte[] token(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_TOKEN + 1);
    } catch (IOException e) {
      throw new IOException("the token file \"" + file + "\" must be readable", e);
    }
    byte[] token =
        new String(content, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
    if (token.length == 0 || content.length > MAX_TOKEN) {
      throw new IOException("the token file \"" + file + "\" must have 1 byte to 64 KiB");
    }
    return token;
  }

  /** Empty, which no token is, for what is no credential. */
  private static byte[] given(@Nullable String authorization) {
    String header = authorization == null ? "" : authorization.strip();
    String scheme = header.toLowerCase(Locale.ROOT);
    if (scheme.startsWith("bearer ")) {
      return header.substring("bearer ".length()).strip().getBytes(StandardCharsets.UTF_8);
    }
    if (!scheme.startsWith("basic ")) {
      return new byte[0];
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("basic ".length()).strip());
      String userAndPassword = new String(decoded, StandardCharsets.UTF_8);
      int colon = userAndPassword.indexOf(':');
      return userAndPassword.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** Of equal length for every text, so that the comparison does not tell the token's. */
  private static byte[] digest(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
