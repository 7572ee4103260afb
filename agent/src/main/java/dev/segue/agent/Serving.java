// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.WebException;
import dev.segue.agent.web.WebLimits;
import dev.segue.agent.web.WebServer;
import dev.segue.agent.web.WebSettings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is served under which path, as the configuration says. */
final class Serving {
  /** Paths below {@code web.git.url}. */
  static final String SOURCE = "/git/source";

  static final String STATUS = "/git/status";

  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  private Serving() {}

  /** Returns the server, which listens; empty when nothing is to be served. */
  static Optional<WebServer> start(
      AgentConfig.Web web, GitService source, GitService status, Health health)
      throws WebException {
    Map<String, GitService> repositories = new TreeMap<>();
    if (web.git().enabled()) {
      repositories.put(SOURCE, source);
      repositories.put(STATUS, status);
    }
    return start(web, repositories, health);
  }

  /** As the other, where there is no Git. */
  static Optional<WebServer> start(AgentConfig.Web web, Health health) throws WebException {
    return start(web, Map.of(), health);
  }

  private static Optional<WebServer> start(
      AgentConfig.Web web, Map<String, GitService> repositories, Health health)
      throws WebException {
    AgentConfig.Listen listen = web.listen();
    if (listen == null) {
      return Optional.empty();
    }
    WebSettings settings =
        new WebSettings(
            listen.address(),
            protection(listen.protection()),
            listen.tokenFile(),
            WebLimits.defaults());
    WebServer server = WebServer.start(settings, repositories, health);
    LOG.info(
        "serving {} on port {}",
        repositories.isEmpty() ? "health" : "health and Git",
        server.port());
    return Optional.of(server);
  }

  private static WebSettings.Protection protection(AgentConfig.Protection protection) {
    return protection instanceof AgentConfig.Protection.Tls tls
        ? new WebSettings.Protection.Tls(tls.certificate(), tls.key())
        : new WebSettings.Protection.Plain();
  }
}
