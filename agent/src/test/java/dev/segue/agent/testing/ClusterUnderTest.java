// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static java.util.Objects.requireNonNull;

import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.schema.Crd;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The API server that tests run against, one for all tests of a JVM: the first there is of the
 * cluster that the kubeconfig in {@code SEGUE_TEST_KUBECONFIG} names, an API server with etcd from
 * the binaries in {@code KUBE_API_TEST_DIR}, and k3s in Docker with Argo Workflows and Flux. It has
 * the CRDs of the folder {@code SEGUE_TEST_CRDS}; without that, what is there, else stand-ins that
 * take every field; and ours in any case.
 */
public final class ClusterUnderTest {
  private static final String KUBECONFIG = "SEGUE_TEST_KUBECONFIG";
  private static final String BINARIES = "KUBE_API_TEST_DIR";
  private static final String CRDS = "SEGUE_TEST_CRDS";
  private static final List<String> NEEDED =
      List.of(
          "argoproj.io_workflows.yaml",
          "helm.toolkit.fluxcd.io_helmreleases.yaml",
          "source.toolkit.fluxcd.io_gitrepositories.yaml",
          "source.toolkit.fluxcd.io_helmcharts.yaml",
          "source.toolkit.fluxcd.io_helmrepositories.yaml",
          "source.toolkit.fluxcd.io_ocirepositories.yaml");

  private static @Nullable ClusterUnderTest instance;

  private final String description;
  private final Path kubeconfig;
  private final Config config;
  private final KubernetesClient admin;
  private final boolean realCrds;
  private final boolean controllers;
  private final @Nullable Path audit;
  private final List<Namespace> namespaces = new ArrayList<>();

  private ClusterUnderTest(
      String description, Path kubeconfig, boolean controllers, @Nullable Path audit) {
    this.description = description;
    this.audit = audit;
    this.kubeconfig = kubeconfig;
    this.config = Config.fromKubeconfig(kubeconfig.toFile());
    this.admin =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    this.realCrds = System.getenv(CRDS) != null;
    this.controllers = controllers;
    Runtime.getRuntime().addShutdownHook(new Thread(this::tidy));
    installCrds();
    installOurs();
  }

  /**
   * Returns the cluster, started the first time; skips the test, saying why, where there is none.
   */
  public static synchronized ClusterUnderTest require() {
    if (instance == null) {
      instance = start();
      System.out.println("Cluster under test: " + instance);
    }
    return instance;
  }

  /** Returns the cluster for a test that plays Argo and Flux itself; skips it where these are. */
  public static ClusterUnderTest requireWithoutControllers() {
    ClusterUnderTest target = require();
    Assumptions.assumeFalse(
        target.controllers, "Argo and Flux are there, whose part the test plays itself");
    return target;
  }

  /** A kubeconfig with all rights. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A configuration of one's own, to be changed. */
  public Config config() {
    return Config.fromKubeconfig(kubeconfig.toFile());
  }

  /** A client with all rights; not to be closed. */
  public KubernetesClient admin() {
    return admin;
  }

  /**
   * Writes a kubeconfig of that account, with a token of an hour.
   *
   * @param folder where to
   */
  public Path kubeconfigOf(Namespace namespace, String account, Path folder) throws IOException {
    String token =
        admin
            .serviceAccounts()
            .inNamespace(namespace.value())
            .withName(account)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    String own =
        "apiVersion: v1\nkind: Config\ncurrent-context: own\ncontexts:\n- name: own\n"
            + "  context: {cluster: own, user: own}\nusers:\n- name: own\n  user: {token: "
            + token
            + "}\nclusters:\n- name: own\n  cluster:\n    server: "
            + config.getMasterUrl()
            + "\n    certificate-authority-data: "
            + authority()
            + "\n";
    Path file = folder.resolve(account + ".kubeconfig");
    Files.writeString(file, own);
    return file;
  }

