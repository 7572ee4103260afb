// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.segue.agent.git.RepositoryAddress.Auth;
import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.git.RepositoryAddress.Tag;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryAddressTest {
  private static final Auth SSH =
      new Auth(null, null, null, Path.of("/key"), Path.of("/known_hosts"), null);

  @ParameterizedTest
  @CsvSource({
    "https://git.example.com/a/b.git, https://git.example.com/a/b.git",
    "git@git.example.com:a/b.git, ssh://git@git.example.com/a/b.git",
    "ssh://git@git.example.com:2222/a/b.git, ssh://git@git.example.com:2222/a/b.git",
    "file:///srv/a.git, file:///srv/a.git",
    "/srv/a.git, /srv/a.git",
  })
  void isReachedByFluxTheSameWay(String url, String flux) {
    assertThat(new RepositoryAddress(url, new Branch("main"), "", SSH).fluxUrl()).isEqualTo(flux);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:hunter2@git.example.com/a",
        "https://hunter2@git.example.com/a",
        "ssh://git:hunter2@git.example.com/a",
        "https://user:hunt er2@[bad/a",
      })
  void takesNoSecretInTheUrlAndRepeatsNone(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepositoryAddress(url, new Branch("main"), "", SSH))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunt"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepositoryAddress("/srv/a", new Branch("main"), url, SSH))
        .satisfies(e -> assertThat(e.getMessage()).contains("`fluxUrl`").doesNotContain("hunt"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "git://host/a",
        "ftp://host/a",
        "relative/folder",
        "https:///a",
        "ext::sh -c x"
      })
  void refusesWhatIsNoUrlForIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepositoryAddress(url, new Branch("main"), "", SSH))
        .withMessageContaining("`url` must");
  }

  @Test
  void wantsKeyAndKnownHostsForSsh() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepositoryAddress("git@host:a", new Branch("main"), "", Auth.NONE))
        .withMessageContaining("`sshKeyFile`");
  }

  @Test
  void wantsAUserBesideThePassword() {
    Auth auth = new Auth(null, Path.of("/password"), null, null, null, null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepositoryAddress("https://h/a", new Branch("main"), "", auth))
        .withMessageContaining("`username`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a..b", "a b", "refs/heads/main", "a.lock", "/a", "a~1"})
  void refusesNamesThatGitDoesNotTake(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Branch(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tag(name));
  }
}
