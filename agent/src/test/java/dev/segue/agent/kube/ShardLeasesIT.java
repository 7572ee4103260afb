// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.renderer.model.Namespace;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that compete for Leases at a real API server. */
final class ShardLeasesIT {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final List<ShardLeases> opened = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  @BeforeEach
  void prepare() {
    target = ClusterUnderTest.require();
    namespace = target.newNamespace();
  }

  @AfterEach
  void close() {
    opened.forEach(ShardLeases::close);
  }

  private ShardLeases agent(String identity) throws Exception {
    return agent(identity, 1, Duration.ofMillis(100));
  }

  private ShardLeases agent(String identity, int shards, Duration retryPeriod) throws Exception {
    ShardLeases agent =
        new ShardLeases(
            target.config(),
            new LeaseSettings(
                namespace, "segue", shards, identity, LEASE, Duration.ofMillis(1400), retryPeriod));
    opened.add(agent);
    agent.start();
    return agent;
  }

  private ShardLeases leader(String identity) throws Exception {
    ShardLeases leader = agent(identity);
    await().until(() -> leads(leader));
    return leader;
  }

  private static boolean leads(ShardLeases agent) {
    return agent.tenure(0) != 0;
  }

  private Resource<Lease> lease() {
    return target.admin().leases().inNamespace(namespace.value()).withName("segue");
  }

