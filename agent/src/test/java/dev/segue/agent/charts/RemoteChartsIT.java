// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.testing.SharedEngine;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real servers, real archives. */
final class RemoteChartsIT {
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;
  private final ChartServer server = new ChartServer();
  private final MemoryRepo repo = new MemoryRepo();
  private HelmChartStore store;

  @BeforeEach
  void open() throws Exception {
    Path own = Files.createDirectories(folder.resolve("credentials/mine"));
    Files.writeString(own.resolve("username"), "me");
    Files.writeString(own.resolve("password"), "secret\n");
    store =
        new HelmChartStore(
            repo,
            new FileCredentials(folder.resolve("credentials")),
            Stores.settings(folder.resolve("cache")),
            SharedEngine.get());
  }

  @AfterEach
  void close() {
    store.close();
    server.close();
  }

  private ChartServer.Reply index(ChartServer on, String repository, String... chartVersionUrls) {
    StringBuilder index = new StringBuilder("apiVersion: v1\nentries:\n  other: []\n  web:\n");
    for (String line : chartVersionUrls) {
      String[] parts = line.split(" ", -1);
      index
          .append("  - {name: web, version: ")
          .append(parts[0])
          .append(", digest: \"")
          .append(parts[1])
          .append("\", maintainers: [{name: x}], urls: [\"")
          .append(parts[2])
          .append("\"]}\n");
    }
    return on.serve(repository + "/index.yaml", index.toString());
  }

  private ResolvedChart resolve(URI url, String version, @Nullable String secret)
      throws ChartException {
    return store.resolve(new ChartRef.InRepository(url, "web", version, secret), MemoryRepo.COMMIT);
  }

  private ChartException failure(URI url, String version, @Nullable String secret) {
    return catchThrowableOfType(ChartException.class, () -> resolve(url, version, secret));
  }

  @Test
  void orkestraDefect09RangesAndStarArePinnedToTheNewestVersion() throws ChartException {
    byte[] old = Archives.chart("web", "1.2.3", "blue");
    byte[] middle = Archives.chart("web", "1.9.0", "red");
    byte[] young = Archives.chart("web", "2.0.0", "green");
    server.serve("/charts/web-1.2.3.tgz", old);
    server.serve("/charts/web-1.9.0.tgz", middle);
    server.serve("/charts/files/web-2.0.0.tgz", young);
    index(
        server,
        "/charts",
        "1.2.3 " + Digest.of(old).hex() + " web-1.2.3.tgz",
        "3.0.0-rc.1 " + Digest.of(young).hex() + " none.tgz",
        "2.0.0 " + Digest.of(young) + " files/web-2.0.0.tgz",
        "1.9.0  " + server.url("/charts/web-1.9.0.tgz"));
    URI url = server.url("/charts");

    assertThat(resolve(url, "*", null).version()).isEqualTo("2.0.0");
    assertThat(resolve(url, "^1.2", null).version()).isEqualTo("1.9.0");
    assertThat(resolve(url, "~1.2.0", null).pin())
        .isEqualTo(new ChartPin.InRepository(url, "web", "1.2.3", Digest.of(old), null));
    assertThat(failure(url, ">=4", null).code()).isEqualTo(ProblemCode.CHART_VERSION_NOT_FOUND);
    assertThat(failure(url, ">=4", null)).hasMessageContaining("3.0.0-rc.1");
  }

  @Test
  void orkestraDefect10TheCacheTellsRepositoriesApartAndIsRefreshed() throws ChartException {
    try (ChartServer other = new ChartServer()) {
      byte[] blue = Archives.chart("web", "1.0.0", "blue");
      byte[] red = Archives.chart("web", "1.0.0", "red");
      byte[] green = Archives.chart("web", "1.1.0", "green");
      server.serve("/web.tgz", blue);
      other.serve("/web.tgz", red);
      server.serve("/web-1.1.0.tgz", green);
      index(server, "", "1.0.0 " + Digest.of(blue).hex() + " web.tgz").with("ETag", "\"1\"");
      index(other, "", "1.0.0 " + Digest.of(red).hex() + " web.tgz");

      ResolvedChart here = resolve(server.url(""), "*", null);
      ResolvedChart there = resolve(other.url(""), "*", null);
      assertThat(here.content()).isNotEqualTo(there.content());
      assertThat(Stores.render(store, there, Map.of()).manifests().get(0)).contains("red");
      assertThat(Stores.render(store, here, Map.of()).manifests().get(0)).contains("blue");
      assertThat(resolve(server.url(""), "*", null)).isEqualTo(here); // 304

      index(
              server,
              "",
              "1.0.0 " + Digest.of(blue).hex() + " web.tgz",
              "1.1.0 " + Digest.of(green).hex() + " web-1.1.0.tgz")
          .with("ETag", "\"2\"");
      assertThat(resolve(server.url(""), "*", null).version()).isEqualTo("1.1.0");
      assertThat(server.requests.stream().filter(path -> path.equals("/web.tgz"))).hasSize(1);
    }
  }

