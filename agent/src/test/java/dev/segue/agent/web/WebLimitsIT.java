// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.WebException;
import dev.segue.renderer.model.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is refused, cut off or kept waiting, and what is told about the agent's health. */
@Timeout(60)
class WebLimitsIT {
  private static final String ADVERTISEMENT = "/r/info/refs?service=git-upload-pack";
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final WebLimits SMALL =
      new WebLimits(1000, 8, 1, Duration.ofMillis(100), Duration.ofSeconds(1), TEN_SECONDS);

  @TempDir private Path temp;

  /** Tells and takes what the test says. */
  private static class Scripted implements GitService {
    volatile byte[] asked = new byte[0];

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void advertise(OutputStream out) throws IOException {
      out.write("refs".getBytes(US_ASCII));
    }

    @Override
    public void upload(InputStream in, OutputStream out) throws IOException {
      asked = in.readAllBytes();
      out.write("pack".getBytes(US_ASCII));
    }
  }

  private static WebServer start(WebLimits limits, GitService service) throws Exception {
    return Web.start(Web.plain(null, limits), Map.of("/r", service));
  }

  private static HttpRequest.Builder request(WebServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private static HttpRequest.Builder upload(WebServer server, byte[] body) {
    return request(server, "/r/git-upload-pack")
        .header("Content-Type", "application/x-git-upload-pack-request")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  @Test
  void letsInWhoKnowsTheToken() throws Exception {
    Path token = Files.writeString(temp.resolve("token"), "first\n");
    try (WebServer server =
        Web.start(Web.plain(token, WebLimits.defaults()), Map.of("/r", new Scripted()))) {
      assertThat(status(server, null)).isEqualTo(401);
      assertThat(status(server, "Bearer wrong")).isEqualTo(401);
      assertThat(status(server, "Bearer ")).isEqualTo(401);
      assertThat(status(server, "Basic ???")).isEqualTo(401);
      assertThat(status(server, basic("git:firs"))).isEqualTo(401);
      assertThat(status(server, basic("git:first"))).isEqualTo(200);
      assertThat(status(server, basic("whoever:first"))).isEqualTo(200);
      assertThat(status(server, "Bearer first")).isEqualTo(200);
      HttpResponse<String> refused = Web.send(request(server, ADVERTISEMENT));
      assertThat(refused.headers().firstValue("WWW-Authenticate"))
          .contains("Basic realm=\"segue\"");
      assertThat(refused.body()).doesNotContain("first");
      assertThat(Web.send(request(server, "/other")).statusCode())
          .as("who may not read does not learn what there is")
          .isEqualTo(401);

      Files.writeString(token, "second");
      assertThat(status(server, "Bearer first")).isEqualTo(401);
      assertThat(status(server, "Bearer second")).isEqualTo(200);
      Files.writeString(token, "\n");
      assertThat(status(server, "Bearer ")).isEqualTo(503);
      Files.delete(token);
      assertThat(status(server, "Bearer second")).isEqualTo(503);
    }
  }

  private static int status(WebServer server, @Nullable String credentials) throws Exception {
    HttpRequest.Builder request = request(server, ADVERTISEMENT);
    if (credentials != null) {
      request.header("Authorization", credentials);
    }
    return Web.send(request).statusCode();
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }

  @Test
  void doesNotBeginWithoutItsToken() {
    Path token = temp.resolve("nothing");
    assertThatThrownBy(() -> Web.start(Web.plain(token), Map.of()))
        .isInstanceOfSatisfying(
            WebException.class,
            e -> assertThat(e.code()).isEqualTo(ProblemCode.CONFIG_FILE_NOT_FOUND))
        .hasMessage("cannot serve: the token file \"" + token + "\" must be readable");
  }

  @Test
  void refusesABodyThatIsTooLarge() throws Exception {
    Scripted service = new Scripted();
    try (WebServer server = start(SMALL, service)) {
      assertThat(Web.send(upload(server, new byte[1000])).statusCode()).isEqualTo(200);
      assertThat(service.asked).hasSize(1000);
      assertThat(Web.send(upload(server, new byte[1001])).statusCode()).isEqualTo(413);
      assertThat(Web.send(upload(server, new byte[5000])).statusCode()).isEqualTo(413);
      byte[] packed = gzip(new byte[500_000]);
      assertThat(packed.length).isLessThan(1001);
      assertThat(Web.send(upload(server, packed).header("Content-Encoding", "gzip")).statusCode())
          .isEqualTo(413);
      assertThat(service.asked).as("nothing of it was looked at").hasSize(1000);
    }
  }

  @Test
  void takesABodyThatIsPackedAndRefusesOneThatIsNot() throws Exception {
    Scripted service = new Scripted();
    try (WebServer server = start(SMALL, service)) {
      byte[] text = "0000want".getBytes(US_ASCII);
      HttpRequest.Builder packed = upload(server, gzip(text)).header("Content-Encoding", "gzip");
      assertThat(Web.send(packed).body()).isEqualTo("pack");
      assertThat(service.asked).isEqualTo(text);
      HttpRequest.Builder broken = upload(server, text).header("Content-Encoding", "gzip");
      assertThat(Web.send(broken).statusCode()).isEqualTo(400);
      HttpRequest.Builder strange = upload(server, text).header("Content-Encoding", "br");
      assertThat(Web.send(strange).statusCode()).isEqualTo(415);
    }
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    }
    return packed.toByteArray();
  }

  @Test
  void aSlowClientHoldsUpNobodyAndIsCutOff() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (WebServer server = start(SMALL, new Scripted())) {
      for (int i = 0; i < 3; i++) {
        slow.add(say(server, "GET " + ADVERTISEMENT + " HTTP/1.1\r\nHos"));
        slow.add(
            say(
                server,
                "POST /r/git-upload-pack HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n"
                    + "Content-Type: application/x-git-upload-pack-request\r\n\r\n0032want"));
      }
      assertThat(Web.send(upload(server, new byte[10])).body()).isEqualTo("pack");
      for (Socket each : slow) {
        each.setSoTimeout(10_000);
        assertEnds(each);
      }
      assertThat(Web.send(upload(server, new byte[10])).body()).isEqualTo("pack");
    } finally {
      for (Socket each : slow) {
        each.close();
      }
    }
  }

