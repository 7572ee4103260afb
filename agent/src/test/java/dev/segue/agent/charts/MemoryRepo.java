// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A repository of one commit whose files a test writes; it counts what is read. */
final class MemoryRepo implements SourceRepo, RepoTree {
  static final CommitId COMMIT = CommitId.parse("1".repeat(40));

  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger lists = new AtomicInteger();
  final AtomicInteger lookups = new AtomicInteger();
  private final SortedMap<RepoPath, byte[]> files = new TreeMap<>();

  MemoryRepo write(String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  MemoryRepo write(String path, byte[] content) {
    files.put(RepoPath.parse(path), content);
    return this;
  }

  /** A chart with one ConfigMap. */
  MemoryRepo chart(String folder, String name, String version) {
    return write(
            folder + "/Chart.yaml",
            "apiVersion: v2\nname: %s\nversion: %s\n".formatted(name, version))
        .write(folder + "/values.yaml", "color: blue\n")
        .write(folder + "/templates/configmap.yaml", configMap(name));
  }

  static String configMap(String name) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-%s
          namespace: {{ .Release.Namespace }}
        data:
          color: {{ .Values.color | quote }}
        """
        .formatted(name);
  }

  @Override
  public CommitId commit() {
    return COMMIT;
  }

  @Override
  public List<Entry> list(RepoPath folder) {
    lists.incrementAndGet();
    return files.entrySet().stream()
        .filter(file -> file.getKey().isWithin(folder))
        .map(file -> new Entry(file.getKey(), file.getValue().length, false))
        .toList();
  }

  @Override
  public List<Entry> find(List<String> globs) {
    throw new UnsupportedOperationException("no chart is found by a glob");
  }

  @Override
  public Optional<String> objectId(RepoPath path) {
    lookups.incrementAndGet();
    StringBuilder all = new StringBuilder();
    for (Map.Entry<RepoPath, byte[]> file : files.entrySet()) {
      if (file.getKey().isWithin(path)) {
        all.append(file.getKey()).append(Digest.of(file.getValue()));
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(Digest.of(all.toString()).hex());
  }

  @Override
  public byte[] read(RepoPath file, long maxBytes) {
    reads.incrementAndGet();
    return java.util.Objects.requireNonNull(files.get(file));
  }

  @Override
  public RepoTree poll() {
    return this;
  }

  @Override
  public RepoTree tree(CommitId commit) {
    return this;
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) {
    return commit.equals(ancestor);
  }

  @Override
  public String url() {
    return "file:///memory";
  }

  @Override
  public String branch() {
    return "main";
  }

  @Override
  public void close() {}
}
