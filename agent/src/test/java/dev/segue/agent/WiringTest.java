// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.PortException;
import dev.segue.renderer.render.RenderSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiringTest {
  private static final String URL = "https://git.example.com/products.git";

  @TempDir private Path temp;

  private RenderSettings settings(Map<String, String> options) throws PortException {
    Map<String, String> all = new TreeMap<>(options);
    all.put("source.url", URL);
    all.put("cluster.name", "lab");
    AgentConfig config =
        AgentConfig.read(null, Map.of("HOME", temp.toString()), all, temp).config().orElseThrow();
    RepositoryAddress address =
        new RepositoryAddress(
            URL,
            new RepositoryAddress.Branch("main"),
            config.source().fluxUrl(),
            RepositoryAddress.Auth.NONE);
    try (JGitSourceRepo source = JGitSourceRepo.open(address, temp, GitLimits.defaults())) {
      return Wiring.renderSettings(config, source);
    }
  }

  @Test
  void fluxReadsTheStatusBranchWhereItReadsTheSource() throws Exception {
    RenderSettings settings =
        settings(
            Map.of(
                "source.fluxUrl", "http://git.internal/products.git",
                "source.fluxSecretRef", "products-git"));
    assertThat(settings.sourceUrl()).isEqualTo("http://git.internal/products.git");
    assertThat(settings.statusUrl()).isEqualTo("http://git.internal/products.git");
    assertThat(settings.statusBranch()).isEqualTo("segue/lab");
    assertThat(settings.statusSecretRef()).isEqualTo("products-git");
  }

  @Test
  void theSourcesSecretIsNotForAnotherRepository() throws Exception {
    RenderSettings settings =
        settings(
            Map.of(
                "source.fluxSecretRef", "products-git",
                "status.url", "https://other.example.com/status.git",
                "status.branch", "site-a"));
    assertThat(settings.sourceSecretRef()).isEqualTo("products-git");
    assertThat(settings.statusUrl()).isEqualTo("https://other.example.com/status.git");
    assertThat(settings.statusBranch()).isEqualTo("site-a");
    assertThat(settings.statusSecretRef()).isNull();
  }

  @Test
  void fluxReadsBothFromTheAgentWhereItHasAUrl() throws Exception {
    RenderSettings settings =
        settings(
            Map.of(
                "source.fluxSecretRef", "products-git",
                "web.listen", "0.0.0.0:8080",
                "web.plainHttp", "true",
                "web.git.enabled", "true",
                "web.git.url", "http://segue.segue.svc:8080/"));
    assertThat(settings.sourceUrl()).isEqualTo("http://segue.segue.svc:8080/git/source");
    assertThat(settings.sourceBranch()).isEqualTo("main");
    assertThat(settings.sourceSecretRef()).as("the Git server's is not sent to the agent").isNull();
    assertThat(settings.statusUrl()).isEqualTo("http://segue.segue.svc:8080/git/status");
    assertThat(settings.statusSecretRef()).isNull();
  }
}
