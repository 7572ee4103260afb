// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Credentials in a folder with one folder for each name, which holds the keys of a Secret as files:
 * {@code username}, {@code password}, {@code tls.crt}, {@code tls.key}, {@code ca.crt}; just as a
 * mounted Secret looks. Read anew each time, so a change of password is seen at once.
 */
public final class FileCredentials implements CredentialSource {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final int MAX_BYTES = 1024 * 1024;

  private final Path folder;

  public FileCredentials(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<Credentials> find(String authSecretRef) throws ChartException {
    if (!NAME.matcher(authSecretRef).matches()) {
      throw Access.problem(authSecretRef, "must be the name of a Secret");
    }
    Path own = folder.resolve(authSecretRef);
    if (!Files.isDirectory(own)) {
      return Optional.empty();
    }
    String password = read(own.resolve("password"), authSecretRef);
    String username = read(own.resolve("username"), authSecretRef);
    return Optional.of(
        new Credentials(
            username == null ? null : username.strip(),
            password == null ? null : password.replaceFirst("\\R\\z", ""),
            read(own.resolve("tls.crt"), authSecretRef),
            read(own.resolve("tls.key"), authSecretRef),
            read(own.resolve("ca.crt"), authSecretRef)));
  }

  private static @Nullable String read(Path file, String name) throws ChartException {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw Access.problem(name, "must have files of at most " + MAX_BYTES + " bytes");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ChartException(
          ProblemCode.CHART_CREDENTIALS,
          false,
          "`authSecretRef` \""
              + name
              + "\" must name readable files of UTF-8 text; \""
              + file.getFileName()
              + "\" is not one",
          e);
    }
  }
}
