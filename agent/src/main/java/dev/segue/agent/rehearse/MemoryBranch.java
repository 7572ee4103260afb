// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A status branch that goes on in memory where a real one stands. Nothing of it reaches that one.
 * Equal edits make equal commits.
 */
final class MemoryBranch implements StatusBranch {
  private static final int COMMIT_DIGITS = 40;

  private final RehearsedSource source;
  private Tip tip;

  /**
   * @param begin how the real one stands
   * @param source told of each commit, since charts are read from it
   */
  MemoryBranch(Snapshot begin, RehearsedSource source) {
    this.source = source;
    this.tip = new Tip(begin, begin.commit(), List.of(), new TreeMap<>(), new TreeMap<>());
  }

  @Override
  public void refresh() {
    // nobody else writes it
  }

  @Override
  public synchronized Snapshot read() {
    return tip;
  }

  @Override
  public synchronized Optional<CommitId> commit(Change change) throws RepoException {
    Edit edit = change.of(tip);
    if (!tip.isChangedBy(edit)) {
      return Optional.empty();
    }
    CommitId commit = id(tip.commit(), edit);
    tip = tip.with(edit, commit);
    source.keep(new MemoryTree(commit, tip.blobs(), tip.begin().commit(), source));
    change.made(commit);
    return Optional.of(commit);
  }

  private static CommitId id(Optional<CommitId> parent, Edit edit) {
    StringBuilder text = new StringBuilder(parent.map(CommitId::hex).orElse(""));
    text.append('\n').append(edit.subject()).append('\n').append(edit.replaced());
    edit.files().forEach((path, file) -> text.append('\n').append(path).append('\n').append(file));
    edit.blobs()
        .forEach(
            (path, blob) -> text.append('\n').append(path).append(' ').append(Digest.of(blob)));
    return CommitId.parse(Digest.of(text.toString()).hex().substring(0, COMMIT_DIGITS));
  }

  /** None but the newest commit is found: what came before is the real branch's to tell. */
  @Override
  public Optional<Snapshot> find(Predicate<Written> which) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // there is nothing to let go of
  }

  /**
   * The files now.
   *
   * @param replaced the folders of the real branch of which nothing is there any more
   */
  private record Tip(
      Snapshot begin,
      Optional<CommitId> commit,
      List<RepoPath> replaced,
      SortedMap<RepoPath, String> files,
      SortedMap<RepoPath, byte[]> blobs)
      implements Snapshot {
    @Override
    public Optional<String> read(RepoPath file) throws RepoException {
      String text = files.get(file);
      if (text != null) {
        return Optional.of(text);
      }
      byte[] blob = blobs.get(file);
      if (blob != null) {
        return Optional.of(new String(blob, StandardCharsets.UTF_8));
      }
      return isBelowOne(file, replaced) ? Optional.empty() : begin.read(file);
    }

    @Override
    public List<String> folders(RepoPath folder) throws RepoException {
      TreeSet<String> names = new TreeSet<>();
      for (String name : begin.folders(folder)) {
        if (!isBelowOne(folder.resolve(name), replaced)) {
          names.add(name);
        }
      }
      String prefix = folder.value().isEmpty() ? "" : folder.value() + "/";
      for (Map<RepoPath, ?> some : List.<Map<RepoPath, ?>>of(files, blobs)) {
        for (RepoPath path : some.keySet()) {
          int end = path.value().indexOf('/', prefix.length());
          if (path.value().startsWith(prefix) && end > 0) {
            names.add(path.value().substring(prefix.length(), end));
          }
        }
      }
      return List.copyOf(names);
    }

    boolean isChangedBy(Edit edit) throws RepoException {
      for (Map.Entry<RepoPath, String> file : edit.files().entrySet()) {
        if (!read(file.getKey()).equals(Optional.of(file.getValue()))) {
          return true;
        }
      }
      return !edit.blobs().isEmpty() || !edit.replaced().isEmpty();
    }

    Tip with(Edit edit, CommitId id) {
      SortedMap<RepoPath, String> newFiles = new TreeMap<>(files);
      SortedMap<RepoPath, byte[]> newBlobs = new TreeMap<>(blobs);
      newFiles.keySet().removeIf(path -> isBelowOne(path, edit.replaced()));
      newBlobs.keySet().removeIf(path -> isBelowOne(path, edit.replaced()));
      newFiles.putAll(edit.files());
      newBlobs.putAll(edit.blobs());
      TreeSet<RepoPath> gone = new TreeSet<>(replaced);
      gone.addAll(edit.replaced());
      return new Tip(begin, Optional.of(id), List.copyOf(gone), newFiles, newBlobs);
    }
  }

  private static boolean isBelowOne(RepoPath path, List<RepoPath> folders) {
    return folders.stream().anyMatch(folder -> isIn(path, folder));
  }

  private static boolean isIn(RepoPath path, RepoPath folder) {
    return folder.value().isEmpty()
        || path.equals(folder)
        || path.value().startsWith(folder.value() + "/");
  }

  /**
   * The charts of a commit, each of which was kept as a whole at one time.
   *
   * @param blobs what was kept since the beginning
   * @param begin the real branch's commit then; empty when there was none
   */
  private record MemoryTree(
      CommitId commit,
      SortedMap<RepoPath, byte[]> blobs,
      Optional<CommitId> begin,
      RehearsedSource source)
      implements RepoTree {
    @Override
    public List<Entry> list(RepoPath folder) throws RepoException {
      List<Entry> entries = new ArrayList<>();
      blobs.forEach(
          (path, blob) -> {
            if (isIn(path, folder)) {
              entries.add(new Entry(path, blob.length, false));
            }
          });
      return entries.isEmpty() && begin.isPresent() ? before().list(folder) : entries;
    }

    /** Nobody declares anything here. */
    @Override
    public List<Entry> find(List<String> globs) {
      return List.of();
    }

    @Override
    public Optional<String> objectId(RepoPath path) throws RepoException {
      StringBuilder text = new StringBuilder();
      blobs.forEach(
          (file, blob) -> {
            if (isIn(file, path)) {
              text.append(file).append(' ').append(Digest.of(blob)).append('\n');
            }
          });
      if (!text.isEmpty()) {
        return Optional.of(Digest.of(text.toString()).hex().substring(0, COMMIT_DIGITS));
      }
      return begin.isPresent() ? before().objectId(path) : Optional.empty();
    }

    @Override
    public byte[] read(RepoPath file, long maxBytes) throws RepoException {
      byte[] blob = blobs.get(file);
      if (blob != null) {
        return blob.clone();
      }
      return begin.isPresent() ? before().read(file, maxBytes) : new byte[0];
    }

    private RepoTree before() throws RepoException {
      return source.tree(begin.orElseThrow());
    }
  }
}
