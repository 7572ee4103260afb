// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.diff.FieldChange.Kind;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.testing.Renders;
import org.junit.jupiter.api.Test;

class ReleaseDiffTest {
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          spec:
            containers:
            - name: web
              image: web:1
              args: [--a, --b=1]
      """;

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: login}
      data: {user: YWRtaW4=, password: aHVudGVyMg==}
      """;

  private static ReleaseDiff upgrade(String before, String after) {
    return ReleaseDiff.of(Operation.UPGRADE, Renders.objects(before), Renders.objects(after));
  }

  @Test
  void whatIsWrittenInAnotherWayIsNoChange() {
    String other =
        """
        # a comment
        kind: "Deployment"
        apiVersion: apps/v1
        metadata: {annotations: {}, namespace: shop, name: web, creationTimestamp: null}
        spec:
          template: {spec: {containers: [{args: ["--a", '--b=1'], image: web:1, name: web}]}}
          selector: {matchLabels: {app: web}}
          replicas: 2.0
        """;
    assertThat(upgrade(DEPLOYMENT, other).objects()).isEmpty();
  }

  @Test
  void hidesWhatASecretHoldsUnderAMisspeltKeyToo() {
    String before = SECRET.replace("\ndata:", "\nstringdata:");
    assertThat(
            upgrade(before, before.replace("aHVudGVyMg==", "b3RoZXI=")).objects().get(0).fields())
        .extracting(f -> f.path().text(), FieldChange::before, FieldChange::after)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("stringdata.password", "***", "***"));
    assertThat(MaskedDocument.text(before, Mask.SECRETS))
        .contains("login")
        .doesNotContain("aHVudGVyMg", "YWRtaW4");
  }

  @Test
  void namesTheFieldsOfWhatChanges() {
    String after = DEPLOYMENT.replace("web:1", "web:2").replace("--b=1", "--b=2");
    assertThat(upgrade(DEPLOYMENT, after).objects())
        .singleElement()
        .satisfies(
            object -> {
              assertThat(object.id().text()).isEqualTo("apps/v1 Deployment shop/web");
              assertThat(object.fields())
                  .extracting(f -> f.path().text(), FieldChange::before, FieldChange::after)
                  .containsExactly(
                      org.assertj.core.groups.Tuple.tuple(
                          "spec.template.spec.containers[web].args[1]", "--b=1", "--b=2"),
                      org.assertj.core.groups.Tuple.tuple(
                          "spec.template.spec.containers[web].image", "web:1", "web:2"));
            });
  }

  @Test
  void aContainerBeforeAnotherIsOneAddition() {
    String after =
        DEPLOYMENT.replace(
            "      - name: web\n", "      - {name: first, image: a:1}\n      - name: web\n");
    assertThat(upgrade(DEPLOYMENT, after).objects().get(0).fields())
        .extracting(f -> f.kind() + " " + f.path().text())
        .containsExactly("ADDED spec.template.spec.containers[first]");
  }

  @Test
  void anObjectOfAnotherVersionOfItsApiIsTheSame() {
    assertThat(
            upgrade(DEPLOYMENT, DEPLOYMENT.replace("apps/v1", "apps/v2")).objects().get(0).fields())
        .extracting(f -> f.path().text())
        .containsExactly("apiVersion");
  }

  @Test
  void tellsThatASecretChangesAndNotWhatItIs() {
    ReleaseDiff diff = upgrade(SECRET, SECRET.replace("aHVudGVyMg==", "bGV0bWVpbg=="));
    assertThat(diff.objects().get(0).fields())
        .containsExactly(
            new FieldChange(
                FieldPath.ROOT.key("data").key("password"), Kind.CHANGED, "***", "***"));
    String asText = SECRET.replace("\ndata: {", "\nstringData: {").replace("YWRtaW4=", "admin");
    assertThat(upgrade(SECRET, asText.replace("aHVudGVyMg==", "hunter2")).objects()).isEmpty();
  }

  @Test
  void saysWhatIsNotKnownWhereOnlyMasksAreRecorded() {
    String recorded = "---\n" + SECRET.replaceAll("(user|password): [^,}]+", "$1: \"***\"");
    ReleaseDiff diff =
        ReleaseDiff.of(
            Operation.UPGRADE,
            ReleaseObjects.recorded(recorded, Namespace.parse("shop")),
            Renders.objects(SECRET));
    assertThat(diff.objects())
        .singleElement()
        .satisfies(
            object -> {
              assertThat(object.kind()).isEqualTo(ObjectChange.Kind.UNKNOWN);
              assertThat(object.fields())
                  .extracting(f -> f.kind() + " " + f.path().text())
                  .containsExactly("UNKNOWN data.password", "UNKNOWN data.user");
            });
  }
}
