// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ConfigMaps whose annotations are requests, in the embedded cluster. */
class RequestsTest {
  private static final GroupName SHOP = GroupName.parse("shop");

  private final Rehearsal rehearsal = new Rehearsal();
  private final EmbeddedCluster cluster = rehearsal.cluster;
  private final List<GroupName> told = new ArrayList<>();

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void areObservedWithoutTheirContentAndToldWhenTheyChange() throws Exception {
    cluster.watch(told::add);
    assertThat(cluster.observe(SHOP)).isEmpty();

    cluster.create(requests());
    rehearsal.time.advance(Duration.ofSeconds(1));
    assertThat(told).containsExactly(SHOP);
    cluster.edit(
        "ConfigMap",
        "default",
        "requests",
        object -> Fields.with(object, "t1", "metadata", "annotations", "segue.dev/retry"));
    rehearsal.time.advance(Duration.ofSeconds(1));

    assertThat(told).containsExactly(SHOP, SHOP);
    assertThat(cluster.observe(SHOP))
        .singleElement()
        .satisfies(
            object -> {
              assertThat(object.kind()).isEqualTo("ConfigMap");
              assertThat(object.annotation("segue.dev/retry")).contains("t1");
              assertThat(object.fields()).doesNotContainKey("data");
            });
  }

  @Test
  void areOfNoGroupAnyMoreWithoutTheirLabel() throws Exception {
    cluster.watch(told::add);
    cluster.create(requests());
    rehearsal.time.advance(Duration.ofSeconds(1));
    told.clear();

    cluster.edit(
        "ConfigMap",
        "default",
        "requests",
        object -> Fields.with(object, null, "metadata", "labels", Labels.REQUESTS));
    rehearsal.time.advance(Duration.ofSeconds(1));

    assertThat(told).containsExactly(SHOP);
    assertThat(cluster.observe(SHOP)).isEmpty();
  }

  @Test
  void areNeverCollected() throws Exception {
    cluster.create(requests());
    Manifest old = Fields.with(requests(), "old", "metadata", "name");
    cluster.create(Fields.with(old, null, "metadata", "labels", Labels.REQUESTS));

    cluster.collect(SHOP, "default", List.of());

    assertThat(cluster.find("ConfigMap", "default", "requests")).isPresent();
    assertThat(cluster.find("ConfigMap", "default", "old")).isEmpty();
  }

  private static Manifest requests() {
    return Rehearsal.manifest(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: requests
          namespace: default
          labels:
            app.kubernetes.io/managed-by: segue
            segue.dev/group: shop
            segue.dev/requests: "true"
        data: {note: not needed}
        """);
  }
}
