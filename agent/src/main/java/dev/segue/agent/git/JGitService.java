// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.git.RepositoryAddress.Commit;
import dev.segue.agent.git.RepositoryAddress.Tag;
import dev.segue.agent.reconcile.GitService;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SymbolicRef;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.TransferConfig;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/**
 * What a mirror watches, for others to fetch: a branch, a tag or a commit, and every commit that it
 * reaches. A tag or a commit stands on the branch {@code source} too, because a client that clones
 * asks for branches.
 */
final class JGitService implements GitService {
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String BRANCH_OF_WHAT_IS_NONE = Constants.R_HEADS + "source";

  private final JGitMirror mirror;
  private final RepositoryAddress.Ref shown;

  JGitService(JGitMirror mirror, RepositoryAddress.Ref shown) {
    this.mirror = mirror;
    this.shown = shown;
  }

  @Override
  public boolean ready() throws IOException {
    return !refs(mirror.repository()).isEmpty();
  }

  @Override
  public void advertise(OutputStream out) throws IOException {
    try (UploadPack pack = pack(mirror.repository())) {
      pack.sendAdvertisedRefs(
          new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
    }
  }

  @Override
  public void upload(InputStream in, OutputStream out) throws IOException {
    try (UploadPack pack = pack(mirror.repository())) {
      pack.upload(in, out, null);
    }
  }

  /** Nothing of the mirror's own configuration counts; what is packed costs little of a core. */
  private UploadPack pack(Repository repository) throws IOException {
    UploadPack pack = new UploadPack(repository);
    pack.setTransferConfig(new TransferConfig(new Config()));
    pack.setBiDirectionalPipe(false);
    pack.setRequestPolicy(UploadPack.RequestPolicy.REACHABLE_COMMIT);
    pack.setAdvertisedRefs(refs(repository));
    pack.setTimeout((int) SILENCE.toSeconds());
    PackConfig packing = new PackConfig();
    packing.setThreads(1);
    packing.setDeltaCompress(false);
    pack.setPackConfig(packing);
    return pack;
  }

  /** Empty before the first fetch; {@code HEAD} tells a client what to check out. */
  private Map<String, Ref> refs(Repository repository) throws IOException {
    Map<String, Ref> refs = new TreeMap<>();
    if (shown instanceof Branch branch) {
      add(refs, repository.exactRef(Constants.R_HEADS + branch.name()));
    } else if (shown instanceof Tag tag) {
      Ref ref = repository.exactRef(Constants.R_TAGS + tag.name());
      if (ref != null) {
        Ref peeled = repository.getRefDatabase().peel(ref);
        ObjectId commit = peeled.getPeeledObjectId();
        add(refs, branch(commit == null ? peeled.getObjectId() : commit));
        refs.put(peeled.getName(), peeled);
      }
    } else {
      String hex = ((Commit) shown).id().hex();
      // JGit reads SHA-1 repositories only: no longer one can be here.
      ObjectId id = ObjectId.isId(hex) ? ObjectId.fromString(hex) : ObjectId.zeroId();
      if (repository.getObjectDatabase().has(id)) {
        add(refs, branch(id));
      }
    }
    return refs;
  }

  private static Ref branch(ObjectId commit) {
    return new ObjectIdRef.PeeledNonTag(Ref.Storage.LOOSE, BRANCH_OF_WHAT_IS_NONE, commit);
  }

  private static void add(Map<String, Ref> refs, @Nullable Ref branch) {
    if (branch != null) {
      refs.put(branch.getName(), branch);
      refs.put(Constants.HEAD, new SymbolicRef(Constants.HEAD, branch));
    }
  }
}
