// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.WebException;
import dev.segue.agent.web.WebLimits;
import dev.segue.agent.web.WebServer;
import dev.segue.agent.web.WebSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** Returns the servers, which listen. */
  static List<WebServer> start(
      AgentConfig.Web web, GitService source, GitService status, Health health)
      throws WebException {
    Map<String, GitService> repositories = new TreeMap<>();
    if (web.git().enabled()) {
      repositories.put(SOURCE, source);
      repositories.put(STATUS, status);
    }
    return start(web, repositories, health);
  }

  /** As the other, for an agent that does not work: its repositories are not there yet. */
  static List<WebServer> startWithoutGit(AgentConfig.Web web, Health health) throws WebException {
    return start(web, Unready.INSTANCE, Unready.INSTANCE, health);
  }

  /** As the other, where there is no Git. */
  static List<WebServer> start(AgentConfig.Web web, Health health) throws WebException {
    return start(web, Map.of(), health);
  }

  private static List<WebServer> start(
      AgentConfig.Web web, Map<String, GitService> repositories, Health health)
      throws WebException {
    List<WebServer> servers = new ArrayList<>();
    try {
      if (web.listen() != null) {
        servers.add(start(settings(web.listen()), repositories, health));
      }
      if (web.health() != null) {
        // The JDK's server looks up the name of who asks by TLS: a probe must not wait for a DNS.
        WebSettings plain =
            new WebSettings(
                web.health(), new WebSettings.Protection.Plain(), null, WebLimits.defaults());
        servers.add(start(plain, Map.of(), health));
      }
    } catch (WebException e) {
      servers.forEach(WebServer::close);
      throw e;
    }
    return List.copyOf(servers);
  }

  private static WebSettings settings(AgentConfig.Listen listen) {
    return new WebSettings(
        listen.address(),
        protection(listen.protection()),
        listen.tokenFile(),
        WebLimits.defaults());
  }

  private static WebServer start(
      WebSettings settings, Map<String, GitService> repositories, Health health)
      throws WebException {
    WebServer server = WebServer.start(settings, repositories, health);
    LOG.info(
        "serving {} on port {}",
        repositories.isEmpty() ? "health" : "health and Git",
        server.port());
    return server;
  }

  private static WebSettings.Protection protection(AgentConfig.Protection protection) {
    return protection instanceof AgentConfig.Protection.Tls tls
        ? new WebSettings.Protection.Tls(tls.certificate(), tls.key())
        : new WebSettings.Protection.Plain();
  }

  /** A repository that is to be asked for again later. */
  private enum Unready implements GitService {
    INSTANCE;

    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public void advertise(OutputStream out) throws IOException {
      throw new IOException("it is not ready");
    }

    @Override
    public void upload(InputStream in, OutputStream out) throws IOException {
      throw new IOException("it is not ready");
    }
  }
}
