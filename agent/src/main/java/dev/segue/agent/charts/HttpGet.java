// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * GET over HTTP: bounded in size and time, redirects followed a few times and never from https to
 * http, credentials sent to their own server only. Safe for several threads.
 */
final class HttpGet {
  private static final int MAX_REDIRECTS = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private final Duration deadline;
  private final Map<Access, HttpClient> clients = new ConcurrentHashMap<>();
  private @Nullable HttpClient plain;

  /**
   * @param deadline for one request with its body
   */
  HttpGet(Duration deadline) {
    this.deadline = deadline;
  }

  /** What a server answered, whatever the status. */
  static final class Answer {
    private final URI address;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Answer(URI address, HttpResponse<byte[]> response) {
      this.address = address;
      this.status = response.statusCode();
      this.headers = response.headers();
      this.body = response.body();
    }

    URI address() {
      return address;
    }

    int status() {
      return status;
    }

    byte[] body() {
      return body;
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /**
   * Returns the answer, whatever its status; throws CHART_SERVER_UNREACHABLE when there is none and
   * CHART_TOO_LARGE when it is too long.
   *
   * @param headers sent to the server of {@code access} only
   */
  Answer get(URI address, Access access, Map<String, String> headers, long maxBytes)
      throws ChartException {
    URI next = address;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Answer answer = once(next, access, headers, maxBytes);
      String location = answer.header("Location");
      if (!REDIRECTS.contains(answer.status()) || location.isEmpty()) {
        return answer;
      }
      URI target = resolve(next, location);
      if (next.getScheme().equals("https") && !"https".equals(target.getScheme())) {
        throw failed(address, false, "it redirects from https to " + Urls.shown(target));
      }
      next = target;
    }
    throw failed(address, false, "it redirects more than " + MAX_REDIRECTS + " times");
  }

  /** Returns the body; throws what the status means when it is not 200. */
  byte[] body(URI address, Access access, Map<String, String> headers, long maxBytes)
      throws ChartException {
    Answer answer = get(address, access, headers, maxBytes);
    if (answer.status() != 200) {
      throw refused(answer);
    }
    return answer.body();
  }

  /** What an answer other than the wanted one means. */
  static ChartException refused(Answer answer) {
    String shown = Urls.shown(answer.address());
    return switch (answer.status()) {
      case 401, 403 ->
          new ChartException(
              ProblemCode.CHART_SERVER_UNAUTHORIZED,
              false,
              "cannot get "
                  + shown
                  + ": the server answers "
                  + answer.status()
                  + ". Check the credentials that `authSecretRef` names",
              null);
      case 404, 410 ->
          new ChartException(
              ProblemCode.CHART_NOT_FOUND,
              false,
              "cannot get " + shown + ": the server answers " + answer.status(),
              null);
      default ->
          failed(
              answer.address(),
              answer.status() >= 500 || PASSING.contains(answer.status()),
              "the server answers " + answer.status());
    };
  }

  static ChartException failed(URI address, boolean retryable, String why) {
    return new ChartException(
        ProblemCode.CHART_SERVER_FAILED,
        retryable,
        "cannot get " + Urls.shown(address) + ": " + why,
        null);
  }

  private static URI resolve(URI base, String location) throws ChartException {
    try {
      URI target = base.resolve(location);
      if (target.getHost() != null && Set.of("http", "https").contains(target.getScheme())) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      throw failed(base, false, "it redirects to what is no address");
    }
    throw failed(base, false, "it redirects to what is no http address");
  }

  private Answer once(URI address, Access access, Map<String, String> headers, long maxBytes)
      throws ChartException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(deadline).GET();
    request.header("User-Agent", "segue");
    boolean covered = access.covers(address);
    if (covered) {
      headers.forEach(request::header);
      if (!headers.containsKey("Authorization")) {
        access.basic().ifPresent(value -> request.header("Authorization", value));
      }
    } else {
      headers.forEach(
          (name, value) -> {
            if (!name.equals("Authorization")) {
              request.header(name, value);
            }
          });
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        clientFor(access, covered).sendAsync(request.build(), info -> new BoundedBody(maxBytes));
    try {
      HttpResponse<byte[]> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(address, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(address, true, "interrupted", e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw unreachable(address, true, "no answer within " + deadline.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw classified(address, maxBytes, e);
    }
  }

  private HttpClient clientFor(Access access, boolean covered) throws ChartException {
    if (!covered || access.credentials() == null || !TlsContext.isNeeded(access.credentials())) {
      return plain();
    }
    HttpClient client = clients.get(access);
    if (client == null) {
      client = client().sslContext(TlsContext.of(access.name(), access.credentials())).build();
      clients.put(access, client);
    }
    return client;
  }

  /** Made when it is first needed: it reads every authority that Java trusts. */
  private synchronized HttpClient plain() {
    if (plain == null) {
      plain = client().build();
    }
    return plain;
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  private static ChartException classified(URI address, long maxBytes, ExecutionException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof BoundedInput.TooMuch) {
        return new ChartException(
            ProblemCode.CHART_TOO_LARGE,
            false,
            Urls.shown(address) + " must have at most " + maxBytes + " bytes",
            failure);
      }
      if (t instanceof SSLException) {
        String remedy = ". Put the authority that signed it into `ca.crt` of its credentials";
        return unreachable(address, false, "TLS fails: " + words(t) + remedy, failure);
      }
    }
    return unreachable(address, true, words(cause), failure);
  }

  private static String words(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return "the host's name cannot be resolved";
      }
    }
    String message = failure.getMessage();
    if (message == null || !(failure instanceof IOException)) {
      return failure.getClass().getSimpleName();
    }
    return HelmMessage.oneLine(message);
  }

  private static ChartException unreachable(
      URI address, boolean retryable, String why, Exception cause) {
    return new ChartException(
        ProblemCode.CHART_SERVER_UNREACHABLE,
        retryable,
        "cannot reach " + Urls.shown(address) + ": " + why,
        cause);
  }
}
