// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URL;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in one line, with a code, what went wrong between us and the API server. */
final class Failures {
  private static final int LONGEST_MESSAGE = 600;

  /** How an API server's authorizer puts it. */
  private static final Pattern CANNOT =
      Pattern.compile(
          "User \"([^\"]*)\" cannot ([a-z]+) resource \"([^\"]+)\" in API group \"([^\"]*)\""
              + "(?: in the namespace \"([^\"]+)\")?");

  /** Server-side apply of a known type with an unknown field, or with one of the wrong type. */
  private static final String NOT_TYPED = "failed to create typed patch object";

  /** The same with a value that its type cannot hold, such as no Base64 where there must be. */
  private static final String NOT_DECODED = "unable to convert unstructured object";

  /** Where messages of the API server quote values. */
  private static final Pattern QUOTED_VALUE =
      Pattern.compile(
          "&value\\.[A-Za-z]+\\{.*?\\}|, error found in #.*|Invalid value: (\"(\\\\.|[^\"\\\\])*\"|\\S+)",
          Pattern.DOTALL);

  private static final String PATCHED = "patch: Invalid value: \"{";

  private Failures() {}

  /**
   * The API server refused, or answered what is no object.
   *
   * @param resource null when the request is about none
   */
  static ClusterException answered(Target target, @Nullable Resource resource, Answer answer) {
    int code = answer.code();
    String said = said(target, answer);
    if (code >= 200 && code < 400) {
      return failed(
          target, true, "answered " + code + " with something that is no Kubernetes object");
    }
    if (isRejection(answer)) {
      return of(target, ProblemCode.CLUSTER_REJECTED, false, "the API server rejects it: " + said);
    }
    return switch (code) {
      case 401 ->
          of(
              target,
              ProblemCode.CLUSTER_UNAUTHORIZED,
              false,
              "the API server does not accept our credentials (401)."
                  + " Renew the token or certificate of the kubeconfig or service account");
      case 403 -> forbidden(target, resource, answer, said);
      case 404 -> notFound(target, resource, answer, said);
      case 409 ->
          of(
              target,
              ProblemCode.CLUSTER_CONFLICT,
              true,
              "somebody else changed it at the same time (409" + colon(said) + ")");
      case 429 ->
          of(
              target,
              ProblemCode.CLUSTER_OVERLOADED,
              true,
              "the API server has too many requests (429)"
                  + (answer.retryAfter() > 0
                      ? " and asks to wait " + answer.retryAfter() + " s"
                      : ""));
      default -> failed(target, code >= 500, "answered " + code + colon(said));
    };
  }

  /** There was no answer, or none that could be read. */
  static ClusterException unanswered(Target target, URL server, Duration limit, Throwable cause) {
    String host = Connection.hostOf(server);
    if (find(cause, SSLException.class) instanceof SSLException tls) {
      return new ClusterException(
          ProblemCode.CLUSTER_UNREACHABLE,
          false,
          target.cannot()
              + ": TLS with "
              + host
              + " failed: "
              + oneLine(text(tls))
              + ". Check `certificate-authority` and `server` of the kubeconfig",
          cause);
    }
    String why;
    if (find(cause, HttpTimeoutException.class) != null
        || find(cause, TimeoutException.class) != null) {
      why = host + " gave no answer within " + limit.toMillis() / 1000.0 + " s";
    } else if (find(cause, UnknownHostException.class) != null
        || find(cause, UnresolvedAddressException.class) != null) {
      why = "the name of " + host + " cannot be resolved";
    } else if (find(cause, ConnectException.class) != null) {
      why = host + " cannot be reached: it refuses the connection, or there is no way to it";
    } else if (find(cause, IOException.class) != null) {
      why = host + " cannot be reached: " + oneLine(text(cause));
    } else {
      return new ClusterException(
          ProblemCode.CLUSTER_FAILED,
          true,
          target.cannot() + ": " + host + " gave no usable answer: " + oneLine(text(cause)),
          cause);
    }
    return new ClusterException(
        ProblemCode.CLUSTER_UNREACHABLE, true, target.cannot() + ": " + why, cause);
  }

  /** Whether the object itself is at fault, whatever the status says. */
  static boolean isRejection(Answer answer) {
    return answer.code() == 400
        || answer.code() == 413
        || answer.code() == 422
        || (answer.code() == 500
            && (answer.message().contains(NOT_TYPED) || answer.message().contains(NOT_DECODED)));
  }

