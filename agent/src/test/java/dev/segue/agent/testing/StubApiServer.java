// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An API server without anybody behind it: lists are empty, what is created or applied is taken and
 * never moves on. It can be told to fail.
 */
public final class StubApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String STATUS_OF_A_GROUP =
      "{\"apiVersion\":\"segue.dev/v1alpha1\",\"kind\":\"ApplicationGroup\","
          + "\"metadata\":{\"name\":\"shown\"}}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final AtomicInteger versions = new AtomicInteger(1);
  private volatile String failing = "";
  private volatile int status;

  private StubApiServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static StubApiServer start() throws IOException {
    return new StubApiServer(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /**
   * From now on fails.
   *
   * @param requests what method and path of the requests contain, "" for all
   * @param code answered; 0 for no answer at all
   */
  public void fail(String requests, int code) {
    status = code;
    failing = requests.isEmpty() ? " " : requests;
  }

  /**
   * Kind and name of everything that was created or applied to release, such as {@code Workflow
   * shop-1}; not what shows a group, nor its Events.
   */
  public List<String> taken() {
    return List.copyOf(taken);
  }

  /** Writes a kubeconfig for it into the folder. */
  public Path kubeconfig(Path folder) throws IOException {
    return kubeconfig(folder, server.getAddress().getPort());
  }

  /** Writes a kubeconfig for a server on that port of this machine into the folder. */
  public static Path kubeconfig(Path folder, int port) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: stub, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: stub, user: {token: not-a-secret}}]
        contexts: [{name: stub, context: {cluster: stub, user: stub}}]
        current-context: stub
        """
            .formatted(port));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      if (!failing.isEmpty() && request.contains(failing)) {
        if (status == 0) {
          closing.await();
        }
        answer(exchange, status, "{\"kind\":\"Status\",\"message\":\"as the test wants it\"}");
      } else if (request.startsWith("GET /version")) {
        answer(exchange, 200, "{\"gitVersion\":\"v1.34.0\"}");
      } else if (request.contains("watch=true")) {
        watch(exchange);
      } else if (request.startsWith("GET")) {
        answer(
            exchange,
            200,
            "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
      } else {
        answer(exchange, request.startsWith("POST") ? 201 : 200, take(request, body));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing ever happens. */
  private void watch(HttpExchange exchange) throws IOException, InterruptedException {
    if (exchange.getRequestHeaders().containsKey("Sec-websocket-key")) {
      exchange.sendResponseHeaders(200, -1); // as a proxy does that knows no WebSockets
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    closing.await();
  }

  private String take(String request, byte[] body) throws IOException {
    boolean shows = request.contains("/applicationgroups/") || request.contains("/events");
    JsonNode sent = JSON.readTree(body);
    if (sent.isArray()) { // a status: what it is of is as it was
      return STATUS_OF_A_GROUP;
    }
    ObjectNode object = (ObjectNode) sent;
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    String version = Integer.toString(versions.incrementAndGet());
    metadata.put("uid", "uid-" + version);
    metadata.put("resourceVersion", version);
    if (!shows) {
      taken.add(object.get("kind").asText() + " " + metadata.get("name").asText());
    }
    return object.toString();
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
