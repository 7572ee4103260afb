// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ApplicationGroups that were applied, at one moment, as a commit of their files.
 *
 * @param files text by path; what is being deleted has none
 * @param objects all of them, also those being deleted; empty for an earlier moment
 */
record AppliedTree(CommitId commit, SortedMap<RepoPath, String> files, List<AppliedObject> objects)
    implements RepoTree {
  /** Every file. */
  static final List<String> ALL = List.of("**");

  AppliedTree {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    objects = List.copyOf(objects);
  }

  static AppliedTree of(List<AppliedObject> objects) {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    StringBuilder content = new StringBuilder();
    for (AppliedObject object : objects) {
      content.append(object.path()).append(' ').append(object.revision());
      if (object.object().deleting()) {
        content.append(" deleted");
      } else {
        files.put(object.path(), object.text());
      }
      content.append('\n');
    }
    return new AppliedTree(AppliedObject.commit(content.toString()), files, objects);
  }

  /** The objects of that group, those being deleted too. */
  List<AppliedObject> of(GroupName group) {
    return objects.stream().filter(o -> o.object().name().equals(group.value())).toList();
  }

  /** The revision of what stands at that path. */
  Optional<CommitId> revision(RepoPath path) {
    return objects.stream()
        .filter(object -> object.path().equals(path) && files.containsKey(path))
        .map(AppliedObject::revision)
        .findFirst();
  }

  @Override
  public List<Entry> list(RepoPath folder) {
    return files.keySet().stream().filter(path -> path.isWithin(folder)).map(this::entry).toList();
  }

  /** As {@link RepoTree#find}, of {@link #ALL} and of paths as they are. */
  @Override
  public List<Entry> find(List<String> globs) {
    return files.keySet().stream()
        .filter(path -> globs.equals(ALL) || globs.contains(path.value()))
        .map(this::entry)
        .toList();
  }

  private Entry entry(RepoPath path) {
    return new Entry(path, bytes(path).map(bytes -> bytes.length).orElse(0), false);
  }

  private Optional<byte[]> bytes(RepoPath path) {
    return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> objectId(RepoPath path) {
    return Optional.ofNullable(files.get(path)).map(text -> AppliedObject.commit(text).hex());
  }

  @Override
  public byte[] read(RepoPath file, long maxBytes) throws RepoException {
    byte[] bytes =
        bytes(file)
            .orElseThrow(
                () ->
                    new RepoException(
                        ProblemCode.REPOSITORY_FILE_NOT_FOUND,
                        false,
                        "\"" + file + "\" must be there",
                        null));
    if (bytes.length > maxBytes) {
      throw new RepoException(
          ProblemCode.REPOSITORY_FILE_TOO_LARGE,
          false,
          "\"" + file + "\" must have at most " + maxBytes + " bytes",
          null);
    }
    return bytes;
  }
}
