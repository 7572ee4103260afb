// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an API server may answer when it is not well, or not one. */
final class Fabric8ClusterFaultsTest {
  private static final Namespace SEGUE = Namespace.parse("segue");
  private static final Limits QUICK = limits(Duration.ofSeconds(10));

  /** For servers that never answer; too short for one that only has a slow machine. */
  private static final Limits IMPATIENT = limits(Duration.ofMillis(400));

  private static final String OBJECT =
      "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"}}";

  /** What the server answers to one request. */
  private record Scripted(int code, String body, Map<String, String> headers) {}

  private final Queue<Scripted> script = new ArrayDeque<>();
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private HttpServer server;

  @SuppressWarnings("NullAway.Init") // set before each
  private Fabric8Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
    cluster = connect("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private record Fault(
      String name, int code, String body, ProblemCode problem, boolean retryable, String message) {}

  static Stream<Arguments> faults() {
    return Stream.of(
            new Fault(
                "401",
                401,
                status("Unauthorized", "Unauthorized"),
                ProblemCode.CLUSTER_UNAUTHORIZED,
                false,
                "the API server does not accept our credentials (401). Renew the token or"
                    + " certificate of the kubeconfig or service account"),
            new Fault(
                "403 of RBAC",
                403,
                status(
                    "Forbidden",
                    "configmaps \\\"web\\\" is forbidden: User \\\"system:serviceaccount:segue:segue\\\" cannot"
                        + " patch resource \\\"configmaps\\\" in API group \\\"\\\" in the namespace"
                        + " \\\"shop\\\""),
                ProblemCode.CLUSTER_FORBIDDEN,
                false,
                "user \"system:serviceaccount:segue:segue\" must have verb \"patch\" on resource"
                    + " \"configmaps\" of API group \"\" in namespace \"shop\" (403). Grant it by a"
                    + " Role there, or a ClusterRole with a binding"),
            new Fault(
                "403 without words",
                403,
                "",
                ProblemCode.CLUSTER_FORBIDDEN,
                false,
                "our user lacks a right on resource \"configmaps\" in namespace \"shop\" (403). Grant"
                    + " it by a Role or ClusterRole with a binding"),
            new Fault(
                "403 of a quota",
                403,
                status("Forbidden", "configmaps \\\"web\\\" is forbidden: exceeded quota: small"),
                ProblemCode.CLUSTER_REJECTED,
                false,
                "the API server forbids it (403): configmaps \"web\" is forbidden: exceeded quota:"
                    + " small"),
            new Fault(
                "403 in a dying namespace",
                403,
                status(
                    "Forbidden",
                    "unable to create new content in namespace shop because it is being terminated"),
                ProblemCode.CLUSTER_REJECTED,
                true,
                "its namespace is being deleted. Wait until it is gone, then create it again"),
            new Fault(
                "404 of something else",
                404,
                "<html>not found</html>",
                ProblemCode.CLUSTER_FAILED,
                false,
                "the API server answered 404. Is it a Kubernetes API server's address?"),
            new Fault(
                "409",
                409,
                status("Conflict", "the object has been modified"),
                ProblemCode.CLUSTER_CONFLICT,
                true,
                "somebody else changed it at the same time (409: the object has been modified)"),
            new Fault(
                "422",
                422,
                status("Invalid", "ConfigMap \\\"web\\\" is invalid:\\n data[a]: Too long"),
                ProblemCode.CLUSTER_REJECTED,
                false,
                "the API server rejects it: ConfigMap \"web\" is invalid: data[a]: Too long"),
            new Fault(
                "429",
                429,
                "Too many requests",
                ProblemCode.CLUSTER_OVERLOADED,
                true,
                "the API server has too many requests (429)"),
            new Fault(
                "500",
                500,
                status("InternalError", "Internal error occurred: failed calling webhook"),
                ProblemCode.CLUSTER_FAILED,
                true,
                "the API server answered 500: Internal error occurred: failed calling webhook"),
            new Fault(
                "503",
                503,
                "no backend",
                ProblemCode.CLUSTER_FAILED,
                true,
                "the API server answered 503"),
            new Fault(
                "200 with garbage",
                200,
                "<html>Please log in</html>",
                ProblemCode.CLUSTER_FAILED,
                true,
                "the API server answered 200 with something that is no Kubernetes object"),
            new Fault(
                "200 with half an object",
                200,
                "{\"kind\":\"ConfigMap\",\"metadata\":{\"na",
                ProblemCode.CLUSTER_FAILED,
                true,
                "the API server answered 200 with something that is no Kubernetes object"),
            new Fault(
                "200 with another JSON",
                200,
                "{}",
                ProblemCode.CLUSTER_FAILED,
                true,
                "the API server answered 200 with something that is no Kubernetes object"))
        .map(fault -> Arguments.argumentSet(fault.name(), fault));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void tellsEveryRefusalInOneLine(Fault fault) {
    for (int i = 0; i < QUICK.attempts(); i++) {
      say(fault.code(), fault.body());
    }

    ClusterException failure = failureOf(() -> cluster.apply(List.of(configMap("web"))));

    assertThat(failure).hasMessage("cannot apply ConfigMap \"shop/web\": " + fault.message());
    assertThat(failure.code()).isEqualTo(fault.problem());
    assertThat(failure.retryable()).isEqualTo(fault.retryable());
    boolean mayPass = fault.code() == 409 || fault.code() == 429 || fault.code() >= 500;
    assertThat(seen).hasSize(mayPass ? QUICK.attempts() : 1);
  }

  @Test
  void namesAMissingCrdWithItsRemedy() {
    say(404, "404 page not found");

    ClusterException failure = failureOf(() -> cluster.create(workflow()));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_CRD_MISSING);
    assertThat(failure)
        .hasMessage(
            "cannot create Workflow \"shop/run\": the cluster does not know Workflow of"
                + " argoproj.io/v1alpha1: CRD \"workflows.argoproj.io\" is missing or has no such"
                + " version. Install Argo Workflows with its CRDs");
  }

  @Test
  void succeedsWhenTheFaultPasses() throws ClusterException {
    say(503, "");
    say(500, status("InternalError", "etcd has no leader"));
    say(200, OBJECT);

    cluster.apply(List.of(configMap("web")));

    assertThat(seen)
        .hasSize(3)
        .allMatch(
            request ->
                request.equals(
                    "PATCH /api/v1/namespaces/shop/configmaps/web"
                        + "?fieldManager=segue&fieldValidation=Strict&force=true"));
  }

  @Test
  void asksNothingOfGroupsOfWhichNothingIsLeftOver() throws ClusterException {
    String labels = "\"labels\":{\"app.kubernetes.io/managed-by\":\"segue\",\"segue.dev/group\":\"";
    String ours = "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"," + labels + "shop\"}}}";
    String others =
        "{\"metadata\":{\"name\":\"mail\",\"namespace\":\"shop\"," + labels + "mail\"}}}";
    say(200, "{\"items\":[" + ours + "," + others + "]}");
    for (int kind = 1; kind < 6; kind++) {
      say(200, "{\"items\":[]}");
    }
    for (int time = 0; time < 3; time++) {
      cluster.collect(GroupName.parse("shop"), "shop", List.of(configMap("web")));
      cluster.collect(GroupName.parse("mail"), "shop", List.of(configMap("mail")));
    }
    assertThat(seen).hasSize(6).noneMatch(request -> request.contains("group"));

    say(200, "{\"items\":[" + ours + "]}");
    say(200, OBJECT);
    cluster.collect(GroupName.parse("shop"), "shop", List.of());
    assertThat(seen).hasSize(8).last().asString().startsWith("DELETE ").contains("configmaps/web");
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws ClusterException {
    script.add(new Scripted(429, "", Map.of("Retry-After", "1")));
    say(200, OBJECT);
    long before = System.nanoTime();

    cluster.apply(List.of(configMap("web")));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void givesUpWhenTheServerAsksForTooMuch() {
    script.add(new Scripted(429, "", Map.of("Retry-After", "3600")));

    ClusterException failure = failureOf(() -> cluster.apply(List.of(configMap("web"))));

    assertThat(failure).hasMessageContaining("(429) and asks to wait 3600 s");
    assertThat(failure.retryable()).isTrue();
    assertThat(seen).hasSize(1);
  }

  @Test
  void reachesTheNamespacesThatItWatches() throws ClusterException {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:1").build();
    try (Fabric8Cluster one = new Fabric8Cluster(config, SEGUE, List.of(SEGUE), QUICK)) {
      assertThat(one.reaches(SEGUE)).isTrue();
      assertThat(one.reaches(Namespace.parse("shop"))).isFalse();
    }
    assertThat(cluster.reaches(Namespace.parse("shop"))).isTrue();
  }

  @Test
  void createSaysWhenItWasThereAlready() throws ClusterException {
    say(409, status("AlreadyExists", "workflows.argoproj.io \\\"run\\\" already exists"));

    assertThat(cluster.create(workflow())).isFalse();
  }

  @Test
  void patchSaysWhetherTheObjectIsThere() throws ClusterException {
    say(
        404,
        "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"workflows.argoproj.io \\\"run\\\" not found\","
            + "\"details\":{\"name\":\"run\",\"kind\":\"workflows\"}}");

    assertThat(cluster.patch(workflow())).isFalse();

    say(503, "");
    say(200, OBJECT.replace("ConfigMap", "Workflow"));
    assertThat(cluster.patch(workflow())).isTrue();
    assertThat(seen)
        .hasSize(3)
        .allMatch(
            request ->
                request.equals(
                    "PATCH /apis/argoproj.io/v1alpha1/namespaces/shop/workflows/run"
                        + "?fieldManager=segue&fieldValidation=Strict"));
  }

  @Test
  void patchDoesNotTakeAMissingCrdForAMissingObject() {
    say(404, "404 page not found");

    ClusterException failure = failureOf(() -> cluster.patch(workflow()));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_CRD_MISSING);
  }

  @Test
  void beginsNoOtherKindAfterAFailure() {
    say(422, status("Invalid", "no"));

    ClusterException failure = failureOf(() -> cluster.apply(List.of(configMap("a"), workflow())));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(seen).singleElement().asString().contains("configmaps/a");
  }

  @Test
  void keepsTheContentOfSecretsOutOfMessages() {
    say(
        400,
        status(
            "BadRequest",
            "failed to create typed patch object: .data.password: expected string, got"
                + " &value.valueUnstructured{Value:12345}"));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(configMap("web").fields());
    fields.put("kind", "Secret");

    ClusterException failure = failureOf(() -> cluster.apply(List.of(new Manifest(fields))));

    assertThat(failure)
        .hasMessageContaining(".data.password: expected string")
        .hasMessageNotContaining("12345");
  }

  @Test
  void refusesNamesThatLeaveTheirPath() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(configMap("web").fields());
    fields.put("metadata", Map.of("name", "../secrets/x", "namespace", "shop"));

    ClusterException failure = failureOf(() -> cluster.apply(List.of(new Manifest(fields))));

    assertThat(failure).hasMessageContaining("`metadata.name` must be a name of Kubernetes");
    assertThat(seen).isEmpty();
  }

  @Test
  void tellsThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (Fabric8Cluster nobody = connect("http://127.0.0.1:" + port)) {
      ClusterException failure = failureOf(nobody::kubernetesVersion);

      assertThat(failure)
          .hasMessageStartingWith(
              "cannot read the cluster's version: 127.0.0.1:" + port + " cannot be reached: ");
      assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_UNREACHABLE);
      assertThat(failure.retryable()).isTrue();
    }
  }

  @Test
  void tellsThatTheNameIsUnknown() throws Exception {
    try (Fabric8Cluster nobody = connect("http://segue.invalid:6443")) {
      assertThat(failureOf(nobody::kubernetesVersion))
          .hasMessage(
              "cannot read the cluster's version: the name of segue.invalid:6443 cannot be"
                  + " resolved");
    }
  }

  @Test
  void tellsThatThereIsNoAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Fabric8Cluster quiet = connect("http://127.0.0.1:" + silent.getLocalPort(), IMPATIENT)) {
      ClusterException failure = failureOf(quiet::kubernetesVersion);

      assertThat(failure)
          .hasMessage(
              "cannot read the cluster's version: 127.0.0.1:"
                  + silent.getLocalPort()
                  + " gave no answer within 0.4 s");
      assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_UNREACHABLE);
      assertThat(failure.retryable()).isTrue();
    }
  }

  @Test
  void tellsThatAnAnswerIsNeverComplete() throws Exception {
    try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Fabric8Cluster quiet = connect("http://127.0.0.1:" + slow.getLocalPort(), IMPATIENT)) {
      answerAll(slow, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");

      ClusterException failure = failureOf(quiet::kubernetesVersion);

      assertThat(failure).hasMessageContaining("gave no answer within 0.4 s");
      assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_UNREACHABLE);
    }
  }

  @Test
  void tellsThatTlsFails() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Fabric8Cluster wrong = connect("https://127.0.0.1:" + plain.getLocalPort())) {
      answerAll(plain, "HTTP/1.1 400 Bad Request\r\n\r\n");

      ClusterException failure = failureOf(wrong::kubernetesVersion);

      assertThat(failure)
          .hasMessageStartingWith(
              "cannot read the cluster's version: TLS with 127.0.0.1:"
                  + plain.getLocalPort()
                  + " failed: ");
      assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_UNREACHABLE);
      assertThat(failure.retryable()).isFalse();
    }
  }

  @Test
  void doesNotBeginToWatchWhatIsMissing() {
    say(404, "404 page not found");

    ClusterException failure = failureOf(() -> cluster.watch(group -> {}));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_CRD_MISSING);
    assertThat(failure)
        .hasMessageContaining("Install Flux's helm-controller with its CRDs")
        .hasMessageStartingWith("cannot watch HelmReleases in all namespaces: ");
  }

  @Test
  void refusesToGiveWhatIsStale() throws Exception {
    try (FakeWatch api = new FakeWatch();
        Fabric8Cluster watched = connect("http://127.0.0.1:" + api.port())) {
      watched.watch(group -> {});
      GroupName shop = GroupName.parse("shop");
      assertThat(watched.observe(shop)).isEmpty();

      api.fail();

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                ClusterException failure = failureOf(() -> watched.observe(shop));
                assertThat(failure).isNotNull();
                assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_UNAUTHORIZED);
                assertThat(failure.retryable()).isTrue();
                assertThat(failure)
                    .hasMessageMatching(
                        "cannot watch HelmReleases in all namespaces for [0-9]+ s: cannot watch .*"
                            + "credentials.*");
              });

      api.recover();

      await().atMost(Duration.ofSeconds(20)).until(() -> failureOrNull(watched, shop) == null);
    }
  }

  @Test
  void refusesUnusableKubeconfigs() throws Exception {
    Path none = folder.resolve("none");
    assertThat(failureOf(() -> open(none, null)))
        .hasMessage(
            "cannot connect to the cluster: kubeconfig \""
                + none
                + "\" must be a file that can be read");
    Path garbage = Files.writeString(folder.resolve("garbage"), "token: [s3cret");
    assertThat(failureOf(() -> open(garbage, null)))
        .hasMessageEndingWith("must be the YAML of a kubeconfig");
    Path empty = Files.writeString(folder.resolve("empty"), kubeconfig("", ""));
    assertThat(failureOf(() -> open(empty, null))).hasMessageContaining("has no current context");
    Path good = Files.writeString(folder.resolve("good"), kubeconfig("one", ""));
    assertThat(failureOf(() -> open(good, "two")))
        .hasMessageContaining("context \"two\" is not in the kubeconfig");
    Path unsafe =
        Files.writeString(
            folder.resolve("unsafe"), kubeconfig("one", ", insecure-skip-tls-verify: true"));
    assertThat(failureOf(() -> open(unsafe, null)))
        .hasMessageContaining("`insecure-skip-tls-verify` must not be set");
    try (Fabric8Cluster opened = new Fabric8Cluster(good, "one", SEGUE, List.of())) {
      assertThat(opened.description()).isEqualTo("\"one\" at api.example.org:6443");
    }
  }

  /** Says this to everybody who connects, until the socket is closed. */
  private void answerAll(ServerSocket listening, String text) {
    threads.execute(
        () -> {
          while (!listening.isClosed()) {
            try {
              Socket socket = listening.accept();
              socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private static String kubeconfig(String current, String more) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: \""
        + current
        + "\"\nclusters: [{name: c, cluster: {server: 'https://me:s3cret@api.example.org:6443'"
        + more
        + "}}]\ncontexts: [{name: one, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: t}}]\n";
  }

  private static void open(Path kubeconfig, @Nullable String context) throws ClusterException {
    new Fabric8Cluster(kubeconfig, context, SEGUE, List.of()).close();
  }

  private interface Call {
    void run() throws ClusterException;
  }

  private static ClusterException failureOf(Call call) {
    return catchThrowableOfType(ClusterException.class, call::run);
  }

  private static @Nullable ClusterException failureOrNull(Fabric8Cluster cluster, GroupName group) {
    try {
      cluster.observe(group);
      return null;
    } catch (ClusterException e) {
      return e;
    }
  }

  private static Limits limits(Duration request) {
    return new Limits(
        request,
        3,
        Duration.ofMillis(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        Duration.ofMillis(300),
        Duration.ofSeconds(20));
  }

  private static Fabric8Cluster connect(String url) throws ClusterException {
    return connect(url, QUICK);
  }

  private static Fabric8Cluster connect(String url, Limits limits) throws ClusterException {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
    config.setWatchReconnectInterval(50);
    return new Fabric8Cluster(config, SEGUE, List.of(), limits);
  }

  private void say(int code, String body) {
    script.add(new Scripted(code, body, Map.of()));
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    Scripted next = script.poll();
    Scripted answer = next == null ? new Scripted(418, "unexpected", Map.of()) : next;
    exchange.getRequestBody().readAllBytes();
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.code(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String status(String reason, String message) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\""
        + reason
        + "\",\"message\":\""
        + message
        + "\"}";
  }

  private static Manifest configMap(String name) {
    return object("v1", "ConfigMap", name);
  }

  private static Manifest workflow() {
    return object("argoproj.io/v1alpha1", "Workflow", "run");
  }

  private static Manifest object(String apiVersion, String kind, String name) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", apiVersion);
    fields.put("kind", kind);
    fields.put(
        "metadata",
        Map.of(
            "name",
            name,
            "namespace",
            "shop",
            "labels",
            Map.of(Labels.MANAGED_BY, Labels.SEGUE, Labels.GROUP, "shop")));
    return new Manifest(fields);
  }

  /** Lists nothing and holds watches open, until it fails. */
  private static final class FakeWatch implements AutoCloseable {
    private static final String EMPTY =
        "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";

    /** An API server sends one about every minute. */
    private static final String BOOKMARK =
        "{\"type\":\"BOOKMARK\",\"object\":{\"apiVersion\":\"helm.toolkit.fluxcd.io/v2\","
            + "\"kind\":\"HelmRelease\",\"metadata\":{\"resourceVersion\":\"1\"}}}\n";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<HttpExchange> open = new ArrayList<>();
    private final HttpServer server;
    private boolean failing;

    FakeWatch() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.setExecutor(threads);
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    synchronized void fail() {
      failing = true;
      open.forEach(HttpExchange::close);
      open.clear();
    }

    synchronized void recover() {
      failing = false;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
      if (failing) {
        exchange.sendResponseHeaders(401, -1);
        exchange.close();
        return;
      }
      if (exchange.getRequestURI().getQuery().contains("watch=true")) {
        if (exchange.getRequestHeaders().containsKey("Sec-websocket-key")) {
          // As a proxy without WebSockets does: the client then asks by plain HTTP.
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
          return;
        }
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(BOOKMARK.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        open.add(exchange);
        return;
      }
      byte[] body = EMPTY.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
