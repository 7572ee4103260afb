// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.segue.agent.testing.StubApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue init} on charts of the example, and on what an API server answers. */
class InitCommandTest {
  private static final Path CLUSTER = Path.of("src/test/resources/init");

  @TempDir Path folder;

  private CommandLineRun init(String... arguments) {
    return CommandLineRun.here(
        Map.of("HOME", folder.toString()),
        Stream.concat(Stream.of("init"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void writesAFirstFileForTheChartsInAFolder() throws IOException {
    CommandLineRun run =
        init("--name=example", "--repository=../example-repo", "../example-repo/charts");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    GoldenText.check("init/example-repo.yaml", run.out());
    Path written = Files.writeString(folder.resolve("example.yaml"), run.out());
    assertThat(
            CommandLineRun.here(
                    Map.of("HOME", folder.toString()),
                    "validate",
                    "--no-charts",
                    written.toString())
                .code())
        .isZero();
  }

  @Test
  void takesTheGitWorkTreeForTheRepositoryAndNamesTheGroupAsItsFolder() throws IOException {
    Path shop = Files.createDirectories(folder.resolve("shop"));
    Files.createDirectories(shop.resolve(".git"));
    Path web = Files.createDirectories(shop.resolve("deploy/charts/web"));
    Files.writeString(web.resolve("Chart.yaml"), "{apiVersion: v2, name: web, version: 1.0.0}");

    CommandLineRun run = init(shop.resolve("deploy/charts").toString());

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("  name: deploy\n", "path: deploy/charts/web\n");
  }

  @Test
  void needsEitherAFolderOrACluster() {
    for (CommandLineRun run : List.of(init(), init("--from-cluster", folder.toString()))) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err())
          .isEqualTo(
              "SG1501: either FOLDER or `--from-cluster` must be given. See `segue init --help`\n");
    }
    assertThat(init(folder.toString()).err()).contains("SG1417: there is no chart");
  }

  @Test
  void writesAFirstFileForTheHelmReleasesOfAClusterWithoutASecret() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          asked.add(request);
          String name = request.replaceAll(".*/namespaces/", "").replace('/', '.');
          Path file = CLUSTER.resolve(name + ".json");
          byte[] body =
              Files.exists(file)
                  ? Files.readAllBytes(file)
                  : "{\"kind\": \"Status\", \"code\": 404}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      Path kubeconfig = StubApiServer.kubeconfig(folder, server.getAddress().getPort());
      CommandLineRun run =
          init("--from-cluster", "--kubeconfig", kubeconfig.toString(), "--namespace=shop");

      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      GoldenText.check("init/from-cluster.yaml", run.out());
      assertThat(run.out()).doesNotContain("hunter2");
      assertThat(asked)
          .allMatch(request -> request.startsWith("GET ") && !request.contains("/secrets"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysWhyAClusterCannotBeRead() throws IOException {
    try (StubApiServer server = StubApiServer.start()) {
      server.fail("helmreleases", 401);
      CommandLineRun run =
          init("--from-cluster", "--kubeconfig", server.kubeconfig(folder).toString());

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .startsWith("SG2202: cannot list HelmReleases in namespace \"default\": ");
    }
  }
}
