// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests with the client's credentials, and again while that may help. fabric8's own
 * retries are off: they do not wait as long as {@code Retry-After} says.
 */
final class ApiServer {
  private final KubernetesClient client;
  private final KubernetesSerialization json;
  private final Limits limits;

  ApiServer(KubernetesClient client, Limits limits) {
    this.client = client;
    this.json = client.getKubernetesSerialization();
    this.limits = limits;
  }

  String asJson(Object value) {
    return json.asJson(value);
  }

  /**
   * Returns the answer, which may be a refusal; only what may pass by itself has been asked again.
   */
  Answer ask(Request request) throws ClusterException {
    long deadline = System.nanoTime() + limits.patience().toNanos();
    long pause = limits.pause().toMillis();
    for (int attempt = 1; ; attempt++) {
      @Nullable Answer answer = null;
      @Nullable ClusterException failure = null;
      try {
        answer = send(request);
        if (!mayPass(answer)) {
          return answer;
        }
      } catch (ClusterException e) {
        failure = e;
        if (!e.retryable()) {
          throw e;
        }
      }
      long asked = answer == null ? 0 : TimeUnit.SECONDS.toMillis(answer.retryAfter());
      long wait = Math.max(pause, asked);
      boolean enough =
          attempt >= limits.attempts()
              || wait > limits.longestPause().toMillis()
              || System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait) > deadline;
      if (failure != null && (enough || Thread.currentThread().isInterrupted())) {
        throw failure;
      }
      if (answer != null && enough) {
        return answer;
      }
      sleep(request.target(), wait);
      pause *= 2;
    }
  }

  /**
   * Returns the JSON object of a success; throws for everything else.
   *
   * @param resource what the request is about, for the remedy of a missing CRD
   */
  Map<String, @Nullable Object> demand(@Nullable Resource resource, Request request)
      throws ClusterException {
    Answer answer = ask(request);
    if (!answer.successful() || answer.fields() == null) {
      throw Failures.answered(request.target(), resource, answer);
    }
    return answer.fields();
  }

  /** As {@link #ask}, once. */
  Answer send(Request request) throws ClusterException {
    HttpRequest.Builder builder =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(client.getMasterUrl().toString().replaceAll("/+$", "") + "/" + request.path())
            .timeout(limits.request().toMillis(), TimeUnit.MILLISECONDS);
    if (request.body() != null) {
      builder.method(request.method(), request.contentType(), request.body());
    }
    builder.setHeader("Accept", request.accept());
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.getHttpClient().sendAsync(builder.build(), byte[].class);
    try {
      // The client's own timeout ends with the headers; ours is about the body too.
      HttpResponse<byte[]> response =
          pending.get(limits.request().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.code(), retryAfter(response), parse(response.body()));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw Failures.unanswered(request.target(), client.getMasterUrl(), limits.request(), cause);
    } catch (TimeoutException e) {
      pending.cancel(true);
      HttpTimeoutException cause = new HttpTimeoutException("the answer was not complete");
      throw Failures.unanswered(request.target(), client.getMasterUrl(), limits.request(), cause);
    } catch (InterruptedException e) {
      pending.cancel(true);
      throw interrupted(request.target(), e);
    }
  }

  /** Whether a refusal may pass by itself, soon. */
  private static boolean mayPass(Answer answer) {
    return answer.code() == 429
        || (answer.code() >= 500 && !Failures.isRejection(answer))
        || (answer.code() == 409 && answer.reason().equals("Conflict"));
  }

  private @Nullable Map<String, @Nullable Object> parse(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (!text.startsWith("{")) {
      return null;
    }
    try {
      @SuppressWarnings("unchecked") // a JSON object has string keys
      Map<String, @Nullable Object> fields = json.unmarshal(text, LinkedHashMap.class);
      return fields;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static long retryAfter(HttpResponse<?> response) {
    List<String> values = response.headers("Retry-After");
    if (values == null || values.isEmpty() || !values.get(0).matches("[0-9]{1,9}")) {
      return 0;
    }
    return Long.parseLong(values.get(0));
  }

  private static void sleep(Target target, long millis) throws ClusterException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(target, e);
    }
  }

  private static ClusterException interrupted(Target target, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ClusterException(
        ProblemCode.CLUSTER_UNREACHABLE, true, target.cannot() + ": it was interrupted", cause);
  }
}