  @Test
  void aVersionPublishedAnewUnderItsNameIsSeen() throws ChartException {
    byte[] blue = Archives.chart("web", "1.0.0", "blue");
    byte[] red = Archives.chart("web", "1.0.0", "red");
    server.serve("/web.tgz", blue);
    index(server, "", "1.0.0 " + Digest.of(blue).hex() + " web.tgz");
    ResolvedChart before = resolve(server.url(""), "1.0.0", null);

    server.serve("/web.tgz", red);
    assertThat(resolve(server.url(""), "1.0.0", null)).isEqualTo(before);
    index(server, "", "1.0.0 " + Digest.of(red).hex() + " web.tgz");
    assertThat(resolve(server.url(""), "1.0.0", null).content()).isNotEqualTo(before.content());
  }

  @Test
  void refusesAnArchiveThatIsNotWhatTheIndexSays() {
    server.serve("/web.tgz", Archives.chart("web", "1.0.0", "red"));
    index(server, "", "1.0.0 " + Digest.of("x").hex() + " web.tgz");

    assertThat(failure(server.url(""), "*", null).code())
        .isEqualTo(ProblemCode.CHART_DIGEST_MISMATCH);
  }

  @Test
  void credentialsGoToTheirOwnServerOnly() throws ChartException {
    try (ChartServer other = new ChartServer()) {
      byte[] chart = Archives.chart("web", "1.0.0", "blue");
      other.serve("/web.tgz", chart);
      index(server, "", "1.0.0  " + other.url("/web.tgz")).with("X-Wants", BASIC);

      assertThat(resolve(server.url(""), "*", "mine").version()).isEqualTo("1.0.0");
      assertThat(server.authorizations).containsExactly("/index.yaml " + BASIC);
      assertThat(other.authorizations).containsExactly("/web.tgz null");

      server.reply(
          "/moved/index.yaml",
          new ChartServer.Reply(302, new byte[0])
              .with("Location", other.url("/index.yaml").toString()));
      index(other, "", "1.0.0  " + other.url("/web.tgz"));
      assertThat(resolve(server.url("/moved"), "*", "mine").version()).isEqualTo("1.0.0");
      assertThat(other.authorizations).doesNotContain("/index.yaml " + BASIC);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "401, CHART_SERVER_UNAUTHORIZED, false",
    "403, CHART_SERVER_UNAUTHORIZED, false",
    "404, CHART_NOT_FOUND, false",
    "429, CHART_SERVER_FAILED, true",
    "500, CHART_SERVER_FAILED, true",
    "503, CHART_SERVER_FAILED, true",
    "418, CHART_SERVER_FAILED, false"
  })
  void classifiesWhatTheServerAnswers(int status, ProblemCode code, boolean retryable) {
    server.reply("/index.yaml", new ChartServer.Reply(status, new byte[0]));

    ChartException failure = failure(server.url(""), "*", "mine");

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure).hasMessageContaining("127.0.0.1").hasMessageNotContaining("secret");
  }

  @Test
  void classifiesAServerThatIsNotThere() {
    URI url = server.url("");
    server.close();

    assertThat(failure(url, "*", null).code()).isEqualTo(ProblemCode.CHART_SERVER_UNREACHABLE);
    assertThat(failure(url, "*", null).retryable()).isTrue();
  }

  @Test
  void tellsMissingCredentialsAndOnesThatWouldGoInClear() {
    assertThat(failure(server.url(""), "*", "none").code())
        .isEqualTo(ProblemCode.CHART_CREDENTIALS);
    assertThat(failure(URI.create("http://charts.example.org"), "*", "mine").code())
        .isEqualTo(ProblemCode.CHART_CREDENTIALS);
  }

  @Test
  void refusesAnIndexThatIsNone() {
    server.serve("/index.yaml", "<html>");

    assertThat(failure(server.url(""), "*", null))
        .hasMessageContaining("it is no Helm repository")
        .extracting(ChartException::code)
        .isEqualTo(ProblemCode.CHART_SERVER_FAILED);
  }

  @Test
  void refusesAPackageThatLacksItsDependencies() {
    byte[] chart =
        Archives.pack(
            Map.of(
                "web/Chart.yaml",
                """
                apiVersion: v2
                name: web
                version: 1.0.0
                dependencies: [{name: db, version: 1.x, repository: https://x.org}]
                """));
    server.serve("/web.tgz", chart);
    index(server, "", "1.0.0  web.tgz");

    assertThat(failure(server.url(""), "*", null))
        .hasMessageContaining("\"db\"")
        .extracting(ChartException::code)
        .isEqualTo(ProblemCode.CHART_DEPENDENCY);
  }

  private Digest registry(String version, byte[] chart, boolean token) {
    String layer = Digest.of(chart).toString();
    String manifest =
        "{\"schemaVersion\":2,\"layers\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
            .formatted(OciRegistries.CHART_LAYER, layer, chart.length);
    String api = "/v2/team/web";
    ChartServer.Reply[] replies = {
      server.serve(api + "/manifests/" + version.replace('+', '_'), manifest),
      server.serve(api + "/blobs/" + layer, chart),
      server
          .serve(api + "/tags/list?n=1000", "{\"tags\":[\"latest\",\"0.9.0\"]}")
          .with("Link", "<" + api + "/tags/list?n=1000&last=0.9.0>; rel=\"next\""),
      server.serve(
          api + "/tags/list?n=1000&last=0.9.0",
          "{\"tags\":[\"" + version.replace('+', '_') + "\",\"2.0.0-rc.1\"]}")
    };
    if (token) {
      for (ChartServer.Reply reply : replies) {
        reply.with("X-Wants", "Bearer abc");
      }
      server.reply(
          "challenge",
          new ChartServer.Reply(401, new byte[0])
              .with(
                  "WWW-Authenticate",
                  "Bearer realm=\""
                      + server.url("/token")
                      + "\",service=\"reg\",scope=\"repository:team/web:pull\""));
      server
          .serve("/token?scope=repository%3Ateam%2Fweb%3Apull&service=reg", "{\"token\":\"abc\"}")
          .with("X-Wants", BASIC);
    }
    return Digest.of(manifest);
  }

  @Test
  void pinsARangeOfARegistryAcrossPagesWithATokenItAsksFor() throws ChartException {
    byte[] chart = Archives.chart("web", "1.0.0+build", "blue");
    Digest manifest = registry("1.0.0+build", chart, true);
    URI url = server.oci("/team/web");

    ResolvedChart found =
        store.resolve(new ChartRef.InRegistry(url, ">=0.5", "mine"), MemoryRepo.COMMIT);

    assertThat(found.pin())
        .isEqualTo(new ChartPin.InRegistry(url, "1.0.0_build", manifest, "mine"));
    assertThat(found.version()).isEqualTo("1.0.0+build");
    assertThat(Stores.render(store, found, Map.of()).manifests().get(0)).contains("blue");
  }

  @Test
  void anExactVersionOfARegistryNeedsNoListAndAMissingOneIsTold() throws ChartException {
    byte[] chart = Archives.chart("web", "1.0.0", "blue");
    registry("1.0.0", chart, false);
    URI url = server.oci("/team/web");

    assertThat(store.resolve(new ChartRef.InRegistry(url, "1.0.0", null), MemoryRepo.COMMIT).name())
        .isEqualTo("web");
    assertThat(server.requests).noneMatch(path -> path.contains("tags"));
    ChartException missing =
        catchThrowableOfType(
            ChartException.class,
            () -> store.resolve(new ChartRef.InRegistry(url, "9.9.9", null), MemoryRepo.COMMIT));
    assertThat(missing.code()).isEqualTo(ProblemCode.CHART_VERSION_NOT_FOUND);
  }

  @Test
  void equalContentHasEqualDigestWhateverItsSource() throws ChartException {
    server.serve("/web.tgz", Archives.chart("web", "1.0.0", "blue"));
    index(server, "", "1.0.0  web.tgz");
    repo.chart("charts/web", "web", "1.0.0");

    assertThat(resolve(server.url(""), "*", null).content())
        .isEqualTo(Stores.git(store, "charts/web").content());
  }

  @Test
  void bringsInWhatAChartOfTheCommitDeclaresFromARepository() throws ChartException {
    byte[] web = Archives.chart("web", "1.4.0", "blue");
    server.serve("/web.tgz", web);
    index(server, "", "1.4.0 " + Digest.of(web).hex() + " web.tgz");
    String declared =
        """
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
        - {name: web, version: 1.x, repository: "%1$s", alias: front}
        - {name: web, version: 1.x, repository: "%1$s", alias: back}
        """;
    repo.write("charts/shop/Chart.yaml", declared.formatted(server.url("")));

    ResolvedChart shop = Stores.git(store, "charts/shop");

    assertThat(shop.dependencies())
        .containsExactly(
            new ResolvedChart.PinnedDependency(
                "web", server.url("").toString(), "1.4.0", Digest.of(web)));
    assertThat(Stores.render(store, shop, Map.of("back", Map.of("color", "red"))).manifests())
        .hasSize(2)
        .anyMatch(text -> text.contains("red"))
        .anyMatch(text -> text.contains("blue"));
  }
}
