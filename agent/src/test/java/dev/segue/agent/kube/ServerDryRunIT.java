// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.DryRun.Candidate;
import dev.segue.agent.reconcile.DryRun.Verdict;
import dev.segue.agent.reconcile.DryRun.Writer;
import dev.segue.renderer.diff.Documents;
import dev.segue.renderer.model.Manifest;
import io.fabric8.kubernetes.client.Config;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real API server says of objects that it is not given in earnest. */
final class ServerDryRunIT extends AtAnApiServer {
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, creationTimestamp: null}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: web:1}]}
      """;
  private static final String DB =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: db, image: db:1}]}
      """;
  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec:
        template:
          spec: {restartPolicy: Never, containers: [{name: job, image: job:1}]}
      """;
  private static final String SECRET =
      "{apiVersion: v1, kind: Secret, metadata: {name: key}, type: %s, data: {password: %s}}";

  private static Manifest object(String yaml) {
    return new Manifest(Documents.objects(yaml).orElseThrow().get(0));
  }

  private Candidate candidate(String yaml) {
    return new Candidate(object(yaml), namespace.value(), Writer.HELM_CONTROLLER, false);
  }

  private Verdict ask(String yaml) throws ClusterException {
    return cluster.dryRun().ask(List.of(candidate(yaml))).get(0);
  }

  /** Makes it, as Flux would. */
  private void make(String yaml) throws ClusterException {
    cluster.apply(
        List.of(
            object(
                yaml.replaceFirst("metadata: \\{", "metadata: {namespace: " + namespace + ", "))));
  }

  private static String refusal(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return ((Verdict.Refused) verdict).reason();
  }

  @Test
  void takesWhatIsRightAndStoresNothing() throws ClusterException {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      candidates.add(candidate(WEB.replace("name: web,", "name: web-" + i + ",")));
    }
    candidates.add(
        candidate("{apiVersion: v1, kind: Namespace, metadata: {name: new, namespace: x}}"));

    assertThat(cluster.dryRun().ask(candidates))
        .hasSize(21)
        .allSatisfy(verdict -> assertThat(verdict).isEqualTo(new Verdict.Taken()));

    assertThat(target.admin().apps().deployments().inNamespace(namespace.value()).list().getItems())
        .isEmpty();
    assertThat(target.admin().namespaces().withName("new").get()).isNull();
  }

  @Test
  void refusesAFieldThatIsNotKnown() throws ClusterException {
    assertThat(refusal(ask(WEB.replace("image: web:1", "image: web:1, imagePullPolcy: Always"))))
        .isEqualTo(
            ".spec.template.spec.containers[name=\"web\"].imagePullPolcy:"
                + " field not declared in schema");
  }

  @Test
  void refusesWhatCannotChange() throws ClusterException {
    make(DB);

    assertThat(ask(DB.replace("db:1", "db:2"))).isEqualTo(new Verdict.Taken());
    assertThat(refusal(ask(DB.replace("serviceName: db", "serviceName: other"))))
        .startsWith("`spec` Forbidden: updates to statefulset spec for fields other than");
  }

  /** Helm deletes the old Job first. */
  @Test
  void takesAHookAlthoughItCouldNotChange() throws ClusterException {
    make(JOB);
    String next = JOB.replace("job:1", "job:2");

    assertThat(refusal(ask(next))).isEqualTo("`spec.template` Invalid value: field is immutable");
    Candidate hook = new Candidate(object(next), namespace.value(), Writer.HELM_CONTROLLER, true);
    assertThat(cluster.dryRun().ask(List.of(hook))).containsExactly(new Verdict.Taken());
    Candidate wrong =
        new Candidate(
            object(next.replace("restartPolicy: Never", "restartPolicy: Always")),
            namespace.value(),
            Writer.HELM_CONTROLLER,
            true);
    assertThat(refusal(cluster.dryRun().ask(List.of(wrong)).get(0)))
        .contains("`spec.template.spec.restartPolicy`");
  }

  @Test
  void tellsNothingOfWhatASecretHolds() throws ClusterException {
    assertThat(refusal(ask(SECRET.formatted("kubernetes.io/tls", "aHVudGVyMg=="))))
        .contains("tls.crt")
        .doesNotContain("aHVudGVyMg==");
    assertThat(refusal(ask(SECRET.formatted("Opaque", "'hunter2, no base64'"))))
        .doesNotContain("hunter2");
    assertThat(refusal(ask(SECRET.formatted("Opaque", "12345678")))).doesNotContain("12345678");
    make(SECRET.formatted("Opaque", "aHVudGVyMg==").replace("type:", "immutable: true, type:"));
    assertThat(
            refusal(
                ask(
                    SECRET
                        .formatted("Opaque", "aHVudGVyMw==")
                        .replace("type:", "immutable: true, type:"))))
        .contains("immutable")
        .doesNotContain("aHVudGVy");
  }

  @Test
  void saysThatANamespaceIsMissing() throws ClusterException {
    Candidate elsewhere =
        new Candidate(object(WEB), "segue-test-nowhere", Writer.HELM_CONTROLLER, false);
    assertThat(cluster.dryRun().ask(List.of(elsewhere)))
        .containsExactly(new Verdict.NoNamespace("segue-test-nowhere"));
  }

  @Test
  void saysThatAKindIsUnknown() throws ClusterException {
    assertThat(ask("{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}"))
        .isEqualTo(new Verdict.UnknownKind());
    assertThat(ask("{apiVersion: apps/v1, kind: Widget, metadata: {name: w}}"))
        .isEqualTo(new Verdict.UnknownKind());
    assertThat(ask("{apiVersion: '../../v1?', kind: Widget, metadata: {name: w}}"))
        .isEqualTo(new Verdict.UnknownKind());
  }

  @Test
  void saysWhichRightWeLack() throws ClusterException {
    Config config = target.config();
    config.setImpersonateUsername("powerless");
    try (Fabric8Cluster powerless =
        new Fabric8Cluster(config, namespace, List.of(), Limits.DEFAULT)) {
      Verdict verdict = powerless.dryRun().ask(List.of(candidate(WEB))).get(0);

      assertThat(verdict)
          .isEqualTo(
              new Verdict.Forbidden(
                  "verb \"patch\" on resource \"deployments\" of API group \"apps\" in namespace \""
                      + namespace
                      + "\""));
    }
  }
}