  @Test
  void aHandshakeThatDoesNotGoOnIsCutOff() throws Exception {
    WebSettings.Protection.Tls tls = Certificates.make(temp, "EC");
    WebSettings settings =
        new WebSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls, null, SMALL);
    try (WebServer server = Web.start(settings, Map.of());
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      slow.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1});
      slow.getOutputStream().flush();
      assertThat(certificate(server)).isNotEmpty();
      slow.setSoTimeout(10_000);
      assertEnds(slow);
    }
  }

  @Test
  void moreConnectionsThanThereMayBeAreClosedAndLaterOnesServed() throws Exception {
    List<Socket> many = new ArrayList<>();
    try (WebServer server = start(SMALL, new Scripted())) {
      for (int i = 0; i < 30; i++) {
        many.add(say(server, "GET /healthz HTTP/1.1\r\nHos"));
      }
      for (Socket each : many) {
        each.setSoTimeout(10_000);
        assertEnds(each);
      }
      assertThat(Web.send(request(server, ADVERTISEMENT)).body()).isEqualTo("refs");
    } finally {
      for (Socket each : many) {
        each.close();
      }
    }
  }

  private static Socket say(WebServer server, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Reads until the other side has closed, by an end or by a reset. */
  private static void assertEnds(Socket socket) throws IOException {
    try {
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, US_ASCII)).doesNotContain("200 OK");
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection is still open", e);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void tellsWhoComesWhenTooManyAreServedToComeAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    GitService waiting =
        new Scripted() {
          @Override
          public void upload(InputStream in, OutputStream out) throws IOException {
            begun.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.upload(in, out);
          }
        };
    try (WebServer server = start(SMALL, waiting)) {
      AtomicReference<String> first = new AtomicReference<>("");
      Thread client =
          new Thread(
              () -> {
                try {
                  first.set(Web.send(upload(server, new byte[10])).body());
                } catch (Exception e) {
                  first.set(e.toString());
                }
              });
      client.start();
      begun.await();
      HttpResponse<String> second = Web.send(upload(server, new byte[10]));
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.headers().firstValue("Retry-After")).contains("10");
      assertThat(Web.send(request(server, "/healthz")).statusCode()).isEqualTo(200);
      go.countDown();
      client.join();
      assertThat(first.get()).isEqualTo("pack");
      assertThat(Web.send(upload(server, new byte[10])).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerThatNobodyReadsIsCutOff() throws Exception {
    WebLimits hasty =
        new WebLimits(
            1000, 8, 1, Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofSeconds(1));
    GitService endless =
        new Scripted() {
          @Override
          public void upload(InputStream in, OutputStream out) throws IOException {
            in.readAllBytes();
            while (true) {
              out.write(new byte[1 << 16]);
            }
          }
        };
    try (WebServer server = start(hasty, endless);
        Socket idle =
            say(
                server,
                "POST /r/git-upload-pack HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                    + "Content-Type: application/x-git-upload-pack-request\r\n\r\n0")) {
      assertThat(idle.getInputStream().read()).as("the answer began").isEqualTo('H');
      assertThat(Web.send(request(server, ADVERTISEMENT)).statusCode()).isEqualTo(503);
      await()
          .atMost(TEN_SECONDS)
          .until(() -> Web.send(request(server, ADVERTISEMENT)).statusCode() == 200);
    }
  }

  @Test
  void nothingIsServedAfterTheEndNotEvenToWhomItWasBegun() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<String> end = new AtomicReference<>("");
    GitService waiting =
        new Scripted() {
          @Override
          public void upload(InputStream in, OutputStream out) throws IOException {
            begun.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              end.set("interrupted");
              throw new IOException(e);
            }
          }
        };
    WebServer server = start(SMALL, waiting);
    int port = server.port();
    try (Socket client =
        say(
            server,
            "POST /r/git-upload-pack HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                + "Content-Type: application/x-git-upload-pack-request\r\n\r\n0")) {
      client.setSoTimeout(10_000);
      begun.await();
      server.close();
      assertThat(end.get()).isEqualTo("interrupted");
      try {
        client.getInputStream().readAllBytes();
      } catch (SocketException e) {
        assertThat(e).hasMessageContaining("reset");
      }
    }
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aBugIsToldAsSuchAndNothingOfIt() throws Exception {
    GitService broken =
        new Scripted() {
          @Override
          public void advertise(OutputStream out) {
            throw new IllegalStateException("/secret/path");
          }
        };
    try (WebServer server = start(SMALL, broken)) {
      HttpResponse<String> answer = Web.send(request(server, ADVERTISEMENT));
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("internal error\n");
    }
  }

  @Test
  void tellsItsHealthToEverybody() throws Exception {
    Told health = new Told();
    health.missing = Optional.of("Git has not answered yet");
    Path token = Files.writeString(temp.resolve("token"), "s3cr3t");
    try (WebServer server = WebServer.start(Web.plain(token), Map.of(), health)) {
      assertThat(told(server, "/healthz")).isEqualTo("200 ok\n");
      assertThat(told(server, "/readyz")).isEqualTo("503 Git has not answered yet\n");
      health.missing = Optional.empty();
      assertThat(told(server, "/readyz")).isEqualTo("200 ok\n");
      health.fault = Optional.of("no poll has ended for 2h");
      assertThat(told(server, "/healthz")).isEqualTo("503 no poll has ended for 2h\n");
      assertThat(told(server, "/readyz")).isEqualTo("503 no poll has ended for 2h\n");
    }
  }

  private static final class Told implements Health {
    volatile Optional<String> fault = Optional.empty();
    volatile Optional<String> missing = Optional.empty();

    @Override
    public Optional<String> fault() {
      return fault;
    }

    @Override
    public Optional<String> missing() {
      return missing;
    }
  }

  private static String told(WebServer server, String path) throws Exception {
    HttpResponse<String> answer = Web.send(request(server, path));
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void namesAPortThatIsTaken() throws Exception {
    try (WebServer server = start(SMALL, new Scripted())) {
      WebSettings same =
          new WebSettings(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
              new WebSettings.Protection.Plain(),
              null,
              SMALL);
      assertThatThrownBy(() -> Web.start(same, Map.of()))
          .isInstanceOf(WebException.class)
          .hasMessage(
              "cannot listen on 127.0.0.1:"
                  + server.port()
                  + ": Address already in use; free it or give `web.listen` another");
    }
  }

  @Test
  void namesAKeyThatIsNone() throws Exception {
    WebSettings.Protection.Tls tls = Certificates.make(temp, "EC");
    Files.writeString(tls.key(), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n");
    assertThatThrownBy(() -> Web.start(Web.tls(tls, null), Map.of()))
        .isInstanceOf(WebException.class)
        .hasMessageContaining("\"" + tls.key() + "\" must have a PEM key as PKCS#8")
        .hasMessageNotContaining("AAAA");
    Files.writeString(tls.certificate(), "nothing");
    assertThatThrownBy(() -> Web.start(Web.tls(tls, null), Map.of()))
        .isInstanceOf(WebException.class)
        .hasMessage("cannot serve: \"" + tls.certificate() + "\" must have PEM certificates");
  }

  @Test
  void usesACertificateThatWasRenewedAndKeepsItWhereTheNextIsBroken() throws Exception {
    WebSettings.Protection.Tls tls = Certificates.make(temp, "EC");
    try (WebServer server = Web.start(Web.tls(tls, null), Map.of())) {
      byte[] first = certificate(server);
      Certificates.make(temp, "EC");
      byte[] second = certificate(server);
      assertThat(second).isNotEqualTo(first);
      Files.writeString(tls.certificate(), "nothing");
      assertThat(certificate(server)).isEqualTo(second);
    }
  }

  private static byte[] certificate(WebServer server) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsEverybody()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0].getEncoded();
    }
  }

  private static final class TrustsEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
