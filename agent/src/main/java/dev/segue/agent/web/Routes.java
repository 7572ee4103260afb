// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.Health;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a path names among the few that there are; no path is ever looked for on disk. Health
 * is for everybody, repositories are for who knows the token.
 */
final class Routes implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String RETRY_SECONDS = "10";

  private final Map<String, GitService> repositories;
  private final Health health;
  private final TokenCheck token;
  private final GitRoute git;

  Routes(Map<String, GitService> repositories, Health health, TokenCheck token, GitRoute git) {
    this.repositories = new TreeMap<>(repositories);
    this.health = health;
    this.token = token;
    this.git = git;
  }

  @Override
  public void handle(HttpExchange exchange) {
    try (exchange) {
      try {
        route(exchange);
      } catch (Refusal e) {
        refuse(exchange, e);
      } catch (RuntimeException e) {
        LOG.error("a bug of Segue; please report it", e);
        refuse(exchange, new Refusal(500, "internal error"));
      }
    } catch (IOException e) {
      LOG.debug("a request ended early", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void route(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
    switch (path) {
      case "/healthz" -> tell(exchange, health.fault(), "ok");
      case "/readyz" -> {
        Optional<String> fault = health.fault();
        tell(exchange, fault.isPresent() ? fault : health.missing(), health.state());
      }
      default -> serveRepository(exchange, path);
    }
  }

  private void serveRepository(HttpExchange exchange, String path)
      throws IOException, Refusal, InterruptedException {
    token.check(exchange.getRequestHeaders().getFirst("Authorization"));
    for (Map.Entry<String, GitService> each : repositories.entrySet()) {
      if (path.startsWith(each.getKey() + "/")) {
        git.serve(each.getValue(), path.substring(each.getKey().length()), exchange);
        return;
      }
    }
    throw new Refusal(404, "there is nothing here");
  }

  private static void tell(HttpExchange exchange, Optional<String> trouble, String well)
      throws IOException, Refusal {
    requireMethod(exchange, "GET");
    answer(
        exchange,
        trouble.isPresent() ? 503 : 200,
        TEXT,
        (trouble.orElse(well) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    switch (refusal.status()) {
      case 401 -> exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"segue\"");
      case 503 -> exchange.getResponseHeaders().set("Retry-After", RETRY_SECONDS);
      default -> {}
    }
    if (exchange.getResponseCode() < 0) {
      byte[] line = (refusal.reason() + "\n").getBytes(StandardCharsets.UTF_8);
      answer(exchange, refusal.status(), TEXT, line);
    }
  }

  static void requireMethod(HttpExchange exchange, String method) throws Refusal {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new Refusal(405, "the method must be " + method);
    }
  }

  static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    head(exchange, type);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Begins an answer whose length is not known. */
  static void begin(HttpExchange exchange, int status, String type) throws IOException {
    head(exchange, type);
    exchange.sendResponseHeaders(status, 0);
  }

  private static void head(HttpExchange exchange, String type) {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
  }
}
