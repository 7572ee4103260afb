// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.Health;
import dev.segue.agent.web.WebServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServingTest {
  private static final AgentConfig.ServedGit NO_GIT = new AgentConfig.ServedGit(false, null, null);

  private static final Health HEALTH =
      new Health() {
        @Override
        public Optional<String> fault() {
          return Optional.empty();
        }

        @Override
        public Optional<String> missing() {
          return Optional.of("Git has not answered yet");
        }
      };

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static int status(WebServer server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void healthHasAPortOfItsOwnWhereItIsToHaveOne() throws Exception {
    AgentConfig.Listen listen =
        new AgentConfig.Listen(anyPort(), new AgentConfig.Protection.Plain(), null);
    List<WebServer> servers = Serving.start(new AgentConfig.Web(listen, anyPort(), NO_GIT), HEALTH);
    try {
      assertThat(servers).hasSize(2);
      assertThat(servers).extracting(WebServer::port).doesNotHaveDuplicates();
      for (WebServer server : servers) {
        assertThat(status(server, "/healthz")).isEqualTo(200);
        assertThat(status(server, "/readyz")).isEqualTo(503);
        assertThat(status(server, "/git/source/info/refs")).isEqualTo(404);
      }
    } finally {
      servers.forEach(WebServer::close);
    }
  }

  @Test
  void repositoriesOfAnAgentThatDoesNotWorkAreToBeAskedForLater() throws Exception {
    AgentConfig.Listen listen =
        new AgentConfig.Listen(anyPort(), new AgentConfig.Protection.Plain(), null);
    AgentConfig.ServedGit git = new AgentConfig.ServedGit(true, null, null);
    List<WebServer> servers =
        Serving.startWithoutGit(new AgentConfig.Web(listen, null, git), HEALTH);
    try {
      WebServer server = servers.get(0);
      assertThat(status(server, "/git/source/info/refs?service=git-upload-pack")).isEqualTo(503);
      assertThat(status(server, "/healthz")).isEqualTo(200);
    } finally {
      servers.forEach(WebServer::close);
    }
  }

  @Test
  void nothingIsServedUnlessItIsAskedFor() throws Exception {
    assertThat(Serving.start(new AgentConfig.Web(null, null, NO_GIT), HEALTH)).isEmpty();
  }
}