  @Test
  void oneThatGivesItsLeaseBackIsFollowedBeforeItWouldHaveRunOut() throws Exception {
    ShardLeases a = leader("a");
    ShardLeases b = agent("b");
    await().until(() -> b.holders().equals(List.of("segue: a")));

    long begin = System.nanoTime();
    a.release();

    assertThat(leads(a)).isFalse();
    await().pollInterval(Duration.ofMillis(20)).until(() -> leads(b));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LEASE);
  }

  @Test
  void oneThatIsSilentIsFollowedWhenItsLeaseIsOverAndNotBefore() throws Exception {
    ShardLeases a = leader("a");
    ShardLeases b = agent("b");
    await().until(() -> b.holders().equals(List.of("segue: a")));

    a.close(); // renews no more, as if it were killed
    assertThat(leads(a)).as("it still may go on").isTrue();
    await().pollInterval(Duration.ofMillis(5)).until(() -> !leads(a) || leads(b));
    assertThat(leads(b)).isFalse();
    await().pollInterval(Duration.ofMillis(5)).until(() -> a.over(0) || leads(b));
    assertThat(leads(b)).isFalse();
    await().until(() -> leads(b));
  }

  @Test
  void oneThatIsKilledIsFollowedWithinItsLease() throws Exception {
    ShardLeases a = leader("a");
    ShardLeases b = agent("b");
    await().until(() -> b.holders().equals(List.of("segue: a")));

    long killed = System.nanoTime();
    a.close();

    await().pollInterval(Duration.ofMillis(5)).until(() -> leads(b));
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LEASE);
  }

  /** Looking often must not mean writing often. */
  @Test
  void aLeaseIsRenewedOnceInEachRetryPeriod() throws Exception {
    agent("a", 1, Duration.ofMillis(400));
    await().until(() -> lease().get() != null);
    Set<ZonedDateTime> renewals = new HashSet<>();

    await()
        .pollInterval(Duration.ofMillis(20))
        .during(Duration.ofSeconds(2))
        .untilAsserted(() -> renewals.add(lease().get().getSpec().getRenewTime()));

    assertThat(renewals).hasSizeBetween(3, 6);
  }

  /** Its clock may be wrong, or ours: only what is seen to change counts. */
  @Test
  void timesWrittenIntoTheLeaseElectNobody() throws Exception {
    ZonedDateTime longAgo = ZonedDateTime.of(2001, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    ShardLeases a = leader("a");
    a.close();
    lease()
        .edit(
            l -> {
              l.getSpec().setRenewTime(longAgo);
              l.getSpec().setLeaseDurationSeconds(3600);
              return l;
            });

    ShardLeases b = agent("b");

    await().during(Duration.ofMillis(700)).until(() -> !leads(b));
  }

  @Test
  void aLeaseThatIsDeletedIsStillItsHolders() throws Exception {
    ShardLeases a = leader("a");
    ShardLeases b = agent("b");
    await().until(() -> b.holders().equals(List.of("segue: a")));

    lease().delete();

    await().until(() -> lease().get() != null);
    assertThat(lease().get().getSpec().getHolderIdentity()).isEqualTo("a");
    assertThat(a.tenure(0)).isEqualTo(1);
    assertThat(leads(b)).isFalse();
  }

  @Test
  void aLeaseThatIsTakenAwayIsLostAtTheNextRenewal() throws Exception {
    ShardLeases a = leader("a");
    lease()
        .patch( // by no version: it is renewed at the same time
            PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"holderIdentity\":\"thief\"}}");

    await().until(() -> !leads(a));

    assertThat(a.over(0)).isTrue();
    await().until(() -> a.tenure(0) == 2); // the thief does not renew
  }

  @Test
  void shardsAreSharedEvenlyAndThoseOfOneThatIsKilledAreTakenOver() throws Exception {
    ShardLeases a = agent("a", 4, Duration.ofMillis(200));
    ShardLeases b = agent("b", 4, Duration.ofMillis(200));
    await().until(() -> a.held().size() + b.held().size() == 4);
    assertThat(a.held()).hasSize(2).doesNotContainKeys(b.held().keySet().toArray(Integer[]::new));
    Set<Integer> kept = b.held().keySet();

    a.close();
    await().until(() -> b.held().size() == 4);
    assertThat(kept).as("nothing else moves").allMatch(shard -> b.tenure(shard) == 1);
  }

  @Test
  void oneThatIsAddedIsGivenItsShareOneShardAtATimeAndNotWhileOneIsWritten() throws Exception {
    Duration retry = Duration.ofMillis(100);
    ShardLeases a = agent("a", 4, retry);
    await().until(() -> a.held().size() == 4);
    ShardLeases b = agent("b", 4, retry);

    await().until(() -> shares(a, true, b) && a.held().size() == 3);
    await()
        .during(LEASE.plusMillis(500))
        .until(() -> shares(a, true, b) && b.held().isEmpty() && a.held().size() == 3);
    List<String> still = new ArrayList<>(a.holders());
    assertThat(still).as("renewed until nothing writes").allMatch(lease -> lease.endsWith(": a"));

    await().until(() -> shares(a, false, b) && a.held().size() == 2 && b.held().size() == 2);
    assertThat(a.held()).doesNotContainKeys(b.held().keySet().toArray(Integer[]::new));
    assertThat(a.held().values()).as("the others did not move").containsOnly(1L);
    await().during(retry.multipliedBy(15)).until(() -> shares(a, false, b) && tenures(a, b) == 4);
  }

  /** As a rollout with another number of shards has them for a while. */
  @Test
  void agentsThatCountShardsOtherwiseNeverWorkAtTheSameTime() throws Exception {
    ShardLeases old = leader("old");
    ShardLeases more = agent("more", 4, Duration.ofMillis(100));
    await().during(LEASE.plusMillis(500)).until(() -> leads(old) && more.held().isEmpty());

    old.release();
    long released = System.nanoTime();
    await().pollInterval(Duration.ofMillis(5)).until(() -> !more.held().isEmpty());

    assertThat(Duration.ofNanos(System.nanoTime() - released))
        .as("who counted otherwise has had the time to see it")
        .isGreaterThan(LEASE);
    await().until(() -> more.held().size() == 4);
    assertThat(lease().get().getMetadata().getAnnotations()).containsEntry("segue.dev/shards", "4");
  }

  @Test
  void whoHoldsAShardEndsWhenTheFirstLeaseSaysAnotherNumber() throws Exception {
    ShardLeases a = agent("a", 2, Duration.ofMillis(100));
    await().until(() -> a.held().size() == 2);
    lease()
        .patch( // as one does that takes it, with another number
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"segue.dev/shards\":\"0\"}},"
                + "\"spec\":{\"holderIdentity\":\"fewer\"}}");

    await().pollInterval(Duration.ofMillis(5)).until(() -> a.held().isEmpty());
    assertThat(a.over(1)).as("no write may be under way either").isTrue();
    await().until(() -> a.held().size() == 2); // the other one does not renew
    assertThat(a.tenure(1)).isGreaterThan(1);
  }

  @Test
  void oneThatEndsBeginsNothingMoreWhileItGivesItsLeasesBack() throws Exception {
    ShardLeases a = agent("a", 2, Duration.ofMillis(100));
    await().until(() -> a.held().size() == 2);

    a.letGo();

    assertThat(a.held()).isEmpty();
    assertThat(a.over(0) || a.over(1)).as("what is under way may end").isFalse();
    await()
        .during(LEASE.plusMillis(500))
        .until(() -> a.holders().equals(List.of("segue: a", "segue-1: a")));
  }

  /** One look of each, as an agent has them again and again. */
  private static boolean shares(ShardLeases one, boolean written, ShardLeases other) {
    one.share(shard -> written);
    other.share(shard -> false);
    return true;
  }

  private static long tenures(ShardLeases one, ShardLeases other) {
    return Stream.of(one, other)
        .flatMap(each -> each.held().values().stream())
        .mapToLong(t -> t)
        .sum();
  }

  @Test
  void whatSomebodyWroteIntoALeaseDoesNotEndTheElection() throws Exception {
    target
        .admin()
        .resource(
            new io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder()
                .withNewMetadata()
                .withName("segue")
                .withNamespace(namespace.value())
                .addToLabels("team", "platform")
                .endMetadata()
                .build())
        .create();

    leader("a");

    assertThat(lease().get().getMetadata().getLabels()).containsEntry("team", "platform");
  }
}
