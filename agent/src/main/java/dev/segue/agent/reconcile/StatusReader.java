// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.RequestsFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.yaml.YamlReader;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the status branch says of groups. Safe for several threads. */
final class StatusReader {
  private static final Pattern FILE_AND_LINE = Pattern.compile("(.+):([0-9]{1,9})");

  private final ParsedFiles<StatusReport> reports = new ParsedFiles<>(StatusFile::read);
  private final ParsedFiles<Inventory> inventories = new ParsedFiles<>(InventoryFile::read);
  private final ParsedFiles<LastGood> goods = new ParsedFiles<>(InventoryFile::readGood);
  private final ParsedFiles<Requests> requests = new ParsedFiles<>(RequestsFile::read);

  /**
   * What the branch says of a group.
   *
   * @param report empty before the first
   * @param inventory what was given to Flux and came of it
   * @param planned what the last plan was to give to Flux
   * @param good where the group was last as a commit wanted it; empty when it never was
   * @param requests what people ask for
   */
  record Stored(
      Snapshot snapshot,
      Optional<StatusReport> report,
      Inventory inventory,
      Inventory planned,
      Optional<LastGood> good,
      Requests requests) {
    /** The last attempt. */
    Attempt attempt() {
      return report.map(StatusReport::attempt).orElse(Attempt.NONE);
    }
  }

  /**
   * Returns what is said of a group.
   *
   * @param namespace where its objects are when nothing of it was released yet
   */
  Stored read(Snapshot snapshot, GroupName group, Namespace namespace) throws RepoException {
    return new Stored(
        snapshot,
        report(snapshot, group),
        inventory(snapshot, group, StatusPaths.INVENTORY, namespace),
        inventory(snapshot, group, StatusPaths.PLANNED, namespace),
        good(snapshot, group),
        parsed(snapshot, StatusPaths.of(group, StatusPaths.REQUESTS), requests)
            .orElse(Requests.NONE));
  }

  private static <T> Optional<T> parsed(Snapshot snapshot, RepoPath path, ParsedFiles<T> files)
      throws RepoException {
    return snapshot.read(path).flatMap(text -> files.parse(path, text));
  }

  /** The plan that waits; empty when none does. */
  static Optional<AttemptRecord> next(Snapshot snapshot, GroupName group) throws RepoException {
    return snapshot
        .read(StatusPaths.of(group, StatusPaths.next(StatusPaths.PLAN)))
        .flatMap(HistoryFile::read);
  }

  Optional<LastGood> good(Snapshot snapshot, GroupName group) throws RepoException {
    return parsed(snapshot, StatusPaths.of(group, StatusPaths.GOOD), goods)
        .filter(good -> !good.inventory().releases().isEmpty());
  }

  Optional<Inventory> inventory(Snapshot snapshot, GroupName group, RepoPath file)
      throws RepoException {
    return parsed(snapshot, StatusPaths.of(group, file), inventories);
  }

  private Inventory inventory(
      Snapshot snapshot, GroupName group, RepoPath file, Namespace namespace) throws RepoException {
    return inventory(snapshot, group, file)
        .filter(inventory -> !inventory.releases().isEmpty()) // then nothing binds it to a place
        .orElseGet(() -> Inventory.empty(group, namespace));
  }

  /** The groups that were not removed, by name, as they were told last. */
  Map<GroupName, StatusReport> known(Snapshot snapshot) throws RepoException {
    Map<GroupName, StatusReport> known = readAll(snapshot);
    known.values().removeIf(report -> report.phase() == Phase.REMOVED);
    return known;
  }

  /** Where a group was declared; the root at line 0 when somebody edited the report. */
  static Origin declaredIn(StatusReport report) {
    Matcher matcher = FILE_AND_LINE.matcher(report.file());
    try {
      return matcher.matches()
          ? new Origin(RepoPath.parse(matcher.group(1)), Integer.parseInt(matcher.group(2)))
          : new Origin(RepoPath.ROOT, 0);
    } catch (IllegalArgumentException e) {
      return new Origin(RepoPath.ROOT, 0);
    }
  }

  /** What a release's values were at the last plan, sensitive ones masked. */
  static Optional<Values> values(Snapshot snapshot, GroupName group, ReleaseName release) {
    try {
      return snapshot
          .read(StatusPaths.of(group, BundleRenderer.valuesFile(release)))
          .flatMap(text -> YamlReader.read(text).firstMapping())
          .map(document -> new Values(document.data()));
    } catch (RepoException e) {
      return Optional.empty(); // the reason in the plan is then less exact
    }
  }

  /** What is said of a group's last attempt; empty before the first. */
  Optional<StatusReport> report(Snapshot snapshot, GroupName group) throws RepoException {
    return parsed(snapshot, StatusPaths.of(group, StatusPaths.STATUS), reports)
        .filter(report -> report.group().equals(group));
  }

  /** Somebody else's folder is passed over. */
  static Optional<GroupName> name(String folder) {
    try {
      return Optional.of(GroupName.parse(folder));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Every group that has a folder, by name, as it was told last. */
  Map<GroupName, StatusReport> readAll(Snapshot snapshot) throws RepoException {
    Map<GroupName, StatusReport> all = new TreeMap<>();
    for (String folder : snapshot.folders(StatusPaths.GROUPS)) {
      Optional<GroupName> group = name(folder);
      if (group.isPresent()) {
        report(snapshot, group.get()).ifPresent(report -> all.put(report.group(), report));
      }
    }
    return all;
  }
}
