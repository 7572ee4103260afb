// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.agent.reconcile.GroupObjects.Happening;
import dev.segue.agent.reconcile.GroupObjects.Tone;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.KStatus;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.status.GroupStatus;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Groups of Git as objects on a real API server; their releases are simulated. */
@Isolated("it reads counters of an API server that others use")
final class GroupMirrorIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Namespace NAMESPACE = ReleaseLab.NAMESPACE;

  private static final String BROKEN =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      spec: {}
      """;

  /** Requests that write our kind or Events, as the server counts them. */
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{[^}]*resource=\"(?:applicationgroups|events)\"[^}]*"
              + "verb=\"(?:APPLY|PATCH|POST|PUT|DELETE)\"[^}]*} ([0-9]+)");

  @TempDir static Path chartCache;
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Fabric8Cluster cluster;

  @SuppressWarnings("NullAway.Init") // set before each
  private GroupObjects objects;

  @SuppressWarnings("NullAway.Init") // set before each
  private ReleaseLab lab;

  private long lastWrites;

  @BeforeEach
  void open() throws Exception {
    target = ClusterUnderTest.require();
    target
        .admin()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE.value())
                .endMetadata()
                .build())
        .createOr(NonDeletingOperation::update);
    target
        .admin()
        .genericKubernetesResources(Resource.GROUP.context())
        .inNamespace(NAMESPACE.value())
        .delete();
    cluster = new Fabric8Cluster(target.kubeconfig(), null, NAMESPACE, List.of(NAMESPACE));
    objects = cluster.groupObjects();
    lab = new ReleaseLab(folder, chartCache);
    lab.shownIn(objects);
  }

  @AfterEach
  void close() {
    if (lab != null) { // the test was skipped
      lab.close();
      cluster.close();
    }
  }

  private GenericKubernetesResource live(String name) {
    return target
        .admin()
        .genericKubernetesResources(Resource.GROUP.context())
        .inNamespace(NAMESPACE.value())
        .withName(name)
        .get();
  }

  private Map<String, @Nullable Object> fields(String name) {
    GenericKubernetesResource live = live(name);
    return live == null
        ? Map.of()
        : PlainData.map(
            target.admin().getKubernetesSerialization().convertValue(live, LinkedHashMap.class));
  }

  private Map<String, @Nullable Object> status(String name) {
    return PlainData.map(fields(name).get("status"));
  }

  private void awaitReason(String name, String reason) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(GroupStatus.reason(status(name))).isEqualTo(reason));
  }

  private Stream<Event> events() {
    return target
        .admin()
        .events()
        .v1()
        .events()
        .inNamespace(NAMESPACE.value())
        .list()
        .getItems()
        .stream();
  }

  private List<String> events(String name) {
    return events()
        .filter(event -> event.getRegarding().getName().equals(name))
        .map(event -> event.getType() + " " + event.getReason())
        .toList();
  }

  /** How many there were. */
  private long writes() {
    Matcher matcher = WRITES.matcher(target.admin().raw("/metrics"));
    long sum = 0;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1));
    }
    return sum;
  }

  /** Whether there is no other between two looks. */
  private boolean quiet() {
    long now = writes();
    boolean same = now == lastWrites;
    lastWrites = now;
    return same;
  }

  @Test
  void aGroupIsSeenByKstatusAsItIsFromItsFirstCommitToItsEnd() throws Exception {
    List<KStatus> seen = new CopyOnWriteArrayList<>();
    objects.watch(
        ref -> {
          if (ref.name().equals("shop")) {
            try {
              objects.find(ref).map(o -> KStatus.of(o.manifest().fields())).ifPresent(seen::add);
            } catch (ClusterException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    lab.spec("onFailure: hold");
    CommitId first = lab.group("shop", "db=red", "web=red<db").push();
    lab.start(2, Duration.ZERO).begin("shop");
    awaitReason("shop", "Progressing");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.IN_PROGRESS);
    assertThat(seen).isNotEmpty().doesNotContain(KStatus.CURRENT); // not even before its status

    lab.settle();
    awaitReason("shop", "Succeeded");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.CURRENT);
    assertThat(status("shop"))
        .containsEntry("revision", "main@" + first.hex())
        .containsEntry("phase", "Released")
        .containsEntry("observedGeneration", 1)
        .containsEntry("lastSucceededGeneration", 1);
    assertThat(live("shop").getMetadata().getLabels())
        .containsEntry(Labels.SOURCE, Labels.GIT)
        .containsEntry(Labels.MANAGED_BY, Labels.SEGUE);
    assertThat(live("shop").getMetadata().getAnnotations())
        .containsEntry(Labels.FILE, "products/shop.yaml")
        .containsEntry(Labels.COMMIT, first.hex());

    lab.cluster().fail("db", Fault.TIMES_OUT);
    seen.clear();
    lab.group("shop", "db=blue", "web=red<db").push();
    lab.begin("shop");
    awaitReason("shop", "Progressing");
    assertThat(seen).isNotEmpty().doesNotContain(KStatus.CURRENT);
    lab.settle();
    awaitReason("shop", "WorkflowFailed");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.FAILED);
    assertThat(status("shop"))
        .containsEntry("observedGeneration", 2)
        .containsEntry("lastSucceededGeneration", 1);

    lab.file("products/shop.yaml", BROKEN).push();
    lab.release();
    awaitReason("shop", "Invalid");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.FAILED);
    assertThat(live("shop").getMetadata().getGeneration()).isEqualTo(2);

    lab.cluster().heal("db");
    lab.group("shop", "db=green", "web=red<db").push();
    lab.release();
    awaitReason("shop", "Succeeded");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.CURRENT);

    lab.remove("products/shop.yaml").group("other", "web").push();
    lab.poll();
    lab.until(() -> lab.outcome("shop") == null);
    await().atMost(SOON).until(() -> live("shop") == null);
    assertThat(events("shop"))
        .contains(
            "Normal Progressing",
            "Normal Succeeded",
            "Warning WorkflowFailed",
            "Warning Invalid",
            "Normal Terminating",
            "Normal Removed");
  }

  @Test
  void nothingIsCalledWhenNothingChangedAndWhatWasDeletedByHandComesBack() throws Exception {
    lab.group("shop", "db").group("mail", "web").push();
    lab.start(2, Duration.ZERO).release();
    awaitReason("shop", "Succeeded");
    awaitReason("mail", "Succeeded");
    List<String> told = events("shop");

    await().atMost(SOON).during(Duration.ofMillis(300)).until(this::quiet);
    long before = writes();
    assertThat(before).isPositive();
    for (int i = 0; i < 3; i++) {
      lab.release();
    }
    lab.file("README.md", "A commit that changes no group.").push();
    lab.release();
    lab.start(2, Duration.ZERO).release(); // an agent that remembers nothing
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    await().atMost(SOON).during(Duration.ofMillis(500)).until(() -> writes() == before);
    assertThat(events("shop")).isEqualTo(told);

    target.admin().resource(live("shop")).delete();
    awaitReason("shop", "Succeeded");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.CURRENT);
  }

  @Test
  void anObjectThatSomebodyAppliedIsLeftAsItIsAndBothOwnersAreNamed() throws Exception {
    Manifest theirs = group("shop", "their-app");
    target
        .admin()
        .resource(resource(theirs))
        .fieldManager("kubectl-client-side-apply")
        .serverSideApply();
    String version = live("shop").getMetadata().getResourceVersion();
    lab.group("shop", "db").push();
    lab.start().release();

    await().atMost(SOON).until(() -> events("shop").contains("Warning TwoOwners"));
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(live("shop").getMetadata().getResourceVersion()).isEqualTo(version);
    String note =
        events()
            .filter(event -> event.getReason().equals("TwoOwners"))
            .map(event -> Objects.toString(event.getNote(), ""))
            .findFirst()
            .orElse("");
    assertThat(note)
        .contains("products/shop.yaml:")
        .contains("\"delivery/shop\"")
        .contains("\"kubectl-client-side-apply\"");

    target.admin().resource(live("shop")).delete();
    awaitReason("shop", "Succeeded");
  }

  private void unlabel(String name) {
    target
        .admin()
        .genericKubernetesResources(Resource.GROUP.context())
        .inNamespace(NAMESPACE.value())
        .withName(name)
        .edit(
            object -> {
              object.getMetadata().setLabels(Map.of());
              return object;
            });
  }

  @Test
  void anObjectOfOursThatLostItsLabelIsStillNoGroupOfItsOwn() throws Exception {
    lab.group("shop", "db").group("mail", "web").push();
    lab.start().release();
    awaitReason("shop", "Succeeded");
    awaitReason("mail", "Succeeded");

    unlabel("shop");
    await()
        .atMost(SOON)
        .until(() -> Labels.GIT.equals(live("shop").getMetadata().getLabels().get(Labels.SOURCE)));
    assertThat(events("shop")).doesNotContain("Warning TwoOwners");

    lab.close(); // nobody gives it back
    unlabel("shop");
    String uid = live("shop").getMetadata().getUid();
    lab = new ReleaseLab(folder.resolve("other"), chartCache);
    lab.shownIn(objects);
    lab.group("mail", "web").push();
    lab.start().release();

    awaitReason("shop", "NotDeclared");
    assertThat(KStatus.of(fields("shop"))).isEqualTo(KStatus.FAILED);
    assertThat(events("shop")).contains("Warning NotDeclared");
    assertThat(live("shop").getMetadata().getUid()).isEqualTo(uid);
  }

  /** Two applications of one name: what the API server answers must not be tried again. */
  @Test
  void whatTheApiServerRefusesIsARefusalAtOnce() throws Exception {
    objects.watch(ref -> {});
    Manifest twice = group("twice", "db", "db");
    long before = System.nanoTime();
    ClusterException refused =
        catchThrowableOfType(ClusterException.class, () -> objects.create(twice));
    assertThat(refused.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(refused.retryable()).isFalse();
    assertThat(refused.getMessage()).contains("db");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void writesOnceWhatIsWrittenTwiceAndNeverAnotherObjectOfThatName() throws Exception {
    objects.watch(ref -> {});
    GroupObject made = objects.create(group("one", "db")).orElseThrow();
    assertThat(made.status()).containsEntry("observedGeneration", -1L);
    assertThat(objects.find(made.ref())).isPresent(); // our own write, before the watch has it
    Map<String, Object> status = Map.of("observedGeneration", 1, "phase", "Released");
    GroupObject said = objects.status(made, status);
    String version = said.manifest().text("metadata", "resourceVersion").orElseThrow();
    assertThat(objects.status(said, status)).isSameAs(said);
    Happening happening = new Happening(Tone.NORMAL, "Succeeded", "ü".repeat(900), "1");
    objects.event(said, happening);
    objects.event(said, happening);
    assertThat(events("one")).hasSize(1);
    assertThat(live("one").getMetadata().getResourceVersion()).isEqualTo(version);

    GroupObject held = objects.finalizer(said, true);
    assertThat(held.finalizers()).containsExactly(GroupObjects.FINALIZER);
    assertThat(held.generation()).isEqualTo(1);
    assertThat(held.managers()).contains("segue");
    objects.delete(held);
    await().atMost(SOON).until(() -> objects.find(held.ref()).orElseThrow().deleting());
    GroupObject leaving = objects.find(held.ref()).orElseThrow();
    objects.finalizer(leaving, false);
    await().atMost(SOON).until(() -> objects.find(held.ref()).isEmpty());
    objects.finalizer(leaving, false); // it is gone already

    GroupObject next = objects.create(group("one", "web")).orElseThrow();
    assertThat(next.uid()).isNotEqualTo(made.uid());
    assertThat(catchThrowableOfType(ClusterException.class, () -> objects.status(made, status)))
        .isNotNull();
    objects.delete(made);
    assertThat(live("one").getMetadata().getUid()).isEqualTo(next.uid());
  }

  private static Manifest group(String name, String... applications) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata: {name: %s, namespace: %s}
            spec:
              applications:
            """
                .formatted(name, NAMESPACE));
    for (String application : applications) {
      text.append("  - {name: ")
          .append(application)
          .append(", spec: {chart: {path: charts/web}}}\n");
    }
    return new Manifest(
        ((YamlNode.Mapping) YamlReader.read(text.toString()).documents().get(0)).data());
  }

  private GenericKubernetesResource resource(Manifest manifest) {
    return target
        .admin()
        .getKubernetesSerialization()
        .convertValue(manifest.fields(), GenericKubernetesResource.class);
  }
}
