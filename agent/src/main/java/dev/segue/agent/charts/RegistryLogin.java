// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.yaml.YamlNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one repository of a registry, with the token or password that it asks for. Not safe
 * for several threads.
 */
final class RegistryLogin {
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final long MAX_TOKEN_BYTES = 64 * 1024;

  private final HttpGet http;
  private final Access access;
  private final String path;
  private @Nullable String authorization;

  RegistryLogin(HttpGet http, Access access, String path) {
    this.http = http;
    this.access = access;
    this.path = path;
  }

  boolean covers(URI address) {
    return access.covers(address);
  }

  /** Returns the answer, whatever its status, after logging in where the registry asks for it. */
  HttpGet.Answer get(URI address, String accept, long maxBytes) throws ChartException {
    HttpGet.Answer answer = http.get(address, access, with(accept), maxBytes);
    if (answer.status() != 401 || authorization != null) {
      return answer;
    }
    String challenge = answer.header("WWW-Authenticate");
    if (!challenge.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
      return answer; // a password went with the request already
    }
    authorization = "Bearer " + token(address, challenge);
    return http.get(address, access, with(accept), maxBytes);
  }

  /** The headers that the repository's blobs are got with. */
  Map<String, String> headers() {
    return OciRegistries.authorization(authorization);
  }

  private Map<String, String> with(String accept) {
    Map<String, String> headers = new HashMap<>(headers());
    headers.put("Accept", accept);
    return headers;
  }

  private String token(URI address, String challenge) throws ChartException {
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
    }
    String scope = parameters.getOrDefault("scope", "repository:" + path + ":pull");
    String service = parameters.get("service");
    String query =
        "scope=" + encode(scope) + (service == null ? "" : "&service=" + encode(service));
    URI realm = realm(address, parameters.getOrDefault("realm", ""));
    URI asked = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query);
    Access with =
        isTrusted(realm)
            ? new Access(realm, access.name(), access.credentials())
            : Access.anonymous(realm);
    byte[] body = http.body(asked, with, Map.of("Accept", "application/json"), MAX_TOKEN_BYTES);
    if (OciRegistries.json(body) instanceof YamlNode.Mapping answer) {
      Optional<String> token =
          OciRegistries.text(answer, "token").or(() -> OciRegistries.text(answer, "access_token"));
      if (token.isPresent() && token.get().matches("[!-~]{1,16384}")) {
        return token.get();
      }
    }
    throw HttpGet.failed(realm, false, "it gives no token");
  }

  private static URI realm(URI address, String text) throws ChartException {
    try {
      URI realm = URI.create(text);
      boolean secure = "https".equals(realm.getScheme());
      boolean plain = "http".equals(realm.getScheme()) && "http".equals(address.getScheme());
      if (realm.getHost() != null && realm.getUserInfo() == null && (secure || plain)) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      throw HttpGet.failed(address, false, "it asks for a login at what is no address");
    }
    throw HttpGet.failed(address, false, "it asks for a login at what is no https address");
  }

  /**
   * Whether the password may go there: to the registry itself, or to a host of its own domain, as
   * {@code auth.docker.io} is for {@code registry-1.docker.io}.
   */
  private boolean isTrusted(URI realm) {
    return access.covers(realm)
        || ("https".equals(realm.getScheme())
            && domain(realm.getHost()).equals(domain(access.server().getHost())));
  }

  private static String domain(@Nullable String host) {
    if (host == null || !host.matches(".*[a-zA-Z].*")) {
      return String.valueOf(host); // an address has no domain
    }
    String[] labels = host.toLowerCase(Locale.ROOT).split("\\.", -1);
    return labels.length < 3
        ? String.join(".", labels)
        : String.join(
            ".", java.util.Arrays.asList(labels).subList(labels.length - 2, labels.length));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
