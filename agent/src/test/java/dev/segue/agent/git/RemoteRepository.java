// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.renderer.model.CommitId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** A bare repository as a team has it on a server. */
final class RemoteRepository implements AutoCloseable {
  private static final PersonIdent TEAM =
      new PersonIdent(
          "Team", "team@example.com", Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  private final Path folder;
  private final Repository repository;
  private int commits;

  private RemoteRepository(Path folder, Repository repository) {
    this.folder = folder;
    this.repository = repository;
  }

  static RemoteRepository create(Path folder) {
    IsolatedSystemReader.install();
    try {
      Repository repository = new FileRepository(folder.toFile());
      repository.create(true);
      return new RemoteRepository(folder, repository);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Repository repository() {
    return repository;
  }

  String url() {
    return folder.toString();
  }

  /** Has the server remember each update of a branch from now on. */
  void logUpdates() throws IOException {
    configure("core", "logAllRefUpdates");
  }

  /** How often a branch was updated since {@link #logUpdates}. */
  int updates(String branch) throws IOException {
    return repository
        .getRefDatabase()
        .getReflogReader("refs/heads/" + branch)
        .getReverseEntries()
        .size();
  }

  /** Has the server refuse what Git's own check refuses. */
  void checkObjects() throws IOException {
    configure("receive", "fsckObjects");
  }

  private void configure(String section, String name) throws IOException {
    repository.getConfig().setBoolean(section, null, name, true);
    repository.getConfig().save();
  }

  /** Something in a tree. */
  record Item(FileMode mode, ObjectId id) {}

  Item file(String content) {
    return file(content.getBytes(StandardCharsets.UTF_8));
  }

  Item file(byte[] content) {
    return new Item(FileMode.REGULAR_FILE, insert(Constants.OBJ_BLOB, content));
  }

  Item executable(String content) {
    return new Item(FileMode.EXECUTABLE_FILE, file(content).id());
  }

  Item link(String target) {
    return new Item(FileMode.SYMLINK, file(target).id());
  }

  Item submodule() {
    return new Item(
        FileMode.GITLINK, ObjectId.fromString("1234567890123456789012345678901234567890"));
  }

  ObjectId insert(int type, byte[] content) {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(type, content);
      inserter.flush();
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits onto the branch, keeping what else it has. */
  CommitId commit(String branch, String path, String content) {
    return commit(branch, Map.of(path, file(content)));
  }

  CommitId commit(String branch, Map<String, Item> items) {
    Map<String, Item> all = new TreeMap<>();
    ObjectId parent = tip(branch);
    if (parent != null) {
      all.putAll(items(parent));
    }
    all.putAll(items);
    return commitTree(branch, tree(all), parent);
  }

  /** Makes the branch a history that starts anew. */
  CommitId forcePush(String branch, String path, String content) {
    return commitTree(branch, tree(Map.of(path, file(content))), null);
  }

  CommitId commitTree(String branch, ObjectId tree, @Nullable ObjectId parent) {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    if (parent != null) {
      commit.setParentId(parent);
    }
    commit.setAuthor(TEAM);
    commit.setCommitter(TEAM);
    commit.setMessage("commit " + ++commits + "\n");
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      set("refs/heads/" + branch, id);
      return CommitId.parse(id.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void tag(String name, CommitId commit) {
    set("refs/tags/" + name, ObjectId.fromString(commit.hex()));
  }

  void annotatedTag(String name, CommitId commit) {
    TagBuilder tag = new TagBuilder();
    tag.setTag(name);
    tag.setTagger(TEAM);
    tag.setMessage("version " + name);
    tag.setObjectId(ObjectId.fromString(commit.hex()), Constants.OBJ_COMMIT);
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(tag);
      inserter.flush();
      set("refs/tags/" + name, id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String branch) {
    try {
      RefUpdate update = repository.updateRef("refs/heads/" + branch);
      update.setForceUpdate(true);
      update.delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nullable ObjectId tip(String branch) {
    try {
      return repository.resolve("refs/heads/" + branch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RevCommit commit(String branch) {
    ObjectId tip = tip(branch);
    if (tip == null) {
      throw new AssertionError("no branch " + branch);
    }
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(tip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of a branch and their text. */
  Map<String, String> texts(String branch) {
    Map<String, String> texts = new TreeMap<>();
    items(commit(branch).getId())
        .forEach(
            (path, item) -> {
              try {
                boolean gitlink = item.mode() == FileMode.GITLINK;
                texts.put(
                    path,
                    gitlink
                        ? "submodule"
                        : new String(
                            repository.open(item.id()).getBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return texts;
  }

  ObjectId tree(Map<String, Item> items) {
    DirCache index = DirCache.newInCore();
    DirCacheBuilder builder = index.builder();
    items.forEach(
        (path, item) -> {
          DirCacheEntry entry = new DirCacheEntry(path);
          entry.setFileMode(item.mode());
          entry.setObjectId(item.id());
          builder.add(entry);
        });
    builder.finish();
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId tree = index.writeTree(inserter);
      inserter.flush();
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Item> items(ObjectId commit) {
    Map<String, Item> items = new TreeMap<>();
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk files = new TreeWalk(repository)) {
      files.addTree(walk.parseCommit(commit).getTree());
      files.setRecursive(true);
      while (files.next()) {
        items.put(files.getPathString(), new Item(files.getFileMode(0), files.getObjectId(0)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return items;
  }

  private void set(String ref, ObjectId id) {
    try {
      RefUpdate update = repository.updateRef(ref);
      update.setNewObjectId(id);
      update.setForceUpdate(true);
      update.update();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
