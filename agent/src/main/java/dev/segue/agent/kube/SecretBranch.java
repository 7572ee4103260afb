// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of groups where no Git is: a Secret for each, since what people applied may
 * hold what nobody else should read. Only what goes on from it is kept, neither pages nor
 * manifests. Whoever changed a Secret meanwhile was first, and the change is made anew.
 */
final class SecretBranch implements StatusBranch {
  private static final String PREFIX = "segue-memory-";
  private static final Map<String, String> LABELS = Map.of("segue.dev/memory", "true");
  private static final int TRIES = 5;

  private final ApiServer server;
  private final Selection selection;
  private final String namespace;
  private NavigableMap<GroupName, Kept> groups = new TreeMap<>();
  private boolean read;

  /** A group's files, and the Secret that they were read from. */
  private record Kept(String version, SortedMap<RepoPath, String> files) {}

  SecretBranch(ApiServer server, Namespace namespace) {
    this.server = server;
    this.namespace = namespace.value();
    this.selection = Selection.ofSegue(Resource.SECRET, this.namespace, LABELS);
  }

  /** Reads the Secrets that others wrote since; those of our own writes are known. */
  @Override
  public synchronized void refresh() throws RepoException {
    try {
      Target everything = new Target("list", "Secrets", namespace, null);
      NavigableMap<GroupName, Kept> now = new TreeMap<>();
      for (Manifest secret : Lists.metadata(server, everything, selection)) {
        Optional<GroupName> group = group(secret.name());
        if (group.isPresent()) {
          Kept before = groups.get(group.get());
          String version = version(secret);
          Kept kept =
              before != null && before.version().equals(version) ? before : fetch(group.get());
          if (kept != null) {
            now.put(group.get(), kept);
          }
        }
      }
      groups = now;
      read = true;
    } catch (ClusterException e) {
      throw new RepoException(e.code(), e.retryable(), e.getMessage(), e);
    }
  }

  @Override
  public synchronized Snapshot read() throws RepoException {
    if (!read) {
      refresh();
    }
    return new Files(new TreeMap<>(groups));
  }

  @Override
  public synchronized Optional<CommitId> commit(Change change) throws RepoException {
    for (int tries = 1; ; tries++) {
      Snapshot before = read();
      Edit edit = change.of(before);
      GroupName group = GroupName.parse(edit.trailers().getOrDefault("Group", ""));
      Kept last = groups.get(group);
      SortedMap<RepoPath, String> files =
          MemoryFiles.edited(group, last == null ? new TreeMap<>() : last.files(), edit);
      if (last != null && last.files().equals(files)) {
        return Optional.empty();
      }
      try {
        Optional<String> version = write(group, last == null ? "" : last.version(), files);
        if (version.isPresent()) {
          groups.put(group, new Kept(version.get(), files));
          Optional<CommitId> commit = read().commit();
          commit.ifPresent(change::made);
          return commit;
        }
        if (tries == TRIES) {
          throw new RepoException(
              ProblemCode.CLUSTER_CONFLICT,
              true,
              target("write", group).cannot() + ": somebody else changes it all the time",
              null);
        }
        refresh();
      } catch (ClusterException e) {
        throw new RepoException(e.code(), e.retryable(), e.getMessage(), e);
      }
    }
  }

  /** Nothing earlier is kept. */
  @Override
  public Optional<Snapshot> find(Predicate<Written> which) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // the connection is closed by who opened it
  }

  /** Null where it is gone by now. */
  private @Nullable Kept fetch(GroupName group) throws ClusterException, RepoException {
    Target target = target("read", group);
    Answer answer = server.ask(Request.get(target, selection.path() + "/" + PREFIX + group));
    if (answer.code() == 404 && answer.reason().equals("NotFound")) {
      return null;
    }
    if (!answer.successful() || answer.fields() == null) {
      throw Failures.answered(target, Resource.SECRET, answer);
    }
    Manifest secret = new Manifest(answer.fields());
    return new Kept(version(secret), MemoryFiles.unpack(secret.text("data", "files").orElse("")));
  }

  /** Returns the Secret's version; empty when somebody else wrote it since {@code version}. */
  private Optional<String> write(GroupName group, String version, SortedMap<RepoPath, String> files)
      throws ClusterException, RepoException {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", PREFIX + group);
    metadata.put("namespace", namespace);
    metadata.put("labels", selection.labels());
    if (!version.isEmpty()) {
      metadata.put("resourceVersion", version);
    }
    Map<String, @Nullable Object> secret = new LinkedHashMap<>();
    secret.put("apiVersion", Resource.SECRET.apiVersion());
    secret.put("kind", Resource.SECRET.kind());
    secret.put("metadata", metadata);
    secret.put("data", Map.of("files", MemoryFiles.pack(files)));
    Target target = target("write", group);
    String query = "?fieldManager=" + Labels.SEGUE;
    String body = server.asJson(secret);
    Answer answer =
        server.ask(
            version.isEmpty()
                ? Request.create(target, selection.path() + query, body)
                : Request.merge(target, selection.path() + "/" + PREFIX + group + query, body));
    boolean other = answer.code() == 409 || (answer.code() == 404 && !version.isEmpty());
    if (!other && (!answer.successful() || answer.fields() == null)) {
      throw Failures.answered(target, Resource.SECRET, answer);
    }
    return other || answer.fields() == null
        ? Optional.empty()
        : Optional.of(version(new Manifest(answer.fields())));
  }

  private static String version(Manifest secret) {
    return secret.text("metadata", "resourceVersion").orElse("");
  }

  private Target target(String operation, GroupName group) {
    return new Target(operation, Resource.SECRET.kind(), namespace, PREFIX + group);
  }

  private static Optional<GroupName> group(String name) {
    try {
      return name.startsWith(PREFIX)
          ? Optional.of(GroupName.parse(name.substring(PREFIX.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else's
    }
  }

  /** All of it at one moment. */
  private record Files(NavigableMap<GroupName, Kept> groups) implements Snapshot {
    /** By the versions of what was read: other content, another id. */
    @Override
    public Optional<CommitId> commit() {
      StringBuilder versions = new StringBuilder();
      groups.forEach(
          (group, kept) -> versions.append(group).append(' ').append(kept.version()).append('\n'));
      return groups.isEmpty() ? Optional.empty() : Optional.of(MemoryFiles.id(versions.toString()));
    }

    @Override
    public Optional<String> read(RepoPath file) {
      return MemoryFiles.groupOf(file)
          .map(groups::get)
          .flatMap(kept -> Optional.ofNullable(kept.files().get(file)));
    }

    @Override
    public List<String> folders(RepoPath folder) {
      return MemoryFiles.isGroups(folder)
          ? groups.keySet().stream().map(GroupName::value).toList()
          : List.of();
    }
  }
}
