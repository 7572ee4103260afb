// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Credentials in the Secrets of one namespace, read when they are asked for, never kept. */
final class SecretCredentials implements CredentialSource {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  private final ApiServer server;
  private final Namespace namespace;

  SecretCredentials(ApiServer server, Namespace namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  @Override
  public Optional<Credentials> find(String authSecretRef) throws ChartException {
    if (!NAME.matcher(authSecretRef).matches()) {
      throw new ChartException(
          ProblemCode.CHART_CREDENTIALS,
          false,
          "`authSecretRef` must be the name of a Secret; got \"" + authSecretRef + "\"",
          null);
    }
    Target target = new Target("read", Resource.SECRET.kind(), namespace.value(), authSecretRef);
    Map<String, @Nullable Object> secret;
    try {
      String path = Resource.SECRET.path(namespace.value()) + "/" + authSecretRef;
      Answer answer = server.ask(Request.get(target, path));
      if (answer.code() == 404 && answer.reason().equals("NotFound")) {
        return Optional.empty();
      }
      if (!answer.successful() || answer.fields() == null) {
        throw Failures.answered(target, Resource.SECRET, answer);
      }
      secret = answer.fields();
    } catch (ClusterException e) {
      throw new ChartException(
          ProblemCode.CHART_CREDENTIALS, e.retryable(), e.getMessage(), e.getCause());
    }
    return Optional.of(
        new Credentials(
            text(target, secret, "username"),
            text(target, secret, "password"),
            text(target, secret, "tls.crt"),
            text(target, secret, "tls.key"),
            text(target, secret, "ca.crt")));
  }

  private static @Nullable String text(
      Target target, Map<String, @Nullable Object> secret, String key) throws ChartException {
    if (!(secret.get("data") instanceof Map<?, ?> data)
        || !(data.get(key) instanceof String encoded)) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ChartException(
          ProblemCode.CHART_CREDENTIALS,
          false,
          target.cannot() + ": key \"" + key + "\" must be text in UTF-8",
          null);
    }
  }
}
