// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.WebException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves repositories for reading at fixed paths, and {@code /healthz} and {@code /readyz}. How
 * much and how long anybody may take is bounded, so that one client does not hold up another.
 */
public final class WebServer implements AutoCloseable {
  private static final int BACKLOG = 50;
  private static final long CLOSING_SECONDS = 2;

  private final HttpServer server;
  private final RequestThreads threads;

  private WebServer(HttpServer server, RequestThreads threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Begins to listen.
   *
   * @param repositories by their path, such as {@code /git/source}
   * @throws WebException when the port, the certificate or the token cannot be had
   */
  public static WebServer start(
      WebSettings settings, Map<String, GitService> repositories, Health health)
      throws WebException {
    TokenCheck token = token(settings.tokenFile());
    HttpServer server = listen(settings);
    RequestThreads threads = new RequestThreads(settings.limits());
    server.setExecutor(threads);
    GitRoute git = new GitRoute(threads, settings.limits());
    server.createContext("/", new Routes(repositories, health, token, git));
    server.start();
    return new WebServer(server, threads);
  }

  private static TokenCheck token(@Nullable Path file) throws WebException {
    try {
      if (file != null) {
        TokenCheck.token(file);
      }
      return new TokenCheck(file);
    } catch (IOException e) {
      throw new WebException(
          ProblemCode.CONFIG_FILE_NOT_FOUND, "cannot serve: " + e.getMessage(), e);
    }
  }

  private static HttpServer listen(WebSettings settings) throws WebException {
    SSLContext tls =
        settings.protection() instanceof WebSettings.Protection.Tls files ? tls(files) : null;
    try {
      if (tls == null) {
        return HttpServer.create(settings.address(), BACKLOG);
      }
      HttpsServer server = HttpsServer.create(settings.address(), BACKLOG);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return server;
    } catch (IOException e) {
      throw new WebException(
          ProblemCode.CONFIG_INVALID,
          "cannot listen on "
              + settings.address().getAddress().getHostAddress()
              + ":"
              + settings.address().getPort()
              + ": "
              + e.getMessage()
              + "; free it or give `web.listen` another",
          e);
    }
  }

  private static SSLContext tls(WebSettings.Protection.Tls files) throws WebException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {RenewedKeys.of(files)}, null, null);
      return context;
    } catch (IOException e) {
      throw new WebException(ProblemCode.CONFIG_INVALID, "cannot serve: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** The port on which it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Closes every connection; what is under way is cut off, and a Git client tries again. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
