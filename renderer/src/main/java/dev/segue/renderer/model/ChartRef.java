// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an application's chart comes from, as the file says it. */
public sealed interface ChartRef {
  /** What is asked for, in one line: two equal texts ask for the same. */
  String text();

  /** The Secret with which the chart is fetched; empty where none is needed. */
  default Optional<String> credentials() {
    return Optional.empty();
  }

  /** A folder in the commit that holds the file: always in step with it, so it has no version. */
  record InGit(RepoPath path) implements ChartRef {
    @Override
    public String text() {
      return "./" + path;
    }
  }

  /**
   * A chart of an HTTP Helm repository.
   *
   * @param url the repository, {@code https://…} or {@code http://…}, without user information and
   *     trailing slash
   * @param version an exact version or a semver range as Helm reads it; {@code *} is the newest
   *     stable one
   * @param authSecretRef the Secret (or credentials folder) with username and password or TLS
   *     files; null when none is needed
   */
  record InRepository(URI url, String name, String version, @Nullable String authSecretRef)
      implements ChartRef {
    @Override
    public String text() {
      return url + " " + name + " " + version;
    }

    @Override
    public Optional<String> credentials() {
      return Optional.ofNullable(authSecretRef);
    }
  }

  /**
   * A chart of an OCI registry.
   *
   * @param url {@code oci://registry/path/name}, without a tag
   * @param version as in {@link InRepository}
   * @param authSecretRef as in {@link InRepository}
   */
  record InRegistry(URI url, String version, @Nullable String authSecretRef) implements ChartRef {
    @Override
    public String text() {
      return url + " " + version;
    }

    @Override
    public Optional<String> credentials() {
      return Optional.ofNullable(authSecretRef);
    }
  }
}