  private String authority() throws IOException {
    String data = config.getCaCertData();
    return data != null
        ? data
        : Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(config.getCaCertFile())));
  }

  /**
   * Every call of service accounts so far, as the API server's audit log has it: one JSON object
   * (audit.k8s.io/v1 Event) a line. Skips the test where the server is not ours to be told so.
   */
  public List<String> audited() throws IOException {
    Assumptions.assumeTrue(audit != null, "only an API server of its own tells what was called");
    return Files.readAllLines(requireNonNull(audit));
  }

  /** Whether the CRDs are those of Argo and Flux, with their schemas. */
  public boolean realCrds() {
    return realCrds;
  }

  /** Makes a namespace of one's own, deleted at the end. */
  public Namespace newNamespace() {
    String name = "segue-test-" + UUID.randomUUID().toString().substring(0, 8);
    admin
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    Namespace namespace = Namespace.parse(name);
    synchronized (namespaces) {
      namespaces.add(namespace);
    }
    return namespace;
  }

  @Override
  public String toString() {
    String crds = realCrds ? "the CRDs of " + CRDS : controllers ? "its own CRDs" : "stand-ins";
    return description + ", with " + crds + " for Workflows and HelmReleases";
  }

  private static ClusterUnderTest start() {
    String given = System.getenv(KUBECONFIG);
    if (given != null) {
      return new ClusterUnderTest("the one of " + KUBECONFIG, Path.of(given), true, null);
    }
    String binaries = System.getenv(BINARIES);
    if (binaries != null) {
      return startApiServer(Path.of(binaries));
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      String reason =
          "Cluster under test: none. Set " + KUBECONFIG + " or " + BINARIES + ", or start Docker";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return new ClusterUnderTest(
        K3sWithControllers.DESCRIPTION, K3sWithControllers.start(), true, null);
  }

  private static ClusterUnderTest startApiServer(Path binaries) {
    try {
      // A folder of our own: the certificates are written into it.
      Path folder = Files.createTempDirectory("segue-api-server");
      Files.createSymbolicLink(folder.resolve("k8s"), binaries.resolve("k8s"));
      KubeAPIServer server =
          new KubeAPIServer(
              new KubeAPIServerConfigBuilder()
                  .withTestDir(folder.toString())
                  .withOfflineMode(true)
                  .withUpdateKubeConfig(false)
                  // etcd 3.4 does not report its progress, for which a WatchList waits.
                  .withApiServerFlag("--feature-gates", "WatchList=false")
                  .withApiServerFlag("--audit-policy-file", auditPolicy(folder).toString())
                  .withApiServerFlag("--audit-log-path", folder.resolve("audit.log").toString())
                  .build());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.stop();
                    delete(folder);
                  }));
      server.start();
      Path kubeconfig = folder.resolve("kubeconfig");
      Files.writeString(kubeconfig, server.getKubeConfigYaml());
      return new ClusterUnderTest(
          "an API server of its own", kubeconfig, false, folder.resolve("audit.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it records: the calls of service accounts, without bodies. */
  private static Path auditPolicy(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("audit-policy.yaml"),
        """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - {level: Metadata, userGroups: ["system:serviceaccounts"]}
        - {level: None}
        """);
  }

  /** Links are deleted, not followed. */
  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      System.err.println("cannot delete " + folder + ": " + e.getMessage());
    }
  }

  private void installCrds() {
    String folder = System.getenv(CRDS);
    for (String name : NEEDED) {
      String crd = name.replaceAll("(.*)_(.*)\\.yaml", "$2.$1");
      if (admin.apiextensions().v1().customResourceDefinitions().withName(crd).get() == null) {
        try (InputStream in = open(folder, name)) {
          admin.resource(read(in)).create();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    for (String name : NEEDED) {
      String crd = name.replaceAll("(.*)_(.*)\\.yaml", "$2.$1");
      admin
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(crd)
          .waitUntilCondition(ClusterUnderTest::established, 30, TimeUnit.SECONDS);
    }
  }

  private void installOurs() {
    admin
        .resource(
            admin
                .getKubernetesSerialization()
                .convertValue(Crd.definition(), GenericKubernetesResource.class))
        .forceConflicts()
        .serverSideApply();
    admin
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("applicationgroups.segue.dev")
        .waitUntilCondition(ClusterUnderTest::established, 30, TimeUnit.SECONDS);
  }

  /** By SnakeYAML: the parser in fabric8 refuses Argo's real CRD as too long. */
  private GenericKubernetesResource read(InputStream in) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(32 * 1024 * 1024);
    Object fields = new Yaml(new SafeConstructor(options)).load(in);
    return admin.getKubernetesSerialization().convertValue(fields, GenericKubernetesResource.class);
  }

  private static InputStream open(@Nullable String folder, String name) throws IOException {
    return folder == null
        ? requireNonNull(ClusterUnderTest.class.getResourceAsStream("/crds/" + name))
        : Files.newInputStream(Path.of(folder, name));
  }

  private static boolean established(@Nullable HasMetadata object) {
    return object
            instanceof io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition crd
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  private void tidy() {
    if (System.getenv(KUBECONFIG) != null) {
      synchronized (namespaces) {
        namespaces.forEach(namespace -> admin.namespaces().withName(namespace.value()).delete());
      }
    }
    admin.close();
  }
}
