// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What of a group's folder goes into one object of the cluster. */
final class MemoryFilesTest {
  private static final GroupName SHOP = GroupName.parse("shop");

  private static RepoPath path(String file) {
    return RepoPath.parse("groups/shop/" + file);
  }

  private static SortedMap<RepoPath, String> files(Map<String, String> files) {
    SortedMap<RepoPath, String> all = new TreeMap<>();
    files.forEach((file, text) -> all.put(path(file), text));
    return all;
  }

  private static Edit edit(
      List<RepoPath> replaced, SortedMap<RepoPath, String> files, String phase) {
    return new Edit(replaced, files, "shop: so", Map.of("Group", "shop", "Phase", phase));
  }

  @Test
  void whatIsPackedIsUnpackedAndEqualFilesArePackedAlike() throws Exception {
    SortedMap<RepoPath, String> files = files(Map.of("status.yaml", "ä\n", "good.yaml", ""));

    String packed = MemoryFiles.pack(files);

    assertThat(MemoryFiles.unpack(packed)).isEqualTo(files);
    assertThat(MemoryFiles.pack(new TreeMap<>(files))).isEqualTo(packed);
  }

  @Test
  void keepsWhatIsNeededToGoOnAndNoPages() {
    SortedMap<RepoPath, String> after =
        MemoryFiles.edited(
            SHOP,
            files(Map.of("declared/old.yaml", "old", "good.yaml", "good")),
            edit(
                List.of(path("declared"), path("next")),
                files(
                    Map.of(
                        "status.yaml", "1",
                        "declared/new.yaml", "new",
                        "next/plan.yaml", "plan",
                        "next/plan.md", "page",
                        "manifests/web.yaml", "kind: Secret")),
                "Waiting"));

    assertThat(after.keySet())
        .containsExactly(
            path("declared/new.yaml"),
            path("good.yaml"),
            path("next/plan.yaml"),
            path("status.yaml"));
  }

  @Test
  void keepsTheLastAttemptsByTheirNumber() {
    SortedMap<RepoPath, String> many = new TreeMap<>();
    for (int number = 1; number <= 12; number++) {
      many.put(path("history/" + number + ".yaml"), "");
    }

    assertThat(MemoryFiles.edited(SHOP, Map.of(), edit(List.of(), many, "Released")).keySet())
        .hasSize(8)
        .contains(path("history/12.yaml"), path("history/5.yaml"))
        .doesNotContain(path("history/4.yaml"));
  }

  @Test
  void ofARemovedGroupNothingIsKeptButHowItStands() {
    assertThat(
            MemoryFiles.edited(
                SHOP,
                files(Map.of("good.yaml", "good", "declared/x.yaml", "secret")),
                edit(List.of(), files(Map.of("status.yaml", "1")), "Removed")))
        .containsOnlyKeys(path("status.yaml"));
  }

  @Test
  void refusesWhatTheApiServerWouldNotTakeAndWhatIsNotItsOwn() {
    StringBuilder noise = new StringBuilder();
    new Random(1).ints(2_000_000, 'a', 'z').forEach(c -> noise.append((char) c));

    assertThatThrownBy(() -> MemoryFiles.pack(files(Map.of("declared/x.yaml", noise.toString()))))
        .isInstanceOf(RepoException.class)
        .hasMessageContaining("must have at most 716800 bytes")
        .hasMessageContaining("Declare the group in Git");
    assertThatThrownBy(() -> MemoryFiles.unpack("bm9uZQ=="))
        .isInstanceOf(RepoException.class)
        .hasMessageContaining("must be as Segue wrote it");
  }
}
