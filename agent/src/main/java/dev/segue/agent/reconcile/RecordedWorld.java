// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A site as its status branch has it: what was given to Flux is there, as it was given, and as well
 * as the last report says. An attempt that was planned and has not ended counts as done.
 */
final class RecordedWorld implements World {
  private final Snapshot snapshot;
  private final StatusReader reader;

  RecordedWorld(Snapshot snapshot, StatusReader reader) {
    this.snapshot = snapshot;
    this.reader = reader;
  }

  @Override
  public Snapshot status() {
    return snapshot;
  }

  @Override
  public Seen see(GroupName group, Namespace namespace, Set<ReleaseName> whole)
      throws RepoException {
    Stored stored = reader.read(snapshot, group, namespace);
    return new Seen(
        List.of(), live(stored, whole), stored, Requests.NONE, Optional.empty(), "", false);
  }

  @Override
  public boolean reaches(Namespace namespace) {
    return true; // nobody but the agent knows
  }

  @Override
  public Admission.Said admit(
      Plan plan,
      RenderedBundle bundle,
      Map<ReleaseName, HelmOutput> after,
      Map<ReleaseName, ReleaseDiff> diffs) {
    return Admission.Said.NOTHING;
  }

  @Override
  public List<String> notices(Seen seen) {
    Attempt attempt = seen.stored().attempt();
    return isUnderWay(attempt)
        ? List.of("attempt " + attempt.number() + " has not ended; it is taken to succeed")
        : List.of();
  }

  private static boolean isUnderWay(Attempt attempt) {
    return attempt.result() == Attempt.Result.PLANNED;
  }

  private Map<ReleaseName, LiveRelease> live(Stored stored, Set<ReleaseName> whole)
      throws RepoException {
    boolean underWay = isUnderWay(stored.attempt());
    Inventory given = underWay ? stored.planned() : stored.inventory();
    String token = underWay ? stored.attempt().workflow() : "";
    Map<ReleaseName, LiveRelease> live = new TreeMap<>();
    for (DeployedRelease release : given.releases().values()) {
      if (!release.dissolved()) {
        boolean handsOver =
            whole.contains(release.name()) || release.pin() instanceof ChartPin.Derived;
        live.put(
            release.name(),
            new LiveRelease(
                release.name(),
                release.object(),
                release.digest().prefix(Planner.LABEL_DIGITS),
                token,
                state(stored.report(), release.name()),
                "",
                "",
                release.version(),
                "",
                release.version(),
                0,
                handsOver ? spec(given.group(), release.name()) : Map.of()));
      }
    }
    return live;
  }

  private static LiveRelease.State state(Optional<StatusReport> report, ReleaseName release) {
    boolean failed =
        report.stream()
            .flatMap(told -> told.releases().stream())
            .anyMatch(
                told -> told.name().equals(release) && told.state() == ReleaseStatus.State.FAILED);
    return failed ? LiveRelease.State.FAILED : LiveRelease.State.READY;
  }

  /** What it was last given; empty when somebody edited that. */
  private Map<String, @Nullable Object> spec(GroupName group, ReleaseName release)
      throws RepoException {
    RepoPath file = StatusPaths.of(group, BundleRenderer.helmReleaseFile(release));
    Optional<YamlNode> document =
        snapshot.read(file).flatMap(text -> YamlReader.read(text).documents().stream().findFirst());
    return document.isPresent() && document.get() instanceof YamlNode.Mapping mapping
        ? new Manifest(mapping.data()).map("spec")
        : Map.of();
  }
}
