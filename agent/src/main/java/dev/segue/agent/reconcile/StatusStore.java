// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups' folders on the status branch: {@code groups/<group>/…}, and the page above them. */
final class StatusStore {
  private static final RepoPath GROUPS = RepoPath.parse("groups");
  private static final RepoPath README = RepoPath.parse("README.md");
  private static final RepoPath STATUS = RepoPath.parse("status.yaml");
  private static final RepoPath INVENTORY = RepoPath.parse("inventory.yaml");
  private static final RepoPath PLANNED = RepoPath.parse("planned.yaml");

  private final StatusBranch branch;
  private final String cluster;
  private final ParsedFiles<StatusReport> reports = new ParsedFiles<>(StatusFile::read);
  private final ParsedFiles<Inventory> inventories = new ParsedFiles<>(InventoryFile::read);
  private Told told = new Told(null, Map.of());

  /**
   * Every group's report at a commit of the branch: our own last one mostly, so that a commit need
   * not read what all the others did.
   */
  private record Told(@Nullable CommitId commit, Map<GroupName, StatusReport> reports) {}

  StatusStore(StatusBranch branch, String cluster) {
    this.branch = branch;
    this.cluster = cluster;
  }

  /**
   * What the branch says of a group.
   *
   * @param report empty before the first
   * @param inventory what was given to Flux and came of it
   * @param planned what the last plan was to give to Flux
   */
  record Stored(
      Snapshot snapshot, Optional<StatusReport> report, Inventory inventory, Inventory planned) {}

  Stored read(GroupName group, Namespace namespace) throws RepoException {
    Snapshot snapshot = branch.read();
    return new Stored(
        snapshot,
        report(snapshot, group),
        inventory(snapshot, group, INVENTORY, namespace),
        inventory(snapshot, group, PLANNED, namespace));
  }

  private Inventory inventory(
      Snapshot snapshot, GroupName group, RepoPath file, Namespace namespace) throws RepoException {
    RepoPath path = file(group, file);
    return snapshot
        .read(path)
        .flatMap(text -> inventories.parse(path, text))
        .filter(inventory -> !inventory.releases().isEmpty()) // then nothing binds it to a place
        .orElseGet(() -> Inventory.empty(group, namespace));
  }

  /** What the branch says of a group's last attempt; empty before the first. */
  Optional<StatusReport> report(GroupName group) throws RepoException {
    return report(branch.read(), group);
  }

  /** The groups that have a status, with the file that declared them last; sorted. */
  Map<GroupName, RepoPath> known() throws RepoException {
    Map<GroupName, RepoPath> known = new TreeMap<>();
    for (StatusReport report : reports(branch.read())) {
      known.put(report.group(), declaredIn(report));
    }
    return known;
  }

  /** The file without its line. */
  private static RepoPath declaredIn(StatusReport report) {
    try {
      return RepoPath.parse(report.file().replaceFirst(":[0-9]+$", ""));
    } catch (IllegalArgumentException e) {
      return RepoPath.ROOT; // somebody edited the file
    }
  }

  /** What a release's values were at the last plan, sensitive ones masked. */
  static Optional<Values> values(Snapshot snapshot, GroupName group, ReleaseName release) {
    try {
      return snapshot
          .read(file(group, BundleRenderer.valuesFile(release)))
          .flatMap(text -> YamlReader.read(text).documents().stream().findFirst())
          .filter(YamlNode.Mapping.class::isInstance)
          .map(document -> new Values(((YamlNode.Mapping) document).data()));
    } catch (RepoException e) {
      return Optional.empty(); // the reason in the plan is then less exact
    }
  }

  /** Commits a group's report and these files of its folder; the others stay. */
  void update(StatusReport report, SortedMap<RepoPath, String> files, String subject)
      throws RepoException {
    commit(report, List.of(), files, subject);
  }

  /** Commits a group's report and these files as all that its folder holds. */
  void replace(StatusReport report, SortedMap<RepoPath, String> files, String subject)
      throws RepoException {
    List<RepoPath> folder = List.of(file(report.group(), RepoPath.ROOT));
    commit(report, folder, files, subject);
  }

  /** One at a time: the branch takes no more at once, and the next begins with what this told. */
  private synchronized void commit(
      StatusReport report,
      List<RepoPath> replaced,
      SortedMap<RepoPath, String> files,
      String subject)
      throws RepoException {
    Map<GroupName, StatusReport> all = new TreeMap<>();
    Optional<CommitId> commit =
        branch.commit(
            newest -> {
              all.clear(); // it is asked again after a race
              all.putAll(with(newest, report));
              return edit(all, report, replaced, files, subject);
            });
    commit.ifPresent(id -> told = new Told(id, all));
  }

  private Edit edit(
      Map<GroupName, StatusReport> all,
      StatusReport report,
      List<RepoPath> replaced,
      SortedMap<RepoPath, String> content,
      String subject) {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    content.forEach((path, text) -> files.put(file(report.group(), path), text));
    files.put(file(report.group(), STATUS), StatusFile.write(report));
    files.put(README, Pages.readme(cluster, List.copyOf(all.values())));
    Map<String, String> trailers = new LinkedHashMap<>();
    trailers.put("Source-Commit", report.commit());
    trailers.put("Group", report.group().value());
    trailers.put("Phase", report.phase().text());
    if (!report.workflow().isEmpty()) {
      trailers.put("Workflow", report.workflow());
    }
    return new Edit(replaced, files, report.group() + ": " + subject, trailers);
  }

  private synchronized Map<GroupName, StatusReport> with(Snapshot newest, StatusReport changed) {
    try {
      Map<GroupName, StatusReport> all = new TreeMap<>();
      if (told.commit() != null && newest.commit().equals(Optional.of(told.commit()))) {
        all.putAll(told.reports());
      } else {
        reports(newest).forEach(report -> all.put(report.group(), report));
      }
      all.put(changed.group(), changed);
      return all;
    } catch (RepoException e) {
      throw new IllegalStateException(
          "what was just fetched must be readable: " + e.getMessage(), e);
    }
  }

  private List<StatusReport> reports(Snapshot snapshot) throws RepoException {
    List<StatusReport> reports = new ArrayList<>();
    for (String folder : snapshot.folders(GROUPS)) {
      Optional<GroupName> group = name(folder);
      if (group.isPresent()) {
        report(snapshot, group.get()).ifPresent(reports::add);
      }
    }
    return reports;
  }

  /** Somebody else's folder is passed over. */
  private static Optional<GroupName> name(String folder) {
    try {
      return Optional.of(GroupName.parse(folder));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<StatusReport> report(Snapshot snapshot, GroupName group) throws RepoException {
    RepoPath path = file(group, STATUS);
    return snapshot
        .read(path)
        .flatMap(text -> reports.parse(path, text))
        .filter(report -> report.group().equals(group));
  }

  /** The files of a group's inventory and of what is planned. */
  static SortedMap<RepoPath, String> inventories(Inventory inventory, Inventory planned) {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    files.put(INVENTORY, InventoryFile.write(inventory));
    files.put(PLANNED, InventoryFile.write(planned));
    return files;
  }

  private static RepoPath file(GroupName group, RepoPath path) {
    return path.equals(RepoPath.ROOT)
        ? RepoPath.parse(GROUPS + "/" + group)
        : RepoPath.parse(GROUPS + "/" + group + "/" + path);
  }
}
