// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderCheckTest {
  private static String object(String apiVersion, String kind, String name, String more) {
    return "# Source: shop/charts/x.yaml\napiVersion: "
        + apiVersion
        + "\nkind: "
        + kind
        + "\nmetadata: {name: "
        + name
        + "}\n"
        + more;
  }

  private static String deployment(String spec) {
    return object(
        "apps/v1",
        "Deployment",
        "db",
        "spec: {template: {spec: {containers: [{name: a}], " + spec + "}}}\n");
  }

  private static HelmOutput output(String... manifests) {
    return new HelmOutput(List.of(manifests), List.of(), List.of(), List.of());
  }

  /** The sub-chart {@code db}, another called {@code web}, and the parent. */
  private static List<SplitChart.Refusal> check(
      HelmOutput db, HelmOutput web, HelmOutput parent, String... beforeDb) {
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    parts.put("db", db);
    parts.put("web", web);
    parts.put("", parent);
    SortedMap<String, SortedSet<String>> before = new TreeMap<>();
    before.put("db", new TreeSet<>(List.of(beforeDb)));
    before.put("", new TreeSet<>(List.of("db", "web")));
    return OrderCheck.unorderly(parts, before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Secret|volumes: [{name: v, secret: {secretName: shared}}]",
        "ConfigMap|volumes: [{name: v, configMap: {name: shared}}]",
        "Secret|volumes: [{name: v, projected: {sources: [{secret: {name: shared}}]}}]",
        "PersistentVolumeClaim|volumes: [{name: v, persistentVolumeClaim: {claimName: shared}}]",
        "ConfigMap|initContainers: [{name: i, envFrom: [{configMapRef: {name: shared}}]}]",
        "Secret|initContainers: [{env: [{valueFrom: {secretKeyRef: {name: shared, key: k}}}]}]",
        "Secret|imagePullSecrets: [{name: shared}]",
        "ServiceAccount|serviceAccountName: shared",
        "PriorityClass|priorityClassName: shared"
      })
  void refusesPodsThatNeedWhatComesLater(String kind, String spec) {
    String shared = object("v1", kind, "shared", "");
    assertThat(check(output(deployment(spec)), output(), output(shared)))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ProblemCode.SPLIT_NOT_EXACT);
              assertThat(refusal.message())
                  .isEqualTo(
                      "shop/charts/x.yaml: the pods of Deployment \"db\" of sub-chart \"db\" must"
                          + " have the "
                          + kind
                          + " \"shared\", which the parent renders and which"
                          + " is not released before it");
            });
    assertThat(check(output(deployment(spec)), output(shared), output())).hasSize(1);
    assertThat(check(output(deployment(spec)), output(shared), output(), "web")).isEmpty();
    assertThat(check(output(deployment(spec), shared), output(shared), output())).isEmpty();
    assertThat(check(output(deployment(spec)), output(), output())).isEmpty();
    assertThat(check(output(shared), output(), output(deployment(spec)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optional|Deployment|{template: {spec: {containers: [], volumes: [{secret: {secretName: shared, optional: true}}]}}}",
        "no replicas|Deployment|{replicas: 0, template: {spec: {containers: [], serviceAccountName: shared}}}",
        "a cron job|CronJob|{jobTemplate: {spec: {template: {spec: {containers: [], serviceAccountName: shared}}}}}"
      })
  void doesNotMindWhatHoldsNothingUp(String name, String kind, String spec) {
    HelmOutput later =
        output(object("v1", "Secret", "shared", ""), object("v1", "ServiceAccount", "shared", ""));
    String object = object("apps/v1", kind, "db", "spec: " + spec + "\n");
    assertThat(check(output(object), output(), later)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"test, 0", "post-delete, 0", "post-install, 1", "'pre-delete, pre-upgrade', 1"})
  void looksAtHooksThatRunWithTheRelease(String events, int refusals) {
    String hook =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: h, annotations: {helm.sh/hook: '"
            + events
            + "'}}\nspec: {containers: [], serviceAccountName: shared}\n";
    HelmOutput db = new HelmOutput(List.of(), List.of(hook), List.of(), List.of());
    HelmOutput later = output(object("v1", "ServiceAccount", "shared", ""));
    assertThat(check(db, output(), later)).hasSize(refusals);
  }

  @Test
  void refusesACustomResourceBeforeItsDefinition() {
    String crd =
        object(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "things.x.io",
            "spec: {group: x.io, names: {kind: Thing}}\n");
    HelmOutput brings = new HelmOutput(List.of(), List.of(), List.of(crd), List.of());
    HelmOutput db = output(object("x.io/v1", "Thing", "t", ""));
    assertThat(check(db, brings, output()))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.message()).contains("\"Thing.x.io/v1\"", "sub-chart \"web\"");
              assertThat(refusal.remedy()).contains("\"web\" in its `dependencies`");
            });
    assertThat(check(db, output(crd), output())).hasSize(1);
    assertThat(check(db, brings, output(), "web")).isEmpty();
  }

  @Test
  void refusesAnObjectBeforeItsNamespace() {
    String inNamespace = "kind: ConfigMap\nmetadata: {name: a, namespace: data}\n";
    HelmOutput later = output(object("v1", "Namespace", "data", ""));
    assertThat(check(output(inNamespace), output(), later)).hasSize(1);
    assertThat(check(output(inNamespace), later, output(), "web")).isEmpty();
  }

  @Test
  void tellsNamespacesApart() {
    String pod =
        "kind: Pod\nmetadata: {name: p, namespace: a}\nspec: {containers: [], serviceAccountName: s}\n";
    String account = "kind: ServiceAccount\nmetadata: {name: s, namespace: NS}\n";
    assertThat(check(output(pod), output(account.replace("NS", "b")), output())).isEmpty();
    assertThat(check(output(pod), output(account.replace("NS", "a")), output())).hasSize(1);
  }
}
