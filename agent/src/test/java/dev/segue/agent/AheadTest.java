// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AheadTest {
  @Test
  void theGroupIsValidSoThatAllThatReadsOneIsLoaded() {
    Reading reading =
        GroupReader.read(List.of(new SourceFile(RepoPath.parse("ahead.yaml"), Ahead.GROUP)));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.valid()).hasSize(1);
  }
}
