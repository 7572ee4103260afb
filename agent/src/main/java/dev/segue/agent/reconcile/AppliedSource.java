// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The ApplicationGroups that others applied, as the repository that declares them: a group's commit
 * is its object's revision. An earlier one is known while {@link AppliedBranch} keeps it.
 */
final class AppliedSource implements SourceRepo {
  private static final int TREES = 8;

  private final GroupObjects objects;
  private final StatusBranch kept;
  private Map<GroupObject.Ref, AppliedObject> last = Map.of();
  private final Map<CommitId, AppliedTree> trees =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CommitId, AppliedTree> eldest) {
          return size() > TREES;
        }
      };

  /**
   * @param objects watched already when this is polled
   * @param kept where {@link AppliedBranch} keeps earlier specs
   */
  AppliedSource(GroupObjects objects, StatusBranch kept) {
    this.objects = objects;
    this.kept = kept;
  }

  /** As {@link SourceRepo#poll}, from what is watched. */
  @Override
  public synchronized AppliedTree poll() throws RepoException {
    List<GroupObject> now;
    try {
      now = objects.observe();
    } catch (ClusterException e) {
      throw new RepoException(e.code(), e.retryable(), e.getMessage(), e);
    }
    List<AppliedObject> applied =
        now.stream().filter(object -> !TwoOwners.isMirror(object)).map(this::applied).toList();
    last = applied.stream().collect(Collectors.toMap(o -> o.object().ref(), Function.identity()));
    AppliedTree tree = AppliedTree.of(applied);
    trees.put(tree.commit(), tree);
    return tree;
  }

  private AppliedObject applied(GroupObject object) {
    AppliedObject before = last.get(object.ref());
    return before == null ? AppliedObject.of(object) : before.with(object);
  }

  /** Returns the objects as they were at {@code commit}; empty when that is too long ago. */
  synchronized Optional<AppliedTree> at(CommitId commit) {
    return Optional.ofNullable(trees.get(commit));
  }

  /** Returns the objects of that group as they were polled last, those being deleted too. */
  synchronized List<AppliedObject> of(GroupName group) {
    return last.values().stream().filter(o -> o.object().name().equals(group.value())).toList();
  }

  /** Returns all objects as they were polled last. */
  synchronized List<AppliedObject> all() {
    return List.copyOf(last.values());
  }

  /** Returns what a group is declared as at that revision, with its path; empty when unknown. */
  synchronized Optional<AppliedObject> revision(CommitId revision) {
    return trees.values().stream()
        .flatMap(tree -> tree.objects().stream())
        .filter(object -> object.revision().equals(revision))
        .findFirst();
  }

  /** Whether what is known of the group is that a spec of it was released with success. */
  boolean wasReleased(GroupName group) throws RepoException {
    return kept.read().read(StatusPaths.of(group, StatusPaths.GOOD)).isPresent();
  }

  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    Optional<AppliedTree> recent = at(commit);
    if (recent.isPresent()) {
      return recent.get();
    }
    Optional<AppliedObject> object = revision(commit);
    if (object.isPresent()) {
      return alone(commit, object.get().path(), object.get().text());
    }
    return remembered(commit)
        .orElseThrow(
            () ->
                new RepoException(
                    ProblemCode.REPOSITORY_REF_NOT_FOUND,
                    false,
                    "revision " + commit.shortHex() + " is not kept any more",
                    null));
  }

  private Optional<AppliedTree> remembered(CommitId revision) throws RepoException {
    Snapshot snapshot = kept.read();
    for (String folder : snapshot.folders(StatusPaths.GROUPS)) {
      Optional<GroupName> group = StatusReader.name(folder);
      if (group.isPresent()) {
        Optional<String> text = snapshot.read(AppliedBranch.path(group.get(), revision));
        if (text.isPresent()) {
          return path(text.get()).map(path -> alone(revision, path, text.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<RepoPath> path(String text) {
    return YamlReader.read(text).documents().stream()
        .findFirst()
        .filter(YamlNode.Mapping.class::isInstance)
        .map(document -> new Manifest(((YamlNode.Mapping) document).data()))
        .map(AppliedObject::path);
  }

  private static AppliedTree alone(CommitId commit, RepoPath path, String text) {
    return new AppliedTree(commit, new TreeMap<>(Map.of(path, text)), List.of());
  }

  /** Whether both are known: objects have no history but what is kept of it. */
  @Override
  public boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
    return commit.equals(ancestor)
        || at(ancestor).isPresent()
        || revision(ancestor).isPresent()
        || remembered(ancestor).isPresent();
  }

  /** No repository: nothing of an object comes from Git. */
  @Override
  public String url() {
    return "";
  }

  @Override
  public String branch() {
    return "";
  }

  @Override
  public void close() {
    // what is watched is closed by who opened it
  }
}
