// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.eclipse.jgit.api.errors.InvalidRefNameException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A bare repository of our own making: the demo's, or files that are not committed yet as the
 * commit that they would be.
 */
public final class FolderRepository implements AutoCloseable {
  private final Repository repository;
  private final String ref;
  private final GitAuthor author;

  private FolderRepository(Repository repository, String ref, GitAuthor author) {
    this.repository = repository;
    this.ref = ref;
    this.author = author;
  }

  /** Makes an empty repository in {@code folder}, which must not hold one. */
  public static FolderRepository create(Path folder, String branch, GitAuthor author)
      throws RepoException {
    try {
      Repository repository =
          new FileRepositoryBuilder()
              .setGitDir(folder.toFile())
              .setBare()
              .setInitialBranch(branch)
              .build();
      repository.create(true);
      return new FolderRepository(repository, Constants.R_HEADS + branch, author);
    } catch (IOException | InvalidRefNameException e) {
      throw failed("make a repository in \"" + folder + "\"", e);
    }
  }

  /**
   * Commits exactly these files on top of the branch. Equal files, message, time and history give
   * an equal id.
   */
  public CommitId commit(Map<RepoPath, byte[]> files, String message, Instant time)
      throws RepoException {
    try {
      ObjectId parent = repository.resolve(ref);
      CommitId commit = commit(repository, parent, files, message, author, time);
      RefUpdate update = repository.updateRef(ref);
      update.setNewObjectId(ObjectId.fromString(commit.hex()));
      update.setExpectedOldObjectId(parent == null ? ObjectId.zeroId() : parent);
      RefUpdate.Result result = update.update();
      if (result != RefUpdate.Result.NEW && result != RefUpdate.Result.FAST_FORWARD) {
        throw new IOException("the branch could not be moved: " + result);
      }
      return commit;
    } catch (IOException e) {
      throw failed("commit to \"" + repository.getDirectory() + "\"", e);
    }
  }

  /** Makes a commit of exactly these files, which no branch knows of yet. */
  static CommitId commit(
      Repository repository,
      @Nullable ObjectId parent,
      Map<RepoPath, byte[]> files,
      String message,
      GitAuthor author,
      Instant time)
      throws RepoException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCache cache = DirCache.newInCore();
      DirCacheBuilder builder = cache.builder();
      for (Map.Entry<RepoPath, byte[]> file : files.entrySet()) {
        DirCacheEntry entry = new DirCacheEntry(file.getKey().value());
        entry.setFileMode(FileMode.REGULAR_FILE);
        entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, file.getValue()));
        builder.add(entry);
      }
      builder.finish();
      PersonIdent person = new PersonIdent(author.name(), author.email(), time, ZoneOffset.UTC);
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(cache.writeTree(inserter));
      commit.setAuthor(person);
      commit.setCommitter(person);
      commit.setMessage(message + "\n");
      if (parent != null) {
        commit.setParentId(parent);
      }
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return CommitId.parse(id.name());
    } catch (IOException e) {
      throw failed("commit to \"" + repository.getDirectory() + "\"", e);
    }
  }

  private static RepoException failed(String operation, Exception e) {
    return new RepoException(
        ProblemCode.GIT_FAILED, false, "cannot " + operation + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    repository.close();
  }
}
