// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** What a user of JGit does with a URL. */
final class ClientGit {
  private ClientGit() {}

  static Git clone(String url, Path folder, @Nullable String token) throws GitAPIException {
    return with(
            Git.cloneRepository().setURI(url).setDirectory(folder.toFile()).setNoCheckout(true),
            token)
        .call();
  }

  /** The refs that a server tells, with their objects. */
  static Map<String, String> refs(String url) throws GitAPIException {
    Collection<Ref> refs = Git.lsRemoteRepository().setRemote(url).call();
    Map<String, String> told = new TreeMap<>();
    refs.forEach(ref -> told.put(ref.getName(), ref.getObjectId().name()));
    return told;
  }

  static void fetch(Git git, String commit) throws GitAPIException {
    git.fetch()
        .setRemote("origin")
        .setRefSpecs(new RefSpec(commit + ":refs/heads/fetched-" + commit))
        .call();
  }

  static String text(Git git, String commit, String path) throws IOException {
    try (RevWalk walk = new RevWalk(git.getRepository());
        TreeWalk file =
            TreeWalk.forPath(
                git.getRepository(),
                path,
                walk.parseCommit(ObjectId.fromString(commit)).getTree())) {
      return new String(
          git.getRepository().open(file.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
    }
  }

  static void push(Path from, String ref, Path to) {
    try (Git git = Git.open(from.toFile())) {
      git.push().setRemote(to.toString()).setRefSpecs(new RefSpec(ref + ":" + ref)).call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GitAPIException e) {
      throw new AssertionError(e);
    }
  }

  private static <C extends TransportCommand<C, ?>> C with(C command, @Nullable String token) {
    return token == null
        ? command
        : command.setCredentialsProvider(new UsernamePasswordCredentialsProvider("git", token));
  }
}
