// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.SiteLab;
import dev.segue.renderer.model.Namespace;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue plan --live} asks a real API server what it would take. */
final class LivePlanIT {
  private static final String APPLICATION =
      """
          - name: %s
            spec:
              chart: {path: charts/%s}
              release: {targetNamespace: %s, values: {password: hunter2hunter2}, sensitiveValues: [password]}
      """;
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: web:1}]}
      """;
  private static final String SECRET =
      "{apiVersion: v1, kind: Secret, metadata: {name: key}, stringData: {a: {{ .Values.password }}}}";
  private static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.live.example.com}
      spec:
        group: live.example.com
        scope: Namespaced
        names: {plural: widgets, kind: Widget}
        versions:
        - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
      """;
  private static final String WIDGET =
      "{apiVersion: live.example.com/v1, kind: Widget, metadata: {name: one}}";
  private static final String GADGET =
      "{apiVersion: live.example.com/v1, kind: Gadget, metadata: {name: one}}";

  @TempDir static Path cache;
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private SiteLab lab;

  private Namespace namespace = Namespace.parse("segue");
  private String group =
      "apiVersion: segue.dev/v1alpha1\nkind: ApplicationGroup\nmetadata: {name: shop}\nspec:\n  applications:\n";

  @BeforeEach
  void begin() throws Exception {
    target = ClusterUnderTest.require();
    namespace = target.newNamespace();
    lab = new SiteLab(folder, cache);
  }

  @AfterEach
  void close() {
    if (lab != null) { // the test was skipped
      lab.close();
    }
  }

  /** Declared at line 6, 10, 14 … */
  private void application(String name, String targetNamespace, String... templates) {
    lab.file(
        "charts/" + name + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n");
    for (int i = 0; i < templates.length; i++) {
      lab.file("charts/" + name + "/templates/" + i + ".yaml", templates[i]);
    }
    group += APPLICATION.formatted(name, name, targetNamespace);
  }

  private CommandLineRun plan(String... more) throws Exception {
    return plan(target.kubeconfig(), more);
  }

  private CommandLineRun plan(Path kubeconfig, String... more) throws Exception {
    lab.file("products/shop.yaml", group).commit();
    String[] common = lab.arguments("plan", "--live");
    return CommandLineRun.here(
        Map.of("HOME", folder.toString()),
        Stream.of(
                Stream.of(common),
                Stream.of(
                    "--set=cluster.namespace=" + namespace,
                    "--set=source.fluxUrl=https://git.example.com/shop.git",
                    "--set=cluster.kubeconfig=" + kubeconfig),
                Stream.of(more))
            .flatMap(all -> all)
            .toArray(String[]::new));
  }

  @Test
  void takesWhatIsRightAndStoresNothing() throws Exception {
    application("web", namespace.value(), DEPLOYMENT, SECRET);

    CommandLineRun run = plan();

    assertThat(run.err()).doesNotContain("SG");
    assertThat(run.out())
        .contains("server-side dry run of 6 objects: 6 taken, 0 refused, 0 not checked");
    assertThat(run.code()).isEqualTo(Actions.CHANGES);
    assertThat(target.admin().secrets().inNamespace(namespace.value()).list().getItems()).isEmpty();
    assertThat(target.admin().apps().deployments().inNamespace(namespace.value()).list().getItems())
        .isEmpty();
  }

  @Test
  void tellsAtTheApplicationWhatIsRefused() throws Exception {
    application("db", namespace.value(), SECRET);
    application(
        "web",
        namespace.value(),
        DEPLOYMENT.replace("image: web:1", "image: web:1, hunter2hunter2: 1"));

    CommandLineRun run = plan();

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out() + run.err())
        .contains(
            "products/shop.yaml:10: SG2208: application \"web\": the API server refuses apps/v1"
                + " Deployment "
                + namespace
                + "/web: .spec.template.spec.containers[name=\"web\"].***: field not declared in"
                + " schema")
        .doesNotContain("hunter2hunter2");
  }

  @Test
  void countsWhatIsNotThereYetAsNoProblem() throws Exception {
    application("definitions", namespace.value(), CRD);
    application("new", "segue-test-nowhere", SECRET, DEPLOYMENT);
    application("widgets", namespace.value(), WIDGET);

    CommandLineRun run = plan();

    assertThat(run.out())
        .containsOnlyOnce(
            "namespace \"segue-test-nowhere\" does not exist yet: what goes there was not checked")
        .contains(
            "Widget.live.example.com: 1 object is not checkable yet: the CRD comes with the same"
                + " plan");
    assertThat(run.code()).isEqualTo(Actions.CHANGES);
  }

  @Test
  void refusesACustomResourceThatNothingDefines() throws Exception {
    application("gadgets", namespace.value(), GADGET);

    CommandLineRun run = plan();

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out() + run.err())
        .contains("products/shop.yaml:6: SG2207: application \"gadgets\": the API server refuses")
        .contains("it does not serve the kind, and no CRD of it comes with the plan");
  }

  @Test
  void saysWhichRightsItLacks() throws Exception {
    application("web", namespace.value(), DEPLOYMENT);
    Path reader = Files.createDirectory(folder.resolve("reader")).resolve("kubeconfig");
    Files.writeString(reader, readersKubeconfig());

    CommandLineRun run = plan(reader);

    assertThat(run.out())
        .contains(
            "not everything was checked: our user must have verb \"patch\" on resource"
                + " \"deployments\" of API group \"apps\" in namespace \""
                + namespace
                + "\"");
    assertThat(run.code()).isEqualTo(Actions.CHANGES);
  }

  /** Of an account that may look and not touch. */
  private String readersKubeconfig() {
    String name = namespace.value();
    KubernetesClient admin = target.admin();
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("reader")
                .withNamespace(name)
                .endMetadata()
                .build())
        .create();
    admin
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName("reader")
                .withNamespace(name)
                .endMetadata()
                .addNewRule()
                .withApiGroups("", "helm.toolkit.fluxcd.io", "argoproj.io")
                .withResources("configmaps", "helmreleases", "workflows")
                .withVerbs("get", "list", "watch")
                .endRule()
                .build())
        .create();
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("reader")
                .withNamespace(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "reader")
                .addNewSubject("", "ServiceAccount", "reader", name)
                .build())
        .create();
    String token =
        admin
            .serviceAccounts()
            .inNamespace(name)
            .withName("reader")
            .tokenRequest()
            .getStatus()
            .getToken();
    Config config = target.config();
    NamedContext context = config.getCurrentContext();
    String authority =
        config.getCaCertData() == null
            ? "certificate-authority: " + config.getCaCertFile()
            : "certificate-authority-data: " + config.getCaCertData();
    return """
        apiVersion: v1
        kind: Config
        current-context: %1$s
        clusters: [{name: site, cluster: {server: '%2$s', %3$s}}]
        users: [{name: reader, user: {token: %4$s}}]
        contexts: [{name: %1$s, context: {cluster: site, user: reader}}]
        """
        .formatted(context.getName(), config.getMasterUrl(), authority, token);
  }
}
