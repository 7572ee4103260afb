// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.diff.FieldChange;
import dev.segue.renderer.diff.ObjectChange;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan that is made of the status branch alone is the one that the agent makes. */
final class PreviewIT {
  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void foreseesEveryKindOfChange() throws Exception {
    lab.group("shop", "db", "cache", "web<db", "extra~web").push();
    lab.start();
    assertThat(releaseAsForeseen()).containsExactlyInAnyOrder("db", "cache", "web", "extra");

    lab.group("shop", "db", "cache=red", "web<db", "extra~web").push();
    assertThat(releaseAsForeseen()).containsExactly("cache");

    lab.group("shop", "db=blue", "web=red<db", "more<web").push();
    assertThat(releaseAsForeseen())
        .containsExactlyInAnyOrder("db", "web", "more", "Delete-cache", "Delete-extra");

    lab.chart("web", "1.1.0").push();
    assertThat(releaseAsForeseen()).containsExactly("db", "web", "more");

    lab.group("other", "one").remove("products/shop.yaml").push();
    assertThat(releaseAsForeseen()).contains("Delete-db", "one");
  }

  @Test
  void foreseesThatNothingIsDone() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().release();
    lab.file("README.md", "another commit").push();

    GroupPreview view = lab.preview().get(0);

    assertThat(view.changes()).isFalse();
    assertThat(view.problems()).isEmpty();
    assertThat(view.diffs()).isEmpty();
  }

  @Test
  void foreseesSubChartsTurnedOnAndOff() throws Exception {
    umbrella("page", "ratings");
    books("").push();
    lab.start().release();

    books("[{name: page, dependencies: [ratings]}]").push();
    assertThat(releaseAsForeseen()).contains("books-page", "books-ratings");
    books("").push();
    assertThat(releaseAsForeseen()).contains("books");
  }

  @Test
  void foreseesWhatComesAfterAFailedCommit() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().release();
    lab.cluster().fail("web", Fault.TIMES_OUT);
    lab.group("shop", "db=red", "web=red<db").push();
    lab.poll().until(() -> lab.status("shop").attempt().number() == 3);
    lab.cluster().heal("web");
    lab.settle();
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.ROLLED_BACK);

    GroupPreview held = lab.preview().get(0);
    assertThat(held.changes()).isFalse();
    assertThat(held.notices()).anyMatch(notice -> notice.contains("is held"));

    lab.group("shop", "db=red", "web=blue<db").push();
    assertThat(releaseAsForeseen()).containsExactly("db", "web");
  }

  @Test
  void countsAnAttemptThatRunsAsDone() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().begin("shop");
    lab.group("shop", "db", "web=red<db").push();

    GroupPreview view = lab.preview().get(0);

    assertThat(tasks(plan(view))).containsExactly("web");
    assertThat(view.notices()).contains("attempt 1 has not ended; it is taken to succeed");
  }

  @Test
  void tellsWhatAPlanWouldWaitForAndItsDigestIsWhatIsApproved() throws Exception {
    lab.spec("approval: manual").group("shop", "db").push();
    lab.start();
    GroupPreview view = lab.preview().get(0);
    lab.release();

    String digest = view.approval().orElseThrow().hex();
    assertThat(view.gate()).isEqualTo("plan " + digest + " waits for approval");
    assertThat(lab.statusFile("groups/shop/next/plan.yaml").orElseThrow()).contains(digest);
  }

  @Test
  void tellsThatAGroupWaitsForTheOneThatHasItsReleases() throws Exception {
    lab.group("fine", "elsewhere").group("shop", "db", "web<db").push();
    lab.start().release();
    lab.remove("products/shop.yaml").group("store", "db", "web<db").push();

    List<GroupPreview> views = lab.preview();

    assertThat(views).extracting(GroupPreview::changes).containsExactly(false, true, true);
    assertThat(views.get(1).gate()).isEmpty();
    assertThat(views.get(2).gate())
        .isEqualTo(
            "waits until group \"shop\" no longer has release \"db\" in namespace \"shop\", which is"
                + " removed there before it is installed here");
  }

  @Test
  void showsWhatBecomesOfObjects() throws Exception {
    lab.group("shop", "db", "web=green<db").push();
    lab.start().release();
    lab.group("shop", "db", "web=red<db").push();

    GroupPreview view = lab.preview().get(0);

    List<ObjectChange> objects =
        Objects.requireNonNull(view.diffs().get(ReleaseName.parse("web"))).objects();
    assertThat(view.diffs()).containsOnlyKeys(ReleaseName.parse("web"));
    assertThat(objects).hasSize(1);
    FieldChange field = objects.get(0).fields().get(0);
    assertThat(field.path()).hasToString("data.colour");
    assertThat(List.of(field.before(), field.after())).containsExactly("green", "red");
  }

  @Test
  void tellsAChangedSecretAndNotWhatItWas() throws Exception {
    lab.file(
        "charts/web/templates/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {key: '{{ .Values.colour }}'}\n");
    lab.group("shop", "web=green").push();
    lab.start().release();
    lab.group("shop", "web=red").push();

    GroupPreview view = lab.preview().get(0);

    ObjectChange secret =
        Objects.requireNonNull(view.diffs().get(ReleaseName.parse("web"))).objects().stream()
            .filter(object -> object.id().toString().contains("Secret"))
            .findFirst()
            .orElseThrow();
    assertThat(secret.kind()).isEqualTo(ObjectChange.Kind.CHANGED);
    assertThat(secret.toString()).doesNotContain("green").doesNotContain("red");
  }

  @Test
  void tellsOfTheTemplatesOfWhatChangesAlone() throws Exception {
    lab.group("shop", "db", "web<db");
    for (String chart : List.of("db", "web")) {
      lab.file(
          "charts/" + chart + "/templates/found.yaml",
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: {{ .Release.Name }}-found}
          data:
            known: {{ lookup "v1" "Secret" .Release.Namespace "known" | toString | quote }}
            at: {{ now | unixEpoch | quote }}
          """);
    }
    lab.push();
    lab.start().release();
    lab.group("shop", "db", "web=red<db").push();

    GroupPreview view = lab.preview().get(0);

    assertThat(view.notices())
        .singleElement()
        .asString()
        .startsWith("web: templates/found.yaml:5 calls `lookup`");
    assertThat(Objects.requireNonNull(view.diffs().get(ReleaseName.parse("web"))).notices())
        .anyMatch(notice -> notice.startsWith("templates/found.yaml:6 calls `now`"));
  }

  @Test
  void tellsProblemsWhereTheAgentWould() throws Exception {
    lab.group("shop", "web").push();
    lab.start().release();
    lab.group("shop", "web<database").push();

    GroupPreview view = lab.preview().get(0);

    assertThat(view.plan()).isNull();
    assertThat(view.problems().get(0).toString())
        .startsWith("products/shop.yaml:")
        .contains("SG1004");
  }

  /** Foresees, lets the agent release, compares; returns the tasks of the last Workflows. */
  private List<String> releaseAsForeseen() throws Exception {
    List<GroupPreview> views = lab.preview().stream().filter(GroupPreview::changes).toList();
    lab.release();
    List<String> tasks = new java.util.ArrayList<>();
    for (GroupPreview view : views) {
      int attempt = lab.status(view.group().value()).attempt().number();
      AttemptRecord done =
          HistoryFile.read(
                  lab.statusFile("groups/" + view.group() + "/history/" + attempt + ".yaml")
                      .orElseThrow())
              .orElseThrow();
      assertThat(Optional.of(done.plan())).isEqualTo(view.approval().map(digest -> digest.hex()));
      assertThat(lab.tasks(lab.workflow(done.attempt().workflow())))
          .containsExactlyElementsOf(tasks(plan(view)));
      tasks.addAll(tasks(plan(view)));
    }
    return tasks.stream().filter(task -> !task.matches(".*-(hold|yield|free)")).toList();
  }

  private static Plan plan(GroupPreview view) {
    return Objects.requireNonNull(view.plan());
  }

  private static List<String> tasks(Plan plan) {
    return plan.steps().stream().map(Step::task).toList();
  }

  private void umbrella(String... subcharts) {
    StringBuilder chart =
        new StringBuilder("apiVersion: v2\nname: books\nversion: 1.0.0\ndependencies:\n");
    for (String name : subcharts) {
      chart.append("- {name: ").append(name).append(", version: 1.0.0}\n");
      lab.file(
          "charts/books/charts/" + name + "/Chart.yaml",
          "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n");
      lab.file(
          "charts/books/charts/" + name + "/templates/all.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}-"
              + name
              + "'}\n");
    }
    lab.file("charts/books/Chart.yaml", chart.toString());
  }

  private ReleaseLab books(String subcharts) {
    return lab.file(
        "products/shop.yaml",
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
            - name: books
              spec:
                chart: {path: charts/books}
                %s
                release: {targetNamespace: shop}
        """
            .formatted(subcharts.isEmpty() ? "" : "subcharts: " + subcharts));
  }
}
