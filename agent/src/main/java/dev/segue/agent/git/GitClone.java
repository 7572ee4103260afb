// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's clone, to read: nothing is written to it and no server is asked. What is not committed
 * yet becomes a commit in a repository of our own beside it.
 */
public final class GitClone implements AutoCloseable {
  private static final GitAuthor AUTHOR = new GitAuthor("Segue", "segue@localhost");

  private final Repository clone;
  private final Repository scratch;
  private final GitObjects objects;

  private GitClone(Repository clone, Repository scratch) {
    this.clone = clone;
    this.scratch = scratch;
    this.objects = new Objects(scratch, String.valueOf(clone.getDirectory()));
  }

  /**
   * Opens the clone that {@code folder} is in; empty when it is in none.
   *
   * @param beside a new folder for what is ours
   */
  public static Optional<GitClone> find(Path folder, Path beside) throws RepoException {
    FileRepositoryBuilder builder =
        new FileRepositoryBuilder().findGitDir(folder.toAbsolutePath().normalize().toFile());
    if (builder.getGitDir() == null) {
      return Optional.empty();
    }
    Repository clone = null;
    try {
      clone = builder.setMustExist(true).build();
      return Optional.of(new GitClone(clone, scratch((FileRepository) clone, beside)));
    } catch (IOException e) {
      if (clone != null) {
        clone.close();
      }
      throw new RepoException(
          ProblemCode.GIT_FAILED,
          false,
          "cannot open the Git repository of \"" + folder + "\": " + GitFailures.oneLine(e),
          e);
    }
  }

  /** An empty repository that finds everything of the clone. */
  private static Repository scratch(FileRepository clone, Path folder) throws IOException {
    Repository scratch =
        new FileRepositoryBuilder()
            .setGitDir(folder.toFile())
            .setBare()
            .addAlternateObjectDirectory(clone.getObjectDatabase().getDirectory())
            .build();
    scratch.create(true);
    Path shallow = clone.getCommonDirectory().toPath().resolve(Constants.SHALLOW);
    if (Files.exists(shallow)) {
      Files.copy(shallow, folder.resolve(Constants.SHALLOW), StandardCopyOption.REPLACE_EXISTING);
    }
    return scratch;
  }

  /** Whether it has no work tree. A linked work tree of a bare repository is one. */
  public boolean isBare() {
    boolean linked = !clone.getDirectory().equals(clone.getCommonDirectory());
    boolean bare =
        clone
            .getConfig()
            .getBoolean(
                ConfigConstants.CONFIG_CORE_SECTION, ConfigConstants.CONFIG_KEY_BARE, false);
    return clone.isBare() || (bare && !linked);
  }

  /** Its work tree, or the repository itself when it has none. */
  public Path folder() {
    return (isBare() ? clone.getDirectory() : clone.getWorkTree()).toPath();
  }

  /** Returns the commit that Git calls so; empty when there is none here. */
  public Optional<CommitId> resolve(String revision) throws RepoException {
    try {
      ObjectId id = clone.resolve(revision + "^{commit}");
      return Optional.ofNullable(id).map(found -> CommitId.parse(found.name()));
    } catch (RevisionSyntaxException | MissingObjectException | IncorrectObjectTypeException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("look up \"" + revision + "\"", e);
    }
  }

  /**
   * Returns what would be committed on top of {@code parent}; equal files and parents are an equal
   * commit.
   *
   * @param parent null for a first commit
   * @param files all of them
   */
  public CommitId commit(@Nullable CommitId parent, Map<RepoPath, byte[]> files)
      throws RepoException {
    return FolderRepository.commit(
        scratch,
        parent == null ? null : ObjectId.fromString(parent.hex()),
        files,
        "Files of the work tree",
        AUTHOR,
        Instant.EPOCH);
  }

  /**
   * Returns the repository as it is when a branch is at {@code head}.
   *
   * @param url as Flux reaches it
   * @param branch that branch; "" for none
   */
  public SourceRepo at(CommitId head, String url, String branch) {
    return new Source(objects, head, url, branch);
  }

  /**
   * Returns the branches whose names begin so, each as the clone has it: its own where it has one,
   * otherwise as it was last fetched.
   */
  public SortedMap<String, Snapshot> branches(String prefix) throws RepoException {
    SortedMap<String, Snapshot> found = new TreeMap<>();
    try {
      for (Ref ref : clone.getRefDatabase().getRefsByPrefix(Constants.R_REMOTES)) {
        String inRemote = ref.getName().substring(Constants.R_REMOTES.length());
        String name = inRemote.substring(inRemote.indexOf('/') + 1);
        if (name.startsWith(prefix)) {
          found.put(name, snapshot(ref));
        }
      }
      for (Ref ref : clone.getRefDatabase().getRefsByPrefix(Constants.R_HEADS + prefix)) {
        found.put(ref.getName().substring(Constants.R_HEADS.length()), snapshot(ref));
      }
    } catch (IOException e) {
      throw failed("read the branches", e);
    }
    return found;
  }

  private Snapshot snapshot(Ref ref) throws RepoException {
    return objects.read(
        "read \"" + ref.getName() + "\"",
        scratch,
        reader -> {
          try (RevWalk walk = new RevWalk(reader)) {
            RevCommit commit = walk.parseCommit(ref.getObjectId());
            return new StatusSnapshot(
                objects, scratch, commit.copy(), commit.getTree().getId().copy());
          }
        });
  }

  private RepoException failed(String what, IOException e) {
    return new RepoException(
        ProblemCode.GIT_FAILED,
        false,
        "cannot " + what + " in \"" + clone.getDirectory() + "\": " + GitFailures.oneLine(e),
        e);
  }

  @Override
  public void close() {
    scratch.close();
    clone.close();
  }

  /** Nobody mends a clone but its owner. */
  private record Objects(Repository repository, String name) implements GitObjects {
    @Override
    public <T> T read(String what, Repository expected, Reading<T> reading) throws RepoException {
      try (ObjectReader reader = repository.newObjectReader()) {
        return reading.from(reader);
      } catch (IOException e) {
        throw new RepoException(
            ProblemCode.GIT_FAILED,
            false,
            "cannot " + what + " in \"" + name + "\": " + GitFailures.oneLine(e),
            e);
      } catch (IndexOutOfBoundsException e) {
        throw GitObjects.invalid(what, e);
      }
    }
  }

  private record Source(GitObjects objects, CommitId head, String url, String branch)
      implements SourceRepo {
    @Override
    public RepoTree poll() throws RepoException {
      return tree(head);
    }

    @Override
    public RepoTree tree(CommitId commit) throws RepoException {
      Repository repository = objects.repository();
      return objects.read(
          "read commit " + commit.shortHex(),
          repository,
          reader -> {
            try (RevWalk walk = new RevWalk(reader)) {
              RevCommit found = walk.parseCommit(ObjectId.fromString(commit.hex()));
              return new JGitRepoTree(objects, repository, commit, found.getTree().getId().copy());
            } catch (MissingObjectException e) {
              throw new RepoException(
                  ProblemCode.REPOSITORY_REF_NOT_FOUND,
                  false,
                  "commit " + commit.shortHex() + " must be in this clone; fetch it",
                  e);
            }
          });
    }

    @Override
    public boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
      return objects.descends(commit, ancestor);
    }

    @Override
    public void close() {
      // The clone is closed by who opened it.
    }
  }
}
