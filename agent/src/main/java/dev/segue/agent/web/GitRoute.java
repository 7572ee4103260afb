// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import com.sun.net.httpserver.HttpExchange;
import dev.segue.agent.reconcile.GitService;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Git's smart HTTP, for reading: refs are told, objects are given, nothing is taken. */
final class GitRoute {
  private static final Logger LOG = LoggerFactory.getLogger(GitRoute.class);
  private static final int BUFFER = 32 << 10;

  private final RequestThreads threads;
  private final WebLimits limits;
  private final Semaphore uploads;

  GitRoute(RequestThreads threads, WebLimits limits) {
    this.threads = threads;
    this.limits = limits;
    this.uploads = new Semaphore(limits.uploads(), true);
  }

  /**
   * Serves one request.
   *
   * @param below what follows the repository's path, such as {@code /info/refs}
   */
  void serve(GitService service, String below, HttpExchange exchange)
      throws IOException, Refusal, InterruptedException {
    switch (below) {
      case "/info/refs" -> advertise(service, exchange);
      case "/git-upload-pack" -> upload(service, exchange);
      case "/git-receive-pack" -> throw readOnly();
      default -> throw new Refusal(404, "there is nothing here");
    }
  }

  private void advertise(GitService service, HttpExchange exchange)
      throws IOException, Refusal, InterruptedException {
    Routes.requireMethod(exchange, "GET");
    requireService(exchange.getRequestURI().getRawQuery());
    requireReady(service);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    inTurn(() -> service.advertise(answer));
    Routes.answer(
        exchange, 200, "application/x-git-upload-pack-advertisement", answer.toByteArray());
  }

  private static void requireService(@Nullable String query) throws Refusal {
    if ("service=git-receive-pack".equals(query)) {
      throw readOnly();
    }
    if (!"service=git-upload-pack".equals(query)) {
      throw new Refusal(403, "the client must speak Git's smart protocol");
    }
  }

  private void upload(GitService service, HttpExchange exchange)
      throws IOException, Refusal, InterruptedException {
    Routes.requireMethod(exchange, "POST");
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (!"application/x-git-upload-pack-request".equals(type)) {
      throw new Refusal(415, "the body must be a request of git-upload-pack");
    }
    threads.allow(limits.asking());
    byte[] request = RequestBody.read(exchange, limits.requestBytes());
    requireReady(service);
    inTurn(
        () -> {
          Routes.begin(exchange, 200, "application/x-git-upload-pack-result");
          try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER)) {
            service.upload(new ByteArrayInputStream(request), out);
          } catch (IOException e) {
            // The client was told within the protocol, or is gone.
            LOG.debug("a fetch ended early", e);
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private void inTurn(Work work) throws IOException, Refusal, InterruptedException {
    if (!uploads.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new Refusal(503, "the agent serves as many as it may; come again");
    }
    try {
      threads.allow(limits.answering());
      work.run();
    } finally {
      uploads.release();
    }
  }

  private static void requireReady(GitService service) throws IOException, Refusal {
    if (!service.ready()) {
      throw new Refusal(503, "the agent has not fetched this yet; come again");
    }
  }

  private static Refusal readOnly() {
    return new Refusal(403, "this repository can only be read");
  }
}
