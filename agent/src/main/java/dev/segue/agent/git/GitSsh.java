// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** SSH with one key and one known_hosts file; nothing of the user's own SSH is looked at. */
final class GitSsh {
  private GitSsh() {}

  /** Returns sessions for one exchange, to be closed after it. */
  static SshdSessionFactory sessions(
      GitExchange exchange, Path keyFile, Path knownHostsFile, File nowhere) {
    return new SshdSessionFactoryBuilder()
        .setPreferredAuthentications("publickey")
        .setHomeDirectory(nowhere)
        .setSshDirectory(new File(nowhere, "no-ssh-folder"))
        .setConfigFile(folder -> null)
        .setDefaultKnownHostsFiles(folder -> List.of())
        .setDefaultIdentities(folder -> List.of(keyFile))
        .setServerKeyDatabase((home, folder) -> new StrictKeys(exchange, knownHostsFile))
        .build(null);
  }

  /** Only keys of the file; JGit denies every other one when there is nobody to ask. */
  private static final class StrictKeys implements ServerKeyDatabase {
    private final GitExchange exchange;
    private final ServerKeyDatabase file;

    StrictKeys(GitExchange exchange, Path knownHostsFile) {
      this.exchange = exchange;
      this.file = new OpenSshServerKeyDatabase(false, List.of(knownHostsFile));
    }

    @Override
    public List<PublicKey> lookup(
        String connectAddress, InetSocketAddress remoteAddress, Configuration config) {
      return file.lookup(connectAddress, remoteAddress, config);
    }

    @Override
    public boolean accept(
        String connectAddress,
        InetSocketAddress remoteAddress,
        PublicKey serverKey,
        Configuration config,
        @Nullable CredentialsProvider provider) {
      boolean known = file.accept(connectAddress, remoteAddress, serverKey, config, null);
      if (!known) {
        exchange.refusedHostKey(connectAddress + " with " + KeyUtils.getFingerPrint(serverKey));
      }
      return known;
    }
  }
}
