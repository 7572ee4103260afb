// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/**
 * A Git server over smart HTTP: JGit's own upload-pack and receive-pack behind the JDK's web
 * server. It notes every request and misbehaves on demand.
 */
public final class GitHttpServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Repository repository;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** What every request needs in its Authorization; null for no check. */
  public volatile @Nullable String credentials;

  /** Answered instead of everything, or to pushes only; 0 for none. */
  public volatile int status;

  volatile int pushStatus;
  public volatile boolean hang;
  volatile boolean htmlInstead;
  public volatile PreReceiveHook hook = PreReceiveHook.NULL;

  private GitHttpServer(HttpServer server, Repository repository) {
    this.server = server;
    this.repository = repository;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static GitHttpServer start(Repository repository) throws IOException {
    return new GitHttpServer(HttpServer.create(anyPort(), 0), repository);
  }

  static GitHttpServer startTls(Repository repository, SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new GitHttpServer(server, repository);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://localhost:" + server.getAddress().getPort() + "/team/repo.git";
  }

  /** Method and path with query of every request since the last call. */
  List<String> takeRequests() {
    List<String> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      if (hang) {
        closing.await();
      }
      String query = exchange.getRequestURI().toString();
      boolean push = query.contains("receive-pack");
      if (!isAuthorized(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (status != 0 || (push && pushStatus != 0)) {
        exchange.sendResponseHeaders(status != 0 ? status : pushStatus, -1);
      } else if (!query.startsWith("/team/repo.git/")) {
        exchange.sendResponseHeaders(404, -1);
      } else if (htmlInstead) {
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("<html>Sign in</html>".getBytes(StandardCharsets.UTF_8));
      } else if (query.contains("/info/refs?")) {
        advertise(exchange, push ? "git-receive-pack" : "git-upload-pack");
      } else {
        serve(exchange, push ? "git-receive-pack" : "git-upload-pack");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isAuthorized(HttpExchange exchange) {
    String wanted = credentials;
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return wanted == null
        || ("Basic " + Base64.getEncoder().encodeToString(wanted.getBytes(StandardCharsets.UTF_8)))
            .equals(given);
  }

  private void advertise(HttpExchange exchange, String service) throws IOException {
    answer(exchange, service, "advertisement");
    try (OutputStream body = exchange.getResponseBody()) {
      PacketLineOut out = new PacketLineOut(body);
      out.writeString("# service=" + service + "\n");
      out.end();
      PacketLineOutRefAdvertiser advertiser = new PacketLineOutRefAdvertiser(out);
      if (service.equals("git-upload-pack")) {
        UploadPack pack = new UploadPack(repository);
        pack.setBiDirectionalPipe(false);
        pack.sendAdvertisedRefs(advertiser);
      } else {
        receivePack().sendAdvertisedRefs(advertiser);
      }
    }
  }

  private void serve(HttpExchange exchange, String service) throws IOException {
    InputStream in = exchange.getRequestBody();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      in = new GZIPInputStream(in);
    }
    answer(exchange, service, "result");
    try (OutputStream out = exchange.getResponseBody()) {
      if (service.equals("git-upload-pack")) {
        UploadPack pack = new UploadPack(repository);
        pack.setBiDirectionalPipe(false);
        pack.upload(in, out, null);
      } else {
        receivePack().receive(in, out, null);
      }
    }
  }

  private ReceivePack receivePack() {
    ReceivePack pack = new ReceivePack(repository);
    pack.setBiDirectionalPipe(false);
    pack.setPreReceiveHook(hook);
    return pack;
  }

  private static void answer(HttpExchange exchange, String service, String kind)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-" + service + "-" + kind);
    exchange.sendResponseHeaders(200, 0);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
