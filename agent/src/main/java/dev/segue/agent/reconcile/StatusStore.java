// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Change;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Site;
import dev.segue.renderer.status.SiteFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The groups' folders on the status branch: {@code groups/<group>/…}, and the page above them. */
final class StatusStore {
  /** What an attempt replaces as a whole. */
  private static final List<RepoPath> OF_ATTEMPT =
      Stream.concat(
              Stream.of("configmaps", "helmreleases", "manifests", "sources", "values")
                  .map(RepoPath::parse),
              Stream.of(StatusPaths.NEXT))
          .toList();

  /** More than are pushed together. */
  private static final int OWN_COMMITS = 256;

  private final StatusBranch branch;
  private final String cluster;
  private final Supplier<Optional<Site>> site;
  private final StatusReader reader = new StatusReader();
  private final Map<GroupName, String> asked = new HashMap<>();
  private Optional<CommitId> lookedAt = Optional.empty();
  private volatile Told told = new Told(null, Map.of());

  /** Whether we wrote upon a commit that is not ours since it was last asked what they ask. */
  private final AtomicBoolean othersWrote = new AtomicBoolean();

  /** Our own last commits: nobody asked anything in them. */
  private final Set<CommitId> ours = new LinkedHashSet<>();

  /**
   * Every group's report at a commit of the branch: our own last one mostly, so that a commit need
   * not read what all the others did.
   */
  private record Told(@Nullable CommitId commit, Map<GroupName, StatusReport> reports) {}

  /**
   * @param cluster its name
   * @param site asked at every commit; empty while it is not known, and what the branch says of it
   *     stays
   */
  StatusStore(StatusBranch branch, String cluster, Supplier<Optional<Site>> site) {
    this.branch = branch;
    this.cluster = cluster;
    this.site = site;
  }

  /**
   * Asks where the branch stands and returns the groups of which people asked something else since
   * this was last asked; sorted.
   */
  synchronized Set<GroupName> asked() throws RepoException {
    branch.refresh();
    Snapshot now = branch.read();
    boolean ours = now.commit().filter(this::isOurs).isPresent();
    if (!othersWrote.getAndSet(false) && (ours || now.commit().equals(lookedAt))) {
      return Set.of();
    }
    Set<GroupName> changed = new TreeSet<>();
    for (String folder : now.folders(StatusPaths.GROUPS)) {
      Optional<GroupName> group = StatusReader.name(folder);
      if (group.isPresent()) {
        String text = now.read(StatusPaths.of(group.get(), StatusPaths.REQUESTS)).orElse("");
        if (!text.equals(Objects.requireNonNullElse(asked.put(group.get(), text), ""))) {
          changed.add(group.get());
        }
      }
    }
    lookedAt = now.commit();
    return changed;
  }

  /**
   * What the branch says of a group.
   *
   * @param namespace where its objects are when nothing of it was released yet
   */
  Stored read(GroupName group, Namespace namespace) throws RepoException {
    return reader.read(branch.read(), group, namespace);
  }

  /** What the branch says of a group's last attempt; empty before the first. */
  Optional<StatusReport> report(GroupName group) throws RepoException {
    return reader.report(branch.read(), group);
  }

  /** The groups that were not removed, by name, as they were told last. */
  Map<GroupName, StatusReport> known() throws RepoException {
    return reader.known(branch.read());
  }

  /** Commits a group's report and these files of its folder; the others stay. */
  void update(StatusReport report, SortedMap<RepoPath, String> files, String subject)
      throws RepoException {
    commit(report, List.of(StatusPaths.NEXT), files, subject);
  }

  /** Commits a group's report and these files as all that is there of its attempt. */
  void replace(StatusReport report, SortedMap<RepoPath, String> files, String subject)
      throws RepoException {
    commit(report, OF_ATTEMPT, files, subject);
  }

  /**
   * Commits a group's report and a plan that does not begin yet.
   *
   * @param files of the plan; they are told apart from those of the last attempt
   */
  void postpone(StatusReport report, SortedMap<RepoPath, String> files, String subject)
      throws RepoException {
    SortedMap<RepoPath, String> next = new TreeMap<>();
    files.forEach((path, text) -> next.put(StatusPaths.next(path), text));
    commit(report, List.of(StatusPaths.NEXT), next, subject);
  }

  /**
   * Keeps charts, each in a folder that is called after its content, where they are not there yet.
   * Those of the group that nothing speaks of any more go; Git's history has them.
   *
   * @param charts files by folder, all below {@code charts/<group>}
   * @return a commit that has them all
   */
  CommitId keep(GroupName group, SortedMap<RepoPath, SortedMap<String, byte[]>> charts)
      throws RepoException {
    Snapshot before = branch.read();
    RepoPath folder = StatusPaths.charts(group);
    Set<RepoPath> there = new TreeSet<>();
    before.folders(folder).forEach(name -> there.add(RepoPath.parse(folder + "/" + name)));
    if (before.commit().isPresent() && there.containsAll(charts.keySet())) {
      return before.commit().get();
    }
    there.removeAll(charts.keySet());
    there.removeAll(spokenOf(before, group));
    SortedMap<RepoPath, byte[]> blobs = new TreeMap<>();
    charts.forEach(
        (path, files) ->
            files.forEach(
                (name, content) -> blobs.put(RepoPath.parse(path + "/" + name), content)));
    Edit edit =
        new Edit(
            List.copyOf(there),
            new TreeMap<>(),
            blobs,
            group + ": charts of its sub-charts",
            Map.of("Group", group.value()));
    Optional<CommitId> commit = branch.commit(new Telling(Optional.empty(), all -> edit));
    return commit.or(() -> before.commit()).orElseThrow();
  }

