// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which cluster, as whom. */
final class Connection {
  private static final String IN_CLUSTER = "in-cluster";

  private Connection() {}

  /**
   * Reads the kubeconfig; without one, that of the environment ({@code KUBECONFIG}, {@code
   * ~/.kube/config}), and without that the service account of the pod we run in.
   */
  static Config config(@Nullable Path kubeconfig, @Nullable String context)
      throws ClusterException {
    Config config = read(kubeconfig, context);
    String found = contextOf(config);
    // fabric8 takes the current context when the one asked for is not there.
    if (context != null && !context.equals(found)) {
      throw unusable(
          "context \"" + context + "\" is not in the kubeconfig, or its cluster is not", null);
    }
    if (kubeconfig != null && found.equals(IN_CLUSTER)) {
      throw unusable(
          "kubeconfig \"" + kubeconfig + "\" has no current context. Name one with its cluster",
          null);
    }
    if (found.equals(IN_CLUSTER) && config.getOauthToken() == null && !explicit(config)) {
      throw unusable(
          "there is no kubeconfig, and no service account of a pod. Name a kubeconfig", null);
    }
    if (config.isTrustCerts() || config.isDisableHostnameVerification()) {
      throw unusable(
          "`insecure-skip-tls-verify` must not be set: Segue verifies the API server."
              + " Set `certificate-authority` instead",
          null);
    }
    return config;
  }

  static KubernetesClient client(Config config, Limits limits) throws ClusterException {
    config.setRequestRetryBackoffLimit(0);
    config.setRequestTimeout((int) limits.request().toMillis());
    config.setConnectionTimeout((int) limits.request().toMillis());
    config.setUserAgent("segue");
    try {
      return new KubernetesClientBuilder()
          .withConfig(config)
          .withHttpClientFactory(new JdkHttpClientFactory())
          .build();
    } catch (RuntimeException e) {
      throw unusable(
          "its certificates or addresses cannot be used: " + Failures.oneLine(cause(e)), e);
    }
  }

  /** Such as {@code "admin@site-a" at 10.0.0.1:6443}. */
  static String describe(Config config, URL server) {
    return "\"" + contextOf(config) + "\" at " + hostOf(server);
  }

  /** Host and port; never the user or password that may stand in a URL. */
  static String hostOf(URL server) {
    return server.getPort() < 0 ? server.getHost() : server.getHost() + ":" + server.getPort();
  }

  private static Config read(@Nullable Path kubeconfig, @Nullable String context)
      throws ClusterException {
    if (kubeconfig == null) {
      try {
        return Config.autoConfigure(context);
      } catch (RuntimeException e) {
        throw unusable("the kubeconfig cannot be read: " + Failures.oneLine(cause(e)), e);
      }
    }
    if (!Files.isReadable(kubeconfig) || Files.isDirectory(kubeconfig)) {
      throw unusable("kubeconfig \"" + kubeconfig + "\" must be a file that can be read", null);
    }
    try {
      return Config.fromKubeconfig(context, kubeconfig.toFile());
    } catch (RuntimeException e) {
      // The parser's words may hold a line of the file, which may be a secret.
      throw unusable("kubeconfig \"" + kubeconfig + "\" must be the YAML of a kubeconfig", e);
    }
  }

  /** Whether the environment says where the server is, for fabric8 to find. */
  private static boolean explicit(Config config) {
    return !config.getMasterUrl().startsWith(Config.DEFAULT_MASTER_URL);
  }

  private static String contextOf(Config config) {
    return config.getCurrentContext() == null ? IN_CLUSTER : config.getCurrentContext().getName();
  }

  private static String cause(RuntimeException e) {
    Throwable cause =
        e instanceof KubernetesClientException && e.getCause() != null ? e.getCause() : e;
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static ClusterException unusable(String why, @Nullable Throwable cause) {
    return new ClusterException(
        ProblemCode.CLUSTER_UNREACHABLE, false, "cannot connect to the cluster: " + why, cause);
  }
}
