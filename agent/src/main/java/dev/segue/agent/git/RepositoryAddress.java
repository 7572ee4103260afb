// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.renderer.model.CommitId;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * A Git repository, what of it is watched, and how to get in. The constructor throws
 * IllegalArgumentException with a message that says which field must be what.
 *
 * @param url {@code https://…}, {@code http://…}, {@code ssh://user@host/…}, {@code
 *     user@host:path}, {@code file:///…} or a folder's absolute path; never with a password
 * @param fluxUrl the same repository as Flux in the cluster reaches it; "" when that is {@code url}
 */
public record RepositoryAddress(String url, Ref ref, String fluxUrl, Auth auth) {
  private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "file");

  public RepositoryAddress {
    URIish uri = parse("url", url);
    if (isSsh(uri)) {
      require(auth.sshKeyFile() != null, "`sshKeyFile` must be set for an ssh URL");
      require(auth.knownHostsFile() != null, "`knownHostsFile` must be set for an ssh URL");
    }
    if (auth.passwordFile() != null) {
      require(auth.tokenFile() == null, "`passwordFile` must not be set beside `tokenFile`");
      require(auth.username() != null, "`username` must be set beside `passwordFile`");
    }
    fluxUrl = fluxUrl.isEmpty() ? asFluxTakesIt(uri, url) : fluxUrl;
    parse("fluxUrl", fluxUrl);
  }

  /** What is watched. */
  public sealed interface Ref permits Branch, Tag, Commit {}

  /** The tip of a branch, named without {@code refs/heads/}. */
  public record Branch(String name) implements Ref {
    public Branch {
      requireRefName("branch", "refs/heads/", name);
    }
  }

  /** A tag, annotated or not, named without {@code refs/tags/}. */
  public record Tag(String name) implements Ref {
    public Tag {
      requireRefName("tag", "refs/tags/", name);
    }
  }

  /** One commit, for ever. */
  public record Commit(CommitId id) implements Ref {}

  /**
   * Files that hold credentials; they are read anew for every operation, so a rotated one works.
   *
   * @param username for {@code passwordFile}; beside {@code tokenFile} only where the server wants
   *     a certain one ({@code git} otherwise)
   * @param caFile PEM certificates that alone are trusted for the server
   */
  public record Auth(
      @Nullable String username,
      @Nullable Path passwordFile,
      @Nullable Path tokenFile,
      @Nullable Path sshKeyFile,
      @Nullable Path knownHostsFile,
      @Nullable Path caFile) {
    public static final Auth NONE = new Auth(null, null, null, null, null, null);
  }

  URIish uri() {
    return parse("url", url);
  }

  boolean isSsh() {
    return isSsh(uri());
  }

  private static boolean isSsh(URIish uri) {
    return uri.getHost() != null && (uri.getScheme() == null || uri.getScheme().equals("ssh"));
  }

  private static URIish parse(String field, String url) {
    URIish uri;
    try {
      uri = new URIish(url);
    } catch (URISyntaxException e) {
      // Without the cause: it would repeat a password.
      throw new IllegalArgumentException("`" + field + "` must be a Git URL");
    }
    String scheme = uri.getScheme();
    require(
        uri.getPass() == null && (uri.getUser() == null || isSsh(uri)),
        "`" + field + "` must not hold a user or a password; put them in files named by `auth`");
    require(
        scheme == null ? !url.contains("::") : SCHEMES.contains(scheme),
        "`" + field + "` must be an https, http, ssh or file URL; got \"" + url + "\"");
    boolean remote = scheme != null && !scheme.equals("file");
    require(
        !remote || (uri.getHost() != null && !uri.getHost().isEmpty()),
        "`" + field + "` must name a host; got \"" + url + "\"");
    require(
        uri.isRemote() || Path.of(uri.getPath()).isAbsolute(),
        "`" + field + "` must be absolute when it is a folder; got \"" + url + "\"");
    return uri;
  }

  private static String asFluxTakesIt(URIish uri, String url) {
    if (uri.getScheme() != null || uri.getHost() == null) {
      return url;
    }
    String user = uri.getUser() == null ? "" : uri.getUser() + "@";
    String path = uri.getPath().startsWith("/") ? uri.getPath() : "/" + uri.getPath();
    return "ssh://" + user + uri.getHost() + path;
  }

  private static void requireRefName(String field, String prefix, String name) {
    require(
        !name.startsWith("refs/") && Repository.isValidRefName(prefix + name),
        "`"
            + field
            + "` must be a name without \""
            + prefix
            + "\" that Git accepts; got \""
            + name
            + "\"");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
