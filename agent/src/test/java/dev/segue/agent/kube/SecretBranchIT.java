// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.renderer.model.RepoPath;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The memory in Secrets of a real API server. */
final class SecretBranchIT extends AtAnApiServer {
  private static final RepoPath STATUS = RepoPath.parse("groups/shop/status.yaml");
  private static final RepoPath GOOD = RepoPath.parse("groups/shop/good.yaml");

  private static Edit edit(RepoPath file, String text) {
    return new Edit(
        List.of(), new TreeMap<>(Map.of(file, text)), "shop: so", Map.of("Group", "shop"));
  }

  @Test
  void anotherAgentGoesOnFromWhatWasWrittenLastAndLosesNothing() throws Exception {
    StatusBranch one = cluster.memory();
    StatusBranch other = cluster.memory();
    assertThat(other.read().commit()).isEmpty();

    assertThat(one.commit(before -> edit(STATUS, "first"))).isPresent();
    assertThat(one.commit(before -> edit(STATUS, "first"))).as("nothing changed").isEmpty();
    AtomicInteger asked = new AtomicInteger();
    other.commit(
        before -> {
          asked.incrementAndGet();
          return edit(GOOD, "good");
        });

    assertThat(asked).as("made anew on top of what the other wrote").hasValueGreaterThan(1);
    one.refresh();
    assertThat(one.read().read(STATUS)).contains("first");
    assertThat(one.read().read(GOOD)).contains("good");
    assertThat(one.read().folders(RepoPath.parse("groups"))).containsExactly("shop");
    assertThat(one.read().commit()).isEqualTo(other.read().commit());
    assertThat(target.admin().secrets().inNamespace(namespace.value()).list().getItems())
        .singleElement()
        .satisfies(
            secret ->
                assertThat(secret.getMetadata().getLabels())
                    .doesNotContainKey("segue.dev/group")); // else it would be collected
  }
}
