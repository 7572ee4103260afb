// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the machine's Git configuration out of JGit: neither the system's nor the user's files are
 * read or written, and Git's environment variables are not seen. What the agent does depends on its
 * own configuration only.
 */
final class IsolatedSystemReader extends SystemReader.Delegate {
  private IsolatedSystemReader(SystemReader delegate) {
    super(delegate);
  }

  /** Makes it so for the whole process; again is no harm. */
  static synchronized void install() {
    SystemReader current = SystemReader.getInstance();
    if (!(current instanceof IsolatedSystemReader)) {
      SystemReader.setInstance(new IsolatedSystemReader(current));
    }
  }

  @Override
  @Nullable
  public String getenv(String variable) {
    boolean git = variable.startsWith("GIT_") || variable.startsWith("XDG_");
    return git ? null : super.getenv(variable);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new NoFile(parent, fs);
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new NoFile(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new NoFile(parent, fs);
  }

  /** Behaves as an empty file that nobody changes. */
  private static final class NoFile extends FileBasedConfig {
    NoFile(@Nullable Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
