// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.TransportException;
import org.junit.jupiter.api.Test;

class GitFailuresTest {
  private final GitExchange exchange =
      new GitExchange("cannot fetch from \"https://h/a\"", GitLimits.defaults());

  @Test
  void namesAFullDisk() {
    RepoException failure =
        GitFailures.of(
            exchange,
            new TransportException(
                "pack", new FileSystemException("/cache/x", null, "No space left on device")));
    assertThat(failure)
        .hasMessage(
            "cannot fetch from \"https://h/a\": the disk of the cache folder is full; free some"
                + " space");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void namesAShallowServer() {
    RepoException failure =
        GitFailures.of(
            exchange,
            new PackProtocolException(
                "invalid advertisement of 'shallow 1234567890123456789012345678901234567890'"));
    assertThat(failure.code()).isEqualTo(ProblemCode.REPOSITORY_SHALLOW);
  }

  @Test
  void repeatsOthersOnOneLineWithoutUserInformation() {
    RepoException failure =
        GitFailures.of(
            exchange,
            new IOException("bad\n\tthing at https://user:hunter2@h/a " + "x".repeat(999)));
    assertThat(failure.getMessage())
        .startsWith("cannot fetch from \"https://h/a\": bad thing at https://h/a xxx")
        .doesNotContain("hunter2")
        .hasSizeLessThan(400);
    assertThat(failure.code()).isEqualTo(ProblemCode.GIT_FAILED);
  }
}
