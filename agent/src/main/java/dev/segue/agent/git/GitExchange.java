// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import java.io.InterruptedIOException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ProgressMonitor;

/**
 * One operation against the server: its deadline, and what was noticed on the way that JGit's
 * exceptions do not tell.
 */
final class GitExchange {
  private final String operation;
  private final long end;
  private volatile int httpStatus;
  private volatile String refusedHostKey = "";

  /**
   * @param operation what failed when it fails, such as {@code cannot fetch from "https://…"}
   */
  GitExchange(String operation, GitLimits limits) {
    this.operation = operation;
    this.end = System.nanoTime() + limits.operation().toNanos();
  }

  String operation() {
    return operation;
  }

  boolean overdue() {
    return System.nanoTime() - end > 0;
  }

  void checkDeadline() throws InterruptedIOException {
    if (overdue()) {
      throw new InterruptedIOException("the operation took too long");
    }
  }

  /** Lets JGit stop where it looks at its monitor. */
  ProgressMonitor monitor() {
    return new EmptyProgressMonitor() {
      @Override
      public boolean isCancelled() {
        return overdue();
      }
    };
  }

  void answered(int status) {
    httpStatus = status;
  }

  /** The last HTTP status; 0 when there was none. */
  int httpStatus() {
    return httpStatus;
  }

  void refusedHostKey(String description) {
    refusedHostKey = description;
  }

  /** The host and the fingerprint of the key that is not known; "" when none was refused. */
  String refusedHostKey() {
    return refusedHostKey;
  }
}
