// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server of files; it notes what it is asked and with what. */
public final class ChartServer implements AutoCloseable {
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final HttpServer server;

  /** An answer. */
  public static final class Reply {
    final int status;
    final byte[] body;
    final Map<String, String> headers = new HashMap<>();

    Reply(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    public Reply with(String name, String value) {
      headers.put(name, value);
      return this;
    }
  }

  public ChartServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  public URI oci(String path) {
    return URI.create("oci://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  public Reply serve(String path, byte[] body) {
    return reply(path, new Reply(200, body));
  }

  public Reply serve(String path, String body) {
    return serve(path, body.getBytes(StandardCharsets.UTF_8));
  }

  Reply reply(String path, Reply reply) {
    replies.put(path, reply);
    return reply;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    requests.add(path);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(path + " " + authorization);
    Reply reply = replies.getOrDefault(path, new Reply(404, new byte[0]));
    String wanted = reply.headers.get("X-Wants");
    if (wanted != null && !wanted.equals(authorization)) {
      reply = replies.getOrDefault("challenge", new Reply(401, new byte[0]));
    }
    String etag = reply.headers.get("ETag");
    boolean same =
        etag != null && etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    reply.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    if (same) {
      exchange.sendResponseHeaders(304, -1);
    } else {
      exchange.sendResponseHeaders(reply.status, reply.body.length == 0 ? -1 : reply.body.length);
      exchange.getResponseBody().write(reply.body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