  /** Without line ends and control characters, and not endless. */
  static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** Such as {@code verb "patch" on resource "pods" …}; "" when it is not about a right of ours. */
  static String missingRight(Answer answer) {
    Matcher matcher = CANNOT.matcher(answer.message());
    if (!matcher.find()) {
      return "";
    }
    String where =
        matcher.group(5) == null
            ? "in all namespaces"
            : "in namespace \"" + matcher.group(5) + "\"";
    return String.format(
        "verb \"%s\" on resource \"%s\" of API group \"%s\" %s",
        matcher.group(2), matcher.group(3), matcher.group(4), where);
  }

  /** Whether there is no namespace of that name. */
  static boolean isAboutNamespace(Answer answer) {
    return answer.code() == 404
        && (answer.detailsKind().equals("namespaces")
            || answer.message().startsWith("namespaces \""));
  }

  private static ClusterException forbidden(
      Target target, @Nullable Resource resource, Answer answer, String said) {
    Matcher matcher = CANNOT.matcher(answer.message());
    if (matcher.find()) {
      String right = missingRight(answer);
      String how = matcher.group(5) == null ? "a ClusterRole" : "a Role there, or a ClusterRole";
      return of(
          target,
          ProblemCode.CLUSTER_FORBIDDEN,
          false,
          "user \""
              + matcher.group(1)
              + "\" must have "
              + right
              + " (403). Grant it by "
              + how
              + " with a binding");
    }
    if (answer.message().contains("being terminated")) {
      return of(
          target,
          ProblemCode.CLUSTER_REJECTED,
          true,
          "its namespace is being deleted. Wait until it is gone, then create it again");
    }
    if (!said.isEmpty()) {
      return of(
          target, ProblemCode.CLUSTER_REJECTED, false, "the API server forbids it (403): " + said);
    }
    String what = resource == null ? "" : " on resource \"" + resource.plural() + "\"";
    String where = target.namespace() == null ? "" : " in namespace \"" + target.namespace() + "\"";
    return of(
        target,
        ProblemCode.CLUSTER_FORBIDDEN,
        false,
        "our user lacks a right"
            + what
            + where
            + " (403). Grant it by a Role or ClusterRole with a binding");
  }

  private static ClusterException notFound(
      Target target, @Nullable Resource resource, Answer answer, String said) {
    if (isAboutNamespace(answer)) {
      return of(
          target,
          ProblemCode.CLUSTER_REJECTED,
          false,
          "namespace \"" + target.namespace() + "\" does not exist. Create it first");
    }
    if (resource != null && !resource.group().isEmpty()) {
      return of(
          target,
          ProblemCode.CLUSTER_CRD_MISSING,
          false,
          "the cluster does not know "
              + resource.kind()
              + " of "
              + resource.apiVersion()
              + ": CRD \""
              + resource.plural()
              + "."
              + resource.group()
              + "\" is missing or has no such version. "
              + resource.remedy());
    }
    return failed(
        target, false, "answered 404" + colon(said) + ". Is it a Kubernetes API server's address?");
  }

  private static ClusterException failed(Target target, boolean retryable, String how) {
    return of(target, ProblemCode.CLUSTER_FAILED, retryable, "the API server " + how);
  }

  private static ClusterException of(
      Target target, ProblemCode code, boolean retryable, String why) {
    return new ClusterException(code, retryable, target.cannot() + ": " + why, null);
  }

  /** The server's own words; without the values in them where they are a Secret's. */
  static String said(Target target, Answer answer) {
    String message = withoutThePatched(answer.message());
    if (target.kind().equals(Resource.SECRET.kind())) {
      message = QUOTED_VALUE.matcher(message).replaceAll("(masked)");
    }
    return oneLine(message);
  }

  /** A refused merge patch is told with the whole object in front of the reason. */
  private static String withoutThePatched(String message) {
    int object = message.indexOf(PATCHED);
    int reason = message.lastIndexOf("\": ");
    return object < 0 || reason < object + PATCHED.length()
        ? message
        : message.substring(reason + 3);
  }

  private static String colon(String said) {
    return said.isEmpty() ? "" : ": " + said;
  }

  private static String text(Throwable throwable) {
    Throwable deepest = throwable;
    while (deepest instanceof CompletionException && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    if (message == null && deepest.getCause() != null) {
      return text(deepest.getCause());
    }
    return message == null ? deepest.getClass().getSimpleName() : message;
  }

  static @Nullable Throwable find(Throwable throwable, Class<? extends Throwable> type) {
    @Nullable Throwable next = throwable;
    for (int depth = 0; next != null && depth < 20; depth++) {
      if (type.isInstance(next)) {
        return next;
      }
      next = next.getCause();
    }
    return null;
  }
}
