// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
  private static final String URL = "https://git.example.com/products.git";

  @TempDir Path folder;

  private ConfigReading read(
      String yaml, Map<String, String> environment, Map<String, String> options) {
    Map<String, String> variables = new TreeMap<>(environment);
    variables.putIfAbsent("HOME", "/home/me");
    try {
      Files.writeString(folder.resolve("segue.yaml"), yaml);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return AgentConfig.read(null, variables, options, folder);
  }

  private AgentConfig valid(
      String yaml, Map<String, String> environment, Map<String, String> options) {
    ConfigReading reading = read(yaml, environment, options);
    assertThat(reading.problems()).isEmpty();
    return reading.config().orElseThrow();
  }

  private List<String> problems(
      String yaml, Map<String, String> environment, Map<String, String> options) {
    ConfigReading reading = read(yaml, environment, options);
    assertThat(reading.config()).isEmpty();
    return reading.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void needsNothingButTheSource() {
    AgentConfig config = valid("", Map.of("SEGUE_SOURCE_URL", URL), Map.of());
    AgentConfig.Auth none = new AgentConfig.Auth(null, null, null, null, null, null);
    assertThat(config.source())
        .isEqualTo(
            new AgentConfig.Source(
                URL,
                new AgentConfig.Revision.Branch("main"),
                List.of("*.yaml", "*.yml", "products/**"),
                Duration.ofMinutes(1),
                URL,
                null,
                none));
    assertThat(config.status())
        .isEqualTo(new AgentConfig.Status(URL, "segue/default", "Segue", "segue@localhost", none));
    assertThat(config.cluster().namespace()).hasToString("segue");
    assertThat(config.cluster().kubeconfig()).isNull();
    assertThat(config.charts().cache()).isEqualTo(Path.of("/home/me/.cache/segue"));
    assertThat(config.charts().cacheBytes()).isEqualTo(2L * 1024 * 1024 * 1024);
    assertThat(config.workflow())
        .isEqualTo(new AgentConfig.Workflow(0, Duration.ofHours(24), "OnPodSuccess"));
    assertThat(config.reconcile())
        .isEqualTo(new AgentConfig.Reconcile(Duration.ofMinutes(5), 4, 50));
  }

  @Test
  void groupsMayBeInTheAgentsNamespaceAndInThoseThatAreNamed() {
    AgentConfig config = valid("", Map.of("SEGUE_SOURCE_URL", URL), Map.of());
    assertThat(config.cluster().namespaces()).hasToString("[segue]");
    AgentConfig more =
        valid("cluster: {namespaces: [team-b, team-a]}", Map.of("SEGUE_SOURCE_URL", URL), Map.of());
    assertThat(more.cluster().namespaces()).hasToString("[segue, team-a, team-b]");
    assertThat(more.cluster().namespace()).hasToString("segue");
    assertThat(
            valid(more.yaml(), Map.of("SEGUE_CLUSTER_NAMESPACES", "segue, shop"), Map.of())
                .cluster()
                .namespaces())
        .hasToString("[segue, shop]");
    assertThat(problems("cluster: {namespaces: []}", Map.of("SEGUE_SOURCE_URL", URL), Map.of()))
        .singleElement()
        .asString()
        .contains("must have at least one namespace");
    assertThat(problems("cluster: {namespaces: ['*']}", Map.of("SEGUE_SOURCE_URL", URL), Map.of()))
        .singleElement()
        .asString()
        .contains("`cluster.namespaces");
  }

  @Test
  void severalAgentsNeedTheSwitchAlone() {
    AgentConfig config =
        valid("highAvailability: {enabled: true}", Map.of("SEGUE_SOURCE_URL", URL), Map.of());
    assertThat(config.highAvailability())
        .isEqualTo(
            new AgentConfig.HighAvailability(
                true,
                "segue",
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                1));
    assertThat(
            valid(
                    config.yaml(),
                    Map.of("SEGUE_HIGH_AVAILABILITY_SHARDS", "3"),
                    Map.of("highAvailability.leaseName", "products"))
                .highAvailability())
        .returns(3, AgentConfig.HighAvailability::shards)
        .returns("products", AgentConfig.HighAvailability::leaseName);
  }

  @ParameterizedTest
  @CsvSource({
    "'{shards: 2}', `highAvailability.enabled` must be true where",
    "'{leaseDuration: 1500ms}', `highAvailability.leaseDuration` must be whole seconds",
    "'{renewDeadline: 12s}', `highAvailability.renewDeadline` must be at most three quarters",
    "'{retryPeriod: 4s}', `highAvailability.retryPeriod` must be at most a third",
  })
  void leaseTimesMustLeaveRoomForWritesAndRenewals(String section, String problem) {
    assertThat(problems("highAvailability: " + section, Map.of("SEGUE_SOURCE_URL", URL), Map.of()))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void anAgentThatStandsByServesNoRepositories() {
    String web = "web: {listen: '0.0.0.0:8443', plainHttp: true, git: {enabled: true}}\n";
    assertThat(
            problems(
                web + "highAvailability: {enabled: true}",
                Map.of("SEGUE_SOURCE_URL", URL),
                Map.of()))
        .singleElement()
        .asString()
        .contains("`web.git.enabled` must not be given together");
  }

  @Test
  void readsEverySettingOfTheFile() {
    AgentConfig config =
        valid(
            """
            source:
              url: ssh://git@git.example.com/products.git
              tag: v1
              paths: [apps/**/*.yaml]
              interval: 30s
              fluxUrl: http://git.internal/products.git
              fluxSecretRef: products-git
              auth: {sshKeyFile: keys/id, knownHostsFile: ~/known_hosts}
            status:
              url: https://git.example.com/status.git
              branch: site-a
              author: {name: Release Robot, email: robot@example.com}
              auth: {username: robot, passwordFile: /run/secrets/password, caFile: ca.pem}
            cluster:
              name: site-a
              kubeconfig: kubeconfig
              context: admin
              namespace: releases
              workflowServiceAccount: runner
              kubeVersion: v1.34.4
            charts:
              cache: cache
              cacheSize: 500M
              credentials: credentials
              renderTimeout: 1m
              workerIdle: 10s
            workflow: {parallelism: 3, ttl: 1h30m, podGC: OnWorkflowSuccess}
            reconcile: {interval: 10m, concurrency: 1}
            """,
            Map.of(),
            Map.of());
    Path base = folder.toAbsolutePath();
    assertThat(config.source().revision()).isEqualTo(new AgentConfig.Revision.Tag("v1"));
    assertThat(config.source().auth())
        .isEqualTo(
            new AgentConfig.Auth(
                null, null, null, base.resolve("keys/id"), Path.of("/home/me/known_hosts"), null));
    assertThat(config.status())
        .isEqualTo(
            new AgentConfig.Status(
                "https://git.example.com/status.git",
                "site-a",
                "Release Robot",
                "robot@example.com",
                new AgentConfig.Auth(
                    "robot",
                    Path.of("/run/secrets/password"),
                    null,
                    null,
                    null,
                    base.resolve("ca.pem"))));
    assertThat(config.cluster().kubeVersion()).isEqualTo("v1.34.4");
    assertThat(config.cluster().kubeconfig()).isEqualTo(base.resolve("kubeconfig"));
    assertThat(config.charts())
        .isEqualTo(
            new AgentConfig.Charts(
                base.resolve("cache"),
                500_000_000,
                base.resolve("credentials"),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10)));
    assertThat(config.workflow().timeToLive()).isEqualTo(Duration.ofMinutes(90));
  }

  @Test
  void laysOptionsOverEnvironmentOverFileOverDefaults() {
    String yaml =
        "source: {url: "
            + URL
            + ", interval: 2m}\ncluster: {name: file}\ncharts: {cacheSize: 1Gi}\n";
    AgentConfig config =
        valid(
            yaml,
            Map.of(
                "SEGUE_SOURCE_INTERVAL", "3m",
                "SEGUE_CLUSTER_NAME", "environment",
                "SEGUE_CHARTS_RENDER_TIMEOUT", "",
                "SEGUE_SOURCE_PATHS", "a.yaml, b/**"),
            Map.of("source.interval", "4m"));
    assertThat(config.source().interval()).isEqualTo(Duration.ofMinutes(4));
    assertThat(config.cluster().name()).isEqualTo("environment");
    assertThat(config.charts().cacheBytes()).isEqualTo(1L << 30);
    assertThat(config.charts().renderTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.source().paths()).containsExactly("a.yaml", "b/**");
    assertThat(config.status().branch()).isEqualTo("segue/environment");
    assertThat(config.yaml())
        .contains("  interval: \"4m\"  # option\n")
        .contains("  name: environment  # SEGUE_CLUSTER_NAME\n")
        .contains("  cacheSize: \"1Gi\"  # segue.yaml:3\n")
        .contains("  renderTimeout: \"30s\"  # default\n")
        .contains("  branch: segue/environment  # default\n");
  }

  @Test
  void letsAStrongerRevisionDisplaceAWeakerOne() {
    AgentConfig config =
        valid("source: {url: " + URL + ", branch: next}\n", Map.of(), Map.of("source.tag", "v2"));
    assertThat(config.source().revision()).isEqualTo(new AgentConfig.Revision.Tag("v2"));
    assertThat(config.yaml()).doesNotContain("next");
  }

  @Test
  void usesTheSourcesCredentialsForStatusOnlyWhereTheRepositoryIsTheSame() {
    String auth = "source: {url: " + URL + ", auth: {tokenFile: /run/token}}\n";
    assertThat(valid(auth, Map.of(), Map.of()).status().auth().tokenFile())
        .isEqualTo(Path.of("/run/token"));
    assertThat(
            valid(auth + "status: {url: https://other.example.com/s.git}\n", Map.of(), Map.of())
                .status()
                .auth()
                .tokenFile())
        .isNull();
  }

  @Test
  void printsAFileThatReadsBackAsTheSame() {
    String yaml =
        "source: {url: "
            + URL
            + ", auth: {username: me, passwordFile: pw}}\ncluster: {kubeconfig: k}\n";
    AgentConfig config = valid(yaml, Map.of("SEGUE_WORKFLOW_POD_GC", "OnPodCompletion"), Map.of());
    AgentConfig again = valid(config.yaml(), Map.of(), Map.of());
    assertThat(again).usingRecursiveComparison().ignoringFields("said").isEqualTo(config);
  }

  @Test
  void reportsEveryProblemOfEveryLayerAtOnce() {
    assertThat(
            problems(
                """
                source:
                  ulr: https://git.example.com/x
                  interval: 30
                  auth: {tokenFile: a, passwordFile: b}
                cluster: {name: Site_A, kubeVersion: 1.34}
                reconcile: {concurrency: 0}
                workflow: {podGC: Never}
                """,
                Map.of("SEGUE_CHARTS_CACHE_SIZE", "2GB", "SEGUE_SOURCE_URLL", "x"),
                Map.of("source.tga", "v1", "status.branch", "a..b")))
        .containsExactly(
            "SG1501: `source.auth.passwordFile` and `source.auth.tokenFile` must not be given together."
                + " Keep one of them.",
            "SG1501: `source.auth.username` must be given with `source.auth.passwordFile`",
            "SG1501: `source.url` must be given. Set it in segue.yaml or in SEGUE_SOURCE_URL to the URL of"
                + " the repository.",
            "SG1501: the option `source.tga` is not known. Did you mean \"source.tag\"?",
            "SG1501: the option `status.branch` must be a ref's short name; got \"a..b\"",
            "SG1501: the variable `SEGUE_CHARTS_CACHE_SIZE` must be a positive quantity such as \"512Mi\" or"
                + " \"2Gi\"; got \"2GB\"",
            "SG1501: the variable `SEGUE_SOURCE_URLL` is not known. Did you mean \"SEGUE_SOURCE_URL\"?",
            "segue.yaml:2: SG1003: field `source.ulr` is not known. Did you mean \"url\"?",
            "segue.yaml:3: SG1008: field `source.interval` must be a duration with a unit; got 30. Write"
                + " \"30s\" if you mean seconds.",
            "segue.yaml:5: SG1005: field `cluster.kubeVersion` must be a string; got \"1.34\", which is a"
                + " number. Put it in quotes.",
            "segue.yaml:5: SG1501: field `cluster.name` must be a DNS label of at most 63 characters (a-z,"
                + " 0-9 and `-`, beginning and ending with a letter or digit); got \"Site_A\"",
            "segue.yaml:6: SG1501: field `reconcile.concurrency` must be a whole number from 1 to 10000; got"
                + " \"0\"",
            "segue.yaml:7: SG1501: field `workflow.podGC` must be one of OnPodCompletion, OnPodSuccess,"
                + " OnWorkflowCompletion, OnWorkflowSuccess; got \"Never\"");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "https://me:hunter2@git.example.com/x",
        "https://hunter2@git.example.com/x",
        "ssh://git:hunter2@git.example.com/x",
        "https://git.example.com/x?token=hunter2",
        "https://me:hunter2@[bad/x",
        "https://git.example.com/x#hunter2"
      })
  void refusesSecretsInUrlsWithoutShowingThem(String url) {
    for (List<String> problems :
        List.of(
            problems("source: {url: '" + url + "'}\n", Map.of(), Map.of()),
            problems("", Map.of("SEGUE_SOURCE_URL", url), Map.of()),
            problems("", Map.of(), Map.of("source.url", url)))) {
      assertThat(problems)
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).doesNotContain("hunter2"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "https://git.example.com/x.git", "ssh://git@git.example.com:2222/x",
            "git@git.example.com:team/x.git",
        "file:///srv/git/x.git", "/srv/git/x.git", "http://127.0.0.1:8080/x"
      })
  void takesTheUrlsThatGitTakes(String url) {
    assertThat(
            valid(
                    "source: {url: '" + url + "', auth: {sshKeyFile: k, knownHostsFile: h}}\n",
                    Map.of(),
                    Map.of())
                .source()
                .url())
        .isEqualTo(url);
  }

  @Test
  void refusesToWriteStatusToTheBranchThatIsWatched() {
    assertThat(problems("source: {url: " + URL + "}\nstatus: {branch: main}\n", Map.of(), Map.of()))
        .containsExactly(
            "SG1501: `status.branch` must not be the branch that is watched; got \"main\". Leave it out to"
                + " write to a branch of the cluster's own.");
  }

  @Test
  void passesOverVariablesThatKubernetesSetsForServices() {
    valid(
        "source: {url: " + URL + "}\n",
        Map.of(
            "SEGUE_PORT", "tcp://10.0.0.1:80",
            "SEGUE_SERVICE_HOST", "10.0.0.1",
            "SEGUE_STATUS_SERVICE_HOST", "10.0.0.1",
            "SEGUE_STATUS_PORT_80_TCP_ADDR", "10.0.0.1"),
        Map.of());
  }

  @Test
  void givesFluxAUrlWhereGitTakesTheShortForm() {
    String yaml =
        "source: {url: 'git@h.example.com:team/x.git', auth: {sshKeyFile: k, knownHostsFile: h}}\n";
    AgentConfig config = valid(yaml, Map.of(), Map.of());
    assertThat(config.source().fluxUrl()).isEqualTo("ssh://git@h.example.com/team/x.git");
    assertThat(valid(config.yaml(), Map.of(), Map.of()).source()).isEqualTo(config.source());
    assertThat(problems(yaml, Map.of(), Map.of("source.fluxUrl", "git@h.example.com:x")))
        .containsExactly(
            "SG1501: the option `source.fluxUrl` must be a URL; write \"ssh://git@h.example.com/x\" for this"
                + " repository");
  }

  @Test
  void needsKeyAndKnownHostsForSsh() {
    assertThat(problems("source: {url: 'ssh://git@h.example.com/x.git'}\n", Map.of(), Map.of()))
        .containsExactly(
            "SG1501: `source.auth.knownHostsFile` must be given for an ssh URL",
            "SG1501: `source.auth.sshKeyFile` must be given for an ssh URL");
  }

  @Test
  void printsALocalRepositoryToo() {
    AgentConfig config = valid("source: {url: /srv/git/x.git}\n", Map.of(), Map.of());
    assertThat(valid(config.yaml(), Map.of(), Map.of()).source()).isEqualTo(config.source());
  }

  @Test
  void refusesAnEmptyListOfPaths() {
    assertThat(problems("source: {url: " + URL + ", paths: []}\n", Map.of(), Map.of()))
        .containsExactly(
            "segue.yaml:1: SG1501: field `source.paths` must have at least one pattern");
  }

  @Test
  void saysThatAFileIsMissing() {
    ConfigReading reading =
        AgentConfig.read(Path.of("none.yaml"), Map.of("SEGUE_SOURCE_URL", URL), Map.of(), folder);
    assertThat(reading.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "SG1502: the configuration file \"none.yaml\" must be a readable text file. Name it with"
                + " `--config` or SEGUE_CONFIG.");
  }

  @Test
  void readsTheFileThatTheEnvironmentNames() throws IOException {
    Files.createDirectory(folder.resolve("etc"));
    Files.writeString(
        folder.resolve("etc/a.yaml"), "source: {url: " + URL + ", auth: {tokenFile: token}}\n");
    ConfigReading reading =
        AgentConfig.read(null, Map.of("SEGUE_CONFIG", "etc/a.yaml"), Map.of(), folder);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.config().orElseThrow().source().auth().tokenFile())
        .isEqualTo(folder.resolve("etc/token").toAbsolutePath());
  }

  @Test
  void servesNothingUnlessToldTo() {
    AgentConfig config = valid("source: {url: " + URL + "}\n", Map.of(), Map.of());
    assertThat(config.web())
        .isEqualTo(new AgentConfig.Web(null, null, new AgentConfig.ServedGit(false, null, null)));
  }

  @Test
  void readsWhatIsServed() {
    String source = "source: {url: " + URL + "}\n";
    AgentConfig config =
        valid(
            source
                + """
                web:
                  listen: 0.0.0.0:8443
                  health: 0.0.0.0:8081
                  tls: {certificate: tls.crt, key: /etc/tls.key}
                  tokenFile: token
                  git: {enabled: true, url: "https://segue.segue.svc:8443/", secretRef: agent}
                """,
            Map.of(),
            Map.of());
    Path base = folder.toAbsolutePath();
    assertThat(config.web())
        .isEqualTo(
            new AgentConfig.Web(
                new AgentConfig.Listen(
                    ListenAddress.parse("0.0.0.0:8443"),
                    new AgentConfig.Protection.Tls(
                        base.resolve("tls.crt"), Path.of("/etc/tls.key")),
                    base.resolve("token")),
                ListenAddress.parse("0.0.0.0:8081"),
                new AgentConfig.ServedGit(true, "https://segue.segue.svc:8443", "agent")));
    assertThat(valid(config.yaml(), Map.of(), Map.of()).web()).isEqualTo(config.web());
    AgentConfig plain =
        valid(
            source + "web: {listen: '[::1]:80', plainHttp: true}\n",
            Map.of("SEGUE_WEB_GIT_ENABLED", "true"),
            Map.of());
    assertThat(plain.web().listen())
        .isEqualTo(
            new AgentConfig.Listen(
                ListenAddress.parse("[::1]:80"), new AgentConfig.Protection.Plain(), null));
    assertThat(plain.web().git().enabled()).isTrue();
    assertThat(plain.yaml()).contains("  plainHttp: true  # segue.yaml:2\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:8443, /0.0.0.0:8443",
    "192.0.2.1:1, /192.0.2.1:1",
    "[::]:65535, /[0:0:0:0:0:0:0:0]:65535"
  })
  void listensOnAddressesWithoutLookingThemUp(String text, String address) {
    assertThat(ListenAddress.parse(text)).hasToString(address);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "listen: '[::]:80', plainHttp: true, health: '[::]:80'|`web.health` must be another address"
            + " than `web.listen`. Give it another port.",
        "listen: '0.0.0.0:8443'|`web.tls.certificate` must be given with `web.listen`. Inside a cluster,"
            + " `web.plainHttp: true` does without TLS.",
        "listen: '0.0.0.0:8443', plainHttp: true, tls: {key: k}|`web.tls.key` must not be given with"
            + " `web.plainHttp`. Keep one of them.",
        "git: {enabled: true}|`web.listen` must be given with `web.git.enabled`",
        "tokenFile: t|`web.listen` must be given with `web.tokenFile`",
        "listen: '1.2.3.4:1', plainHttp: true, git: {url: 'https://a'}|`web.git.enabled` must be true where"
            + " `web.git.url` is given",
        "listen: '1.2.3.4:1', plainHttp: true, git: {enabled: true, secretRef: a}|`web.git.url` must be"
            + " given with `web.git.secretRef`",
        "listen: '1.2.3.4:1', plainHttp: 'yes'|field `web.plainHttp` must be true or false",
        "listen: 'localhost:8443', plainHttp: true|field `web.listen` must be an IP address and a port such"
            + " as \"0.0.0.0:8443\" or \"[::]:8443\"; got \"localhost:8443\"",
        "listen: '1.2.3.4:65536', plainHttp: true|field `web.listen` must be an IP address and a port",
        "listen: '1.2.3.400:65', plainHttp: true|field `web.listen` must be an IP address and a port",
        "listen: '[::x]:65', plainHttp: true|field `web.listen` must be an IP address and a port",
        "listen: '1.2.3.4:1', plainHttp: true, git: {enabled: true, url: 'ssh://a'}|field `web.git.url` must"
            + " be a URL that begins with https:// or http://",
        "listen: '1.2.3.4:1', plainHttp: true, git: {enabled: true, url: 'https://u:hunter2@a'}|field"
            + " `web.git.url` must not hold user information",
      })
  void reportsWhatCannotBeServed(String web, String problem) {
    assertThat(problems("source: {url: " + URL + "}\nweb: {" + web + "}\n", Map.of(), Map.of()))
        .anySatisfy(line -> assertThat(line).contains(problem))
        .allSatisfy(line -> assertThat(line).contains("`web.").doesNotContain("hunter2"));
  }

  @Test
  void reportsBrokenYamlWithItsLine() {
    assertThat(problems("source:\n  url: [\n", Map.of("SEGUE_SOURCE_URL", URL), Map.of()))
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).matches("segue\\.yaml:\\d: SG1001: must be YAML: .*"));
  }

  private static final String TENANTS =
      """
      source: {url: %s}
      tenancy:
        tenants:
        - name: shop
          paths: [teams/shop, "shared/*.yaml"]
          objects: [shop/*]
          namespaces: [shop, shop-*]
          clusterScoped: [CustomResourceDefinition, ClusterRole.rbac.authorization.k8s.io]
          secrets: [shop-*, registry]
          serviceAccount: shop
        - {name: platform, paths: ["**"], namespaces: ["*"], clusterScoped: ["*"]}
      """
          .formatted(URL);

  @Test
  void readsTenantsAndPrintsThem() {
    AgentConfig config =
        valid(TENANTS, Map.of("SEGUE_TENANCY_DEFAULT_SERVICE_ACCOUNT", "least"), Map.of());

    assertThat(config.tenancy())
        .isEqualTo(
            new Tenancy(
                false,
                "least",
                List.of(
                    new Tenant(
                        "shop",
                        List.of("teams/shop", "shared/*.yaml"),
                        List.of("shop/*"),
                        List.of("shop", "shop-*"),
                        List.of(
                            "CustomResourceDefinition", "ClusterRole.rbac.authorization.k8s.io"),
                        List.of("shop-*", "registry"),
                        "shop"),
                    new Tenant("platform", List.of("**"), List.of("*"), List.of("*"), null))));
    AgentConfig again = valid(config.yaml(), Map.of(), Map.of());
    assertThat(again.tenancy()).isEqualTo(config.tenancy());
    assertThat(valid("source: {url: " + URL + "}", Map.of(), Map.of()).tenancy())
        .isEqualTo(Tenancy.NONE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "tenants: [] | segue.yaml:2: SG1501: field `tenancy.tenants` must have at least one tenant."
            + " Leave it out if files may release anything.",
        "tenants: [{paths: [a], namespaces: [b]}] | segue.yaml:2: SG1006: field"
            + " `tenancy.tenants[0].name` must be given",
        "tenants: [{name: a, namespaces: [b]}] | segue.yaml:2: SG1006: field"
            + " `tenancy.tenants[0].paths` must be given",
        "tenants: [{name: a, objects: [b], namespaces: [b]}] | segue.yaml:2: SG1501: field"
            + " `tenancy.tenants[0].objects[0]` must be NAMESPACE/NAME of an ApplicationGroup, in"
            + " which `*` stands for any characters; got \"b\"",
        "tenants: [{name: a, paths: [x], namespaces: []}] | segue.yaml:2: SG1501: field"
            + " `tenancy.tenants[0].namespaces` must have at least one item",
        "tenants: [{name: a, paths: [../x], namespaces: [b]}] | segue.yaml:2: SG1501: field"
            + " `tenancy.tenants[0].paths[0]` must be relative; got \"../x\"",
        "tenants: [{name: a, paths: [x], namespaces: [B]}] | segue.yaml:2: SG1501: field"
            + " `tenancy.tenants[0].namespaces[0]` must be a namespace, in which `*` stands for"
            + " any characters; got \"B\"",
        "tenants: [{name: a, paths: [x], namespaces: [b], clusterScoped: [crd]}] | segue.yaml:2:"
            + " SG1501: field `tenancy.tenants[0].clusterScoped[0]` must be a kind (`ClusterRole`),"
            + " one with its API group (`ClusterRole.rbac.authorization.k8s.io`) or `*`; got"
            + " \"crd\"",
        "tenants: [{name: a, paths: [x], namespaces: [b], secrets: [B]}] | segue.yaml:2: SG1501:"
            + " field `tenancy.tenants[0].secrets[0]` must be the name of a Secret or ConfigMap, in"
            + " which `*` stands for any characters but a dot; got \"B\"",
        "{serviceAccountRequired: true, tenants: [{name: a, paths: [x], namespaces: [b]}]} | SG1501:"
            + " `serviceAccount` of tenant \"a\" must be given where"
            + " `tenancy.serviceAccountRequired` is true. Its files could name the account of any"
            + " other tenant.",
        "tenants: [{name: a, paths: [x], namespaces: [b], serviceAccount: a/b}] | segue.yaml:2:"
            + " SG1501: field `tenancy.tenants[0].serviceAccount` must be the name of an object: at"
            + " most 253 of a-z, 0-9, `-` and `.`, beginning and ending with a letter or digit; got"
            + " \"a/b\"",
        "tenants: [{name: a, paths: [x], namespaces: [b]}, {name: a, paths: [z], namespaces: [b]}]"
            + " | segue.yaml:2: SG1501: field `tenancy.tenants[1].name` must be another than that"
            + " of a tenant before; got \"a\"",
        "tenants: [{name: a, paths: [x], namespaces: [b]}, {name: c, paths: [x], namespaces: [b]}]"
            + " | segue.yaml:2: SG1501: field `tenancy.tenants[1].paths[0]` must not stand with two"
            + " tenants; got \"x\". Remove one of them.",
        "tenants: [{name: a, paths: [x], namespaces: [b], serviceAccount: segue-workflow}] |"
            + " SG1501: `serviceAccount` of tenant \"a\" must not be"
            + " `cluster.workflowServiceAccount`; got \"segue-workflow\". Who may create"
            + " HelmReleases may do all that Flux may.",
        "{serviceAccountRequired: true, defaultServiceAccount: x} | SG1501:"
            + " `tenancy.serviceAccountRequired` must not be given together with"
            + " `tenancy.defaultServiceAccount`. With the default no HelmRelease is without an"
            + " account."
      })
  void tenantsMustBePossible(String tenancy, String problem) {
    String section = tenancy.startsWith("{") ? tenancy : "{" + tenancy + "}";
    String yaml = "source: {url: " + URL + "}\ntenancy: " + section + "\n";
    assertThat(problems(yaml, Map.of(), Map.of())).containsExactly(problem);
  }

  @Test
  void namesAVariableForEverySetting() {
    assertThat(Setting.ALL).extracting(Setting::variable).doesNotHaveDuplicates();
    assertThat(Setting.ALL.stream().filter(s -> s.key().equals("source.auth.knownHostsFile")))
        .extracting(Setting::variable)
        .containsExactly("SEGUE_SOURCE_AUTH_KNOWN_HOSTS_FILE");
  }

  @Test
  void documentsEverySetting() throws IOException {
    String docs = Files.readString(Path.of("../docs/configuration.md"));
    assertThat(Setting.ALL)
        .allSatisfy(
            setting -> assertThat(docs).contains("`" + setting.key() + "`", setting.variable()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"1,1", "2Gi,2147483648", "1.5k,1500", "512Mi,536870912", "1Ti,1099511627776"})
  void readsQuantities(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "0", "-1", "2GB", "1gi", "x", "999999999999999999Pi"})
  void refusesWhatIsNoQuantity(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSourceMayBeLeftOutWhereAppliedGroupsAreReconciled() {
    AgentConfig config =
        AgentConfig.read(null, Map.of("SEGUE_CLUSTER_APPLIED", "true"), Map.of(), folder)
            .config()
            .orElseThrow();

    assertThat(config.source().isGiven()).isFalse();
    assertThat(config.cluster().applied()).isTrue();
  }

  @Test
  void nothingThatNeedsASourceMayBeGivenWithoutOne() {
    assertThat(
            problems(
                "",
                Map.of("SEGUE_CLUSTER_APPLIED", "true"),
                Map.of("status.url", "https://git.example.org/status.git")))
        .containsExactly(
            "SG1501: `status.url` must not be given without `source.url`. What is known of applied groups"
                + " is kept in the cluster.");
  }
}
