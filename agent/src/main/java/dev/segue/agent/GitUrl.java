// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/** The URLs of Git repositories that the agent and Flux take. */
final class GitUrl {
  private static final List<String> SCHEMES = List.of("https", "http", "ssh", "file");
  private static final Pattern SCP_FORM =
      Pattern.compile("([A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+:(?!//)[^\\s@?#]+");

  private GitUrl() {}

  /**
   * Returns {@code text}, a URL, an absolute path or {@code user@host:path}; throws
   * IllegalArgumentException, which shows nothing that may be a secret, when it is none.
   */
  static String check(String text) {
    return text.startsWith("/") || SCP_FORM.matcher(text).matches() ? text : checkUrl(text);
  }

  /** As {@link #check}, for what Flux reaches, which does not take {@code user@host:path}. */
  static String checkForFlux(String text) {
    if (SCP_FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be a URL; write \"" + asFluxTakesIt(text) + "\" for this repository");
    }
    return check(text);
  }

  /** As {@link #check}, for what the agent itself serves over HTTP; a path may be left out. */
  static String checkForWeb(String text) {
    if (!text.startsWith("https://") && !text.startsWith("http://")) {
      throw new IllegalArgumentException("must be a URL that begins with https:// or http://");
    }
    checkUrl(text.endsWith("/") ? text : text + "/");
    return text;
  }

  /** {@code git@host:path} is {@code ssh://git@host/path}; everything else stays. */
  static String asFluxTakesIt(String text) {
    if (!SCP_FORM.matcher(text).matches()) {
      return text;
    }
    int colon = text.indexOf(':');
    String path = text.substring(colon + 1);
    return "ssh://" + text.substring(0, colon) + (path.startsWith("/") ? "" : "/") + path;
  }

  static boolean isSsh(String text) {
    return text.startsWith("ssh://") || SCP_FORM.matcher(text).matches();
  }

  private static String checkUrl(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be a URL: " + e.getReason(), e);
    }
    String scheme = url.getScheme();
    if (scheme == null || !SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException(
          "must be a URL that begins with " + String.join("://, ", SCHEMES) + "://");
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