  /** The folders of charts that a group was released with or is about to be. */
  private Set<RepoPath> spokenOf(Snapshot snapshot, GroupName group) throws RepoException {
    Set<RepoPath> folders = new TreeSet<>();
    for (RepoPath file : List.of(StatusPaths.INVENTORY, StatusPaths.PLANNED)) {
      reader.inventory(snapshot, group, file).ifPresent(i -> addCharts(i, folders));
    }
    reader.good(snapshot, group).ifPresent(g -> addCharts(g.inventory(), folders));
    return folders;
  }

  private static void addCharts(Inventory inventory, Set<RepoPath> folders) {
    inventory.releases().values().stream()
        .map(DeployedRelease::pin)
        .filter(ChartPin.Derived.class::isInstance)
        .forEach(pin -> folders.add(((ChartPin.Derived) pin).path()));
  }

  private void commit(
      StatusReport report,
      List<RepoPath> replaced,
      SortedMap<RepoPath, String> files,
      String subject)
      throws RepoException {
    branch.commit(
        new Telling(Optional.of(report), all -> edit(all, report, replaced, files, subject)));
  }

  /** A commit of ours, with which every group's report is known. */
  private final class Telling implements Change {
    private final Optional<StatusReport> changed;
    private final Function<Map<GroupName, StatusReport>, Edit> edit;
    private Map<GroupName, StatusReport> reports = Map.of();

    Telling(Optional<StatusReport> changed, Function<Map<GroupName, StatusReport>, Edit> edit) {
      this.changed = changed;
      this.edit = edit;
    }

    @Override
    public Edit of(Snapshot newest) {
      reports = reports(newest, changed);
      return edit.apply(reports);
    }

    @Override
    public void made(CommitId commit) {
      told = new Told(commit, reports);
      synchronized (ours) {
        ours.add(commit);
        if (ours.size() > OWN_COMMITS) {
          ours.remove(ours.iterator().next());
        }
      }
    }
  }

  private boolean isOurs(CommitId commit) {
    synchronized (ours) {
      return ours.contains(commit);
    }
  }

  private Edit edit(
      Map<GroupName, StatusReport> all,
      StatusReport report,
      List<RepoPath> replaced,
      SortedMap<RepoPath, String> content,
      String subject) {
    List<RepoPath> folders =
        replaced.stream().map(folder -> StatusPaths.of(report.group(), folder)).toList();
    SortedMap<RepoPath, String> files = new TreeMap<>();
    content.forEach((path, text) -> files.put(StatusPaths.of(report.group(), path), text));
    files.put(StatusPaths.of(report.group(), StatusPaths.STATUS), StatusFile.write(report));
    files.put(StatusPaths.README, Pages.readme(cluster, List.copyOf(all.values())));
    site.get().ifPresent(known -> files.put(StatusPaths.SITE, SiteFile.write(known)));
    Map<String, String> trailers = new LinkedHashMap<>();
    trailers.put("Source-Commit", report.commit());
    trailers.put("Group", report.group().value());
    trailers.put("Phase", report.phase().text());
    if (!report.workflow().isEmpty()) {
      trailers.put("Workflow", report.workflow());
    }
    return new Edit(folders, files, report.group() + ": " + subject, trailers);
  }

  private Map<GroupName, StatusReport> reports(Snapshot newest, Optional<StatusReport> changed) {
    Told last = told;
    boolean known = last.commit() != null && newest.commit().equals(Optional.of(last.commit()));
    if (!known) {
      othersWrote.set(true);
    }
    Map<GroupName, StatusReport> all = new TreeMap<>(known ? last.reports() : readAll(newest));
    changed.ifPresent(report -> all.put(report.group(), report));
    return all;
  }

  private Map<GroupName, StatusReport> readAll(Snapshot snapshot) {
    try {
      return reader.readAll(snapshot);
    } catch (RepoException e) {
      throw new IllegalStateException(
          "what was just fetched must be readable: " + e.getMessage(), e);
    }
  }

  /** The files of a group's inventory and of what is planned. */
  static SortedMap<RepoPath, String> inventories(Inventory inventory, Inventory planned) {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    files.put(StatusPaths.INVENTORY, InventoryFile.write(inventory));
    files.put(StatusPaths.PLANNED, InventoryFile.write(planned));
    return files;
  }

  /** The file of where the group is now as a commit wants it. */
  static SortedMap<RepoPath, String> good(LastGood good) {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    files.put(StatusPaths.GOOD, InventoryFile.write(good));
    return files;
  }
}
