// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Resolver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRulesTest {
  private static final Namespace OWN = Namespace.parse("segue");
  private static final String STEPS = "segue-workflow";
  private static final ReleaseName WEB = ReleaseName.parse("web");
  private static final CommitId COMMIT = CommitId.parse("1".repeat(40));
  private static final ApiKind WIDGET = new ApiKind("example.com", "v1", "Widget");

  private static Tenancy shop(@Nullable String account, String... clusterScoped) {
    return new Tenancy(
        false,
        null,
        List.of(
            new Tenant(
                "shop",
                List.of("teams/shop"),
                List.of("shop", "shop-*"),
                List.of(clusterScoped),
                account)));
  }

  private static Tenancy naming(String... secrets) {
    return new Tenancy(
        false,
        null,
        List.of(
            new Tenant(
                "shop",
                List.of("teams/shop"),
                List.of("team-x/*"),
                List.of("shop"),
                List.of(),
                List.of(secrets),
                null)));
  }

  private static ApplicationGroup group(String file, String spec, String release) {
    return group(file, "{name: shop}", spec, "{path: charts/web}", release);
  }

  private static ApplicationGroup group(
      String file, String metadata, String spec, String chart, String release) {
    String text =
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: %s
        spec:
          %s
          applications:
          - name: web
            spec:
              chart: %s
              release: {%s}
        """
            .formatted(metadata, spec, chart, release);
    var reading = GroupReader.read(List.of(new SourceFile(RepoPath.parse(file), text)));
    assertThat(reading.problems()).isEmpty();
    return reading.valid().get(0);
  }

  private static List<String> declared(String release, Tenancy tenancy) {
    return texts(
        TenantRules.declared(
            group("teams/shop/web.yaml", "interval: 5m", release), tenancy, OWN, STEPS));
  }

  private static List<String> texts(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }

  private static DesiredGroup desired() {
    ApplicationGroup group = group("teams/shop/web.yaml", "interval: 5m", "timeout: 1m");
    RepoPath path = RepoPath.parse("charts/web");
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InGit(COMMIT, path, List.of(path)),
            "web",
            "1.0.0",
            Digest.of("x"),
            List.of(),
            List.of());
    return Resolver.resolve(group, COMMIT, Map.of(WEB, chart));
  }

  private static List<String> brought(String manifest, Tenancy tenancy) {
    return brought(new HelmOutput(List.of(manifest), List.of(), List.of(), List.of()), tenancy);
  }

  private static List<String> brought(HelmOutput output, Tenancy tenancy) {
    return brought(output, tenancy, Scope.UNKNOWN);
  }

  private static List<String> brought(HelmOutput output, Tenancy tenancy, Scope ofWidgets) {
    DesiredGroup desired = desired();
    BroughtObjects objects = BroughtObjects.of(desired, Map.of(WEB, output));
    Map<ApiKind, Scope> told = new TreeMap<>();
    objects.toBeAsked().forEach(kind -> told.put(kind, ofWidgets));
    return texts(TenantRules.brought(desired, objects, told, tenancy, OWN));
  }

  private static String object(String apiVersion, String kind, String namespace, String name) {
    return "apiVersion: %s\nkind: %s\nmetadata: {name: %s%s}\n"
        .formatted(apiVersion, kind, name, namespace.isEmpty() ? "" : ", namespace: " + namespace);
  }

  @Test
  void aFileThatIsNobodysReleasesNothing() {
    ApplicationGroup group = group("teams/other/web.yaml", "interval: 5m", "timeout: 1m");
    assertThat(texts(TenantRules.declared(group, shop(null), OWN, STEPS)))
        .containsExactly(
            "teams/other/web.yaml:3: SG1701: the file must be that of a tenant;"
                + " \"teams/other/web.yaml\" is in no tenant's `paths`, or `objects` where it was"
                + " applied. Move it, or have it added to one of `tenancy.tenants` in the agent's configuration.");
    assertThat(TenantRules.declared(group, Tenancy.NONE, OWN, STEPS)).isEmpty();
  }

  @Test
  void aReleaseGoesIntoItsTenantsNamespacesOnly() {
    assertThat(declared("targetNamespace: shop-dev", shop(null))).isEmpty();
    assertThat(declared("targetNamespace: kube-system", shop(null)))
        .containsExactly(
            "teams/shop/web.yaml:7: SG1702: field `spec.release.targetNamespace` of \"web\" must be"
                + " a namespace of tenant \"shop\" (shop, shop-*); got \"kube-system\". Release it"
                + " into one of them, or have it added to the tenant's `namespaces` in the agent's"
                + " configuration.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shop | timeout: 1m | shop",
        "shop | serviceAccountName: shop | shop",
        "      | serviceAccountName: mine | mine",
      })
  void theLaidDownAccountIsThatOfReleasesThatNameNone(
      @Nullable String laidDown, String release, String runsAs) {
    Tenancy tenancy = shop(laidDown);
    ApplicationGroup group = group("teams/shop/web.yaml", "interval: 5m", release);

    assertThat(TenantRules.declared(group, tenancy, OWN, STEPS)).isEmpty();
    ApplicationGroup released = tenancy.withAccounts(group);
    assertThat(released.applications().get(0).release().inlined().tree())
        .containsEntry("serviceAccountName", runsAs);
    assertThat(TenantRules.declared(released, tenancy, OWN, STEPS)).isEmpty();
  }

  @Test
  void noOtherAccountThanTheLaidDownOneMayBeNamed() {
    String refused =
        "teams/shop/web.yaml:7: SG1706: field `spec.release.serviceAccountName` of \"web\" must be"
            + " \"shop\", as which tenant \"shop\" releases; got \"bank\". Leave it out.";
    assertThat(declared("serviceAccountName: bank", shop("shop"))).containsExactly(refused);
    ApplicationGroup group =
        group("teams/shop/web.yaml", "serviceAccountName: bank", "timeout: 1m");
    assertThat(texts(TenantRules.declared(group, shop("shop"), OWN, STEPS)))
        .containsExactly(refused);
  }

  @Test
  void nobodyReleasesAsTheStepsOfAWorkflow() {
    String refused =
        "teams/shop/web.yaml:7: SG1706: field `spec.release.serviceAccountName` of \"web\" must not"
            + " be that of the Workflow's steps; got \"segue-workflow\". Who may create"
            + " HelmReleases may do all that Flux may: name an account of your own.";
    assertThat(declared("serviceAccountName: segue-workflow", shop(null))).containsExactly(refused);
    assertThat(declared("serviceAccountName: segue-workflow", new Tenancy(true, null, List.of())))
        .containsExactly(refused);
  }

  @Test
  void othersSecretsAreNotNamed() {
    String values =
        "valuesFrom: [{kind: Secret, name: segue-git-credentials, valuesKey: token,"
            + " targetPath: a}, {kind: ConfigMap, name: bank}, {kind: Secret, name: shop-db}]";
    assertThat(declared(values, naming("shop-*")))
        .containsExactly(
            "teams/shop/web.yaml:7: SG1709: field `spec.release.valuesFrom` of \"web\" must name"
                + " Secrets and ConfigMaps of tenant \"shop\" only (shop-*); got ConfigMap"
                + " \"bank\". Name one of them, or have it added to the tenant's `secrets` in the"
                + " agent's configuration.",
            "teams/shop/web.yaml:7: SG1709: field `spec.release.valuesFrom` of \"web\" must name"
                + " Secrets and ConfigMaps of tenant \"shop\" only (shop-*); got Secret"
                + " \"segue-git-credentials\". Name one of them, or have it added to the tenant's"
                + " `secrets` in the agent's configuration.");
    assertThat(declared(values, naming())).hasSize(3);
    assertThat(declared(values, Tenancy.NONE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{url: https://charts.example.com, name: web, authSecretRef: bank}",
        "{url: oci://registry.example.com/web, authSecretRef: bank}"
      })
  void othersCredentialsAreSentToNoServer(String chart) {
    ApplicationGroup group =
        group("teams/shop/web.yaml", "{name: shop}", "interval: 5m", chart, "timeout: 1m");
    assertThat(texts(TenantRules.declared(group, naming("shop-*"), OWN, STEPS)))
        .singleElement()
        .asString()
        .contains("SG1709: field `spec.chart.authSecretRef` of \"web\"", "got Secret \"bank\"");
    assertThat(TenantRules.declared(group, naming("shop-*", "bank"), OWN, STEPS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"segue, 0", "shop, 0", "bank, 1"})
  void aGroupsOwnObjectsAreNotBesideOthersSecrets(String namespace, int problems) {
    String metadata = "{name: shop, namespace: " + namespace + "}";
    ApplicationGroup group =
        group("teams/shop/web.yaml", metadata, "interval: 5m", "{path: charts/web}", "timeout: 1m");
    assertThat(texts(TenantRules.declared(group, naming(), OWN, STEPS)))
        .hasSize(problems)
        .allMatch(
            problem ->
                problem.contains(
                    "teams/shop/web.yaml:3: SG1710: field `metadata.namespace` must be \"segue\" or"
                        + " a namespace of tenant \"shop\" (shop); got \"bank\""));
  }

  @Test
  void anAppliedObjectIsWhereItsTenantsObjectsAre() {
    ApplicationGroup object =
        group(
            "team-x/shop.yaml",
            "{name: shop, namespace: team-x}",
            "interval: 5m",
            "{path: charts/web}",
            "targetNamespace: shop");
    assertThat(TenantRules.declared(object, naming().asOfObjects(), OWN, STEPS)).isEmpty();
  }

  @Test
  void aDefaultIsNoLimitWhereThereAreNoTenants() {
    assertThat(declared("serviceAccountName: mine", new Tenancy(false, "least", List.of())))
        .isEmpty();
  }

  @Test
  void whereAnAccountIsDemandedNoneIsRefused() {
    Tenancy demanding = new Tenancy(true, null, List.of());
    assertThat(declared("timeout: 1m", demanding))
        .containsExactly(
            "teams/shop/web.yaml:7: SG1705: field `spec.release.serviceAccountName` of \"web\" must"
                + " be given: this agent releases nothing with Flux's own rights. Name a service"
                + " account in the group's `spec.serviceAccountName`.");
    ApplicationGroup group =
        group("teams/shop/web.yaml", "serviceAccountName: mine", "timeout: 1m");
    assertThat(TenantRules.declared(group, demanding, OWN, STEPS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postRenderers: [{kustomize: {patches: [{patch: x}]}}]",
        "postRenderers: [{kustomize: {images: []}}, {kustomize: {patchesJson6902: []}}]",
        "postRenderers: [{other: {}}]"
      })
  void nothingMovesAnObjectAfterItWasLookedAt(String release) {
    assertThat(declared(release, shop(null)))
        .singleElement()
        .asString()
        .contains("SG1707: field `spec.release.postRenderers` of \"web\" must have")
        .contains("Set it by the chart's values.");
  }

  @Test
  void imagesMayBeReplaced() {
    assertThat(
            declared("postRenderers: [{kustomize: {images: [{name: a, newTag: b}]}}]", shop(null)))
        .isEmpty();
  }

  @Test
  void anObjectForAnotherNamespaceIsRefused() {
    assertThat(brought(object("v1", "ConfigMap", "", "a"), shop(null))).isEmpty();
    assertThat(brought(object("v1", "ConfigMap", "shop-dev", "a"), shop(null))).isEmpty();
    assertThat(brought(object("v1", "Secret", "kube-system", "a"), shop(null)))
        .containsExactly(
            "teams/shop/web.yaml:7: SG1703: field `spec.chart` of \"web\" must bring objects for"
                + " namespaces of tenant \"shop\" only (shop, shop-*); it has Secret \"a\" for"
                + " namespace \"kube-system\". Set another namespace in the chart's values, or have"
                + " it added to the tenant's `namespaces` in the agent's configuration.");
    assertThat(brought(object("v1", "Secret", "segue", "a"), shop(null))).hasSize(1);
  }

  @Test
  void anObjectOfNoNamespaceIsRefusedUnlessItsKindIsAllowed() {
    String role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "a");
    assertThat(brought(role, shop(null, "ClusterRole"))).isEmpty();
    assertThat(brought(role, shop(null, "CustomResourceDefinition")))
        .containsExactly(
            "teams/shop/web.yaml:7: SG1704: field `spec.chart` of \"web\" must not bring"
                + " ClusterRole.rbac.authorization.k8s.io \"a\", which is in no namespace; of such"
                + " kinds tenant \"shop\" may bring CustomResourceDefinition. Turn it off in the"
                + " chart's values, or have \"ClusterRole.rbac.authorization.k8s.io\" added to the"
                + " tenant's `clusterScoped` in the agent's configuration.");
    String inNamespace = object("rbac.authorization.k8s.io/v1", "ClusterRole", "shop", "a");
    assertThat(brought(inNamespace, shop(null))).as("a namespace changes nothing").hasSize(1);
  }

  @Test
  void hooksCrdsAndListsAreLookedAt() {
    String role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "a");
    String list =
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret,"
            + " metadata: {name: a, namespace: kube-system}}\n";
    assertThat(brought(new HelmOutput(List.of(), List.of(role), List.of(), List.of()), shop(null)))
        .hasSize(1);
    assertThat(
            brought(
                new HelmOutput(
                    List.of(),
                    List.of(),
                    List.of(object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "a")),
                    List.of()),
                shop(null)))
        .hasSize(1);
    assertThat(brought(list, shop(null))).hasSize(1);
  }

  @Test
  void whatTheApiServersClientTakesForAListIsOne() {
    String list =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nitems:\n- {apiVersion: v1, kind:"
            + " Secret, metadata: {name: a, namespace: kube-system}}\n";
    assertThat(brought(list, shop(null))).singleElement().asString().contains("SG1703");
  }

  @Test
  void manyObjectsOfAKindAreOneProblem() {
    HelmOutput output =
        new HelmOutput(
            List.of("a", "b", "c", "d", "e").stream()
                .map(name -> object("v1", "Secret", "kube-system", name))
                .toList(),
            List.of(),
            List.of(),
            List.of());
    assertThat(brought(output, shop(null)))
        .singleElement()
        .asString()
        .contains("Secret \"a\", \"b\", \"c\" and 2 more for namespace");
  }

  @Test
  void oneWhoMayBringNamespacesMayBringItsOwnOnly() {
    assertThat(brought(object("v1", "Namespace", "", "shop-dev"), shop(null, "Namespace")))
        .isEmpty();
    assertThat(brought(object("v1", "Namespace", "", "bank"), shop(null, "Namespace")))
        .singleElement()
        .asString()
        .contains("SG1704", "and namespaces of its own only");
    assertThat(brought(object("v1", "Namespace", "", "shop"), shop(null))).hasSize(1);
  }

  @Test
  void aKindThatNobodyKnowsMayBeInNoNamespace() {
    HelmOutput widget =
        new HelmOutput(
            List.of(object("example.com/v1", "Widget", "", "a")), List.of(), List.of(), List.of());
    assertThat(brought(widget, shop(null), Scope.NAMESPACED)).isEmpty();
    assertThat(brought(widget, shop(null), Scope.CLUSTER))
        .singleElement()
        .asString()
        .contains("Widget.example.com \"a\", which is in no namespace");
    assertThat(brought(widget, shop(null), Scope.UNKNOWN))
        .singleElement()
        .asString()
        .contains("a kind that neither the cluster nor the group's CRDs know");
    assertThat(brought(widget, shop(null, "Widget.example.com"), Scope.UNKNOWN)).isEmpty();
  }

  @Test
  void theGroupsOwnCrdsAreKnown() {
    String crd =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec: {group: example.com, names: {kind: Widget}, scope: %s}
        """;
    String widget = object("example.com/v1", "Widget", "", "a");
    Tenancy mayDefine = shop(null, "CustomResourceDefinition");
    assertThat(
            brought(
                new HelmOutput(
                    List.of(widget), List.of(), List.of(crd.formatted("Namespaced")), List.of()),
                mayDefine))
        .isEmpty();
    assertThat(
            brought(
                new HelmOutput(
                    List.of(widget), List.of(), List.of(crd.formatted("Cluster")), List.of()),
                mayDefine))
        .hasSize(1);
    assertThat(
            brought(
                new HelmOutput(
                    List.of(widget), List.of(), List.of(crd.formatted("Namespaced")), List.of()),
                mayDefine,
                Scope.CLUSTER))
        .as("what the cluster has counts")
        .hasSize(1);
  }

  @Test
  void whatHelmReadsOtherwiseIsRefused() {
    String metadata = "metadata: {name: a, namespace: shop, <<: {namespace: kube-system}}\n";
    assertThat(brought("apiVersion: v1\nkind: Secret\n" + metadata, shop(null)))
        .singleElement()
        .asString()
        .contains("SG1708");
  }

  @Test
  void whatCannotBeReadIsRefused() {
    assertThat(brought("a: {", shop(null))).singleElement().asString().contains("SG1708");
  }

  @Test
  void oneWhoMayDoEverythingIsNotLookedAt() {
    Tenancy free =
        new Tenancy(
            false,
            null,
            List.of(new Tenant("ops", List.of("."), List.of("*"), List.of("*"), null)));
    assertThat(declared("targetNamespace: kube-system", free)).isEmpty();
    assertThat(brought(object("v1", "Secret", "kube-system", "a"), free)).isEmpty();
  }

  @Test
  void asksTheClusterForWhatItAloneKnows() {
    HelmOutput output =
        new HelmOutput(
            List.of(
                object("example.com/v1", "Widget", "", "a"),
                object("v1", "Secret", "", "a"),
                object("apps/v1", "Deployment", "", "a")),
            List.of(),
            List.of(),
            List.of());
    BroughtObjects objects = BroughtObjects.of(desired(), Map.of(WEB, output));
    assertThat(objects.toBeAsked()).containsExactly(WIDGET);
  }
}
