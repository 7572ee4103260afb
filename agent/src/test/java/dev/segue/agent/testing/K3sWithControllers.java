// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** A whole Kubernetes in Docker with Argo Workflows and Flux, each of one version. */
final class K3sWithControllers {
  private static final String IMAGE = "rancher/k3s:v1.34.4-k3s1";
  private static final String ARGO = "v3.7.14";
  private static final String FLUX = "v2.9.3"; // helm-controller 1.6.3
  private static final String RELEASES = "https://github.com/%s/releases/download/%s/install.yaml";

  static final String DESCRIPTION =
      IMAGE + " in Docker, with Argo Workflows " + ARGO + " and Flux " + FLUX;

  private final K3sContainer k3s = new K3sContainer(DockerImageName.parse(IMAGE));

  private K3sWithControllers() {}

  /** Returns the kubeconfig of a new one, which ends with the JVM. */
  static Path start() {
    try {
      return new K3sWithControllers().install();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while k3s starts", e);
    }
  }

  private Path install() throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(k3s::stop));
    k3s.start();
    kubectl("create", "namespace", "argo");
    apply("argo", RELEASES.formatted("argoproj/argo-workflows", ARGO));
    apply("flux-system", RELEASES.formatted("fluxcd/flux2", FLUX));
    awaitRunning("argo", "workflow-controller");
    awaitRunning("flux-system", "source-controller");
    awaitRunning("flux-system", "helm-controller");
    Path kubeconfig = Files.createTempFile("segue-k3s", ".kubeconfig");
    return Files.writeString(kubeconfig, k3s.getKubeConfigYaml());
  }

  /** On the server, as Argo's CRDs are too large for the annotation of what was applied last. */
  private void apply(String namespace, String manifests) throws IOException, InterruptedException {
    kubectl("apply", "--server-side", "--namespace", namespace, "--filename", manifests);
  }

  private void awaitRunning(String namespace, String deployment)
      throws IOException, InterruptedException {
    kubectl(
        "rollout", "status", "--namespace", namespace, "--timeout=5m", "deployment/" + deployment);
  }

  /** By that of the container, which fetches what it is to apply. */
  private void kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ExecResult result = k3s.execInContainer(command.toArray(String[]::new));
    if (result.getExitCode() != 0) {
      throw new IllegalStateException(
          "cannot prepare k3s: " + String.join(" ", command) + ": " + result.getStderr().strip());
    }
  }
}
