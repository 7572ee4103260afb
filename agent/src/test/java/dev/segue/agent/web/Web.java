// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.Health;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Servers on free ports of this machine, and how they are asked. */
final class Web {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  static final Health WELL =
      new Health() {
        @Override
        public Optional<String> fault() {
          return Optional.empty();
        }

        @Override
        public Optional<String> missing() {
          return Optional.empty();
        }
      };

  private Web() {}

  static WebSettings plain(@Nullable Path token) {
    return plain(token, WebLimits.defaults());
  }

  static WebSettings plain(@Nullable Path token, WebLimits limits) {
    return new WebSettings(anyPort(), new WebSettings.Protection.Plain(), token, limits);
  }

  static WebSettings tls(WebSettings.Protection.Tls tls, @Nullable Path token) {
    return new WebSettings(anyPort(), tls, token, WebLimits.defaults());
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  static WebServer start(WebSettings settings, Map<String, GitService> repositories)
      throws Exception {
    return WebServer.start(settings, repositories, WELL);
  }

  static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
