// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/** The URLs of Git repositories that the agent and Flux take. */
final class GitUrl {
  private static final List<String> SCHEMES = List.of("https", "http", "ssh", "git", "file");
  private static final List<String> FLUX_SCHEMES = List.of("https", "http", "ssh");
  private static final Pattern SCP_FORM =
      Pattern.compile("([A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+:(?!//)[^\\s@?#]+");

  private GitUrl() {}

  /**
   * Returns {@code text}, a URL, an absolute path or {@code user@host:path}; throws
   * IllegalArgumentException, which shows nothing that may be a secret, when it is none.
   */
  static String check(String text) {
    return text.startsWith("/") || SCP_FORM.matcher(text).matches() ? text : check(text, SCHEMES);
  }

  /** As {@link #check}, for what Flux reaches: a URL of https, http or ssh. */
  static String checkForFlux(String text) {
    return check(text, FLUX_SCHEMES);
  }

  private static String check(String text, List<String> schemes) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be a URL: " + e.getReason(), e);
    }
    String scheme = url.getScheme();
    if (scheme == null || !schemes.contains(scheme)) {
      throw new IllegalArgumentException(
          "must be a URL that begins with " + String.join("://, ", schemes) + "://");
    }
    String user = url.getRawUserInfo() == null ? "" : url.getRawUserInfo();
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    boolean mayNameUser = scheme.equals("ssh") && !user.contains(":");
    if (authority.contains("@") && !mayNameUser) {
      throw new IllegalArgumentException(
          "must not hold user information: name a file in `auth` instead");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("must not have a query or fragment");
    }
    if (!scheme.equals("file") && url.getHost() == null) {
      throw new IllegalArgumentException("must have a host");
    }
    if (url.getPath() == null || url.getPath().isEmpty()) {
      throw new IllegalArgumentException("must have a path");
    }
    return text;
  }
}
