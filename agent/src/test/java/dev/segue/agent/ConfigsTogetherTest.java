// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigsTogetherTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  private static String site(String name, String more) {
    return """
        source: {url: "https://git.example.org/products.git"}
        cluster:
          name: %1$s
          kubeconfig: %1$s.kubeconfig
        %2$s
        """
        .formatted(name, more);
  }

  private List<String> problems(String... files) throws IOException {
    environment.put("HOME", folder.toString());
    List<ReadConfig> configs = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      Path name = Path.of((char) ('a' + i) + ".yaml");
      Files.writeString(folder.resolve(name), files[i]);
      configs.add(ConfigReader.readFile(name, environment, Map.of(), Map.of(), folder));
    }
    return ConfigsTogether.check(configs).stream().map(Problem::toString).toList();
  }

  @Test
  void clustersThatDifferMayBeServedTogether() throws Exception {
    assertThat(problems(site("a", ""), site("b", ""), site("c", ""))).isEmpty();
    assertThat(
            problems(
                site("a", "  context: one\nweb: {health: \"127.0.0.1:8081\"}"),
                site("b", "  context: one\nweb: {health: \"127.0.0.1:8082\"}")))
        .isEmpty();
    assertThat(
            problems(
                site("a", "web: {health: \"127.0.0.1:8081\"}"),
                site("b", "web: {health: \"127.0.0.2:8081\"}")))
        .as("two addresses of this machine")
        .isEmpty();
  }

  @Test
  void aNameIsOneClusters() throws Exception {
    assertThat(problems(site("a", ""), site("a", "  namespace: other")))
        .containsExactly(
            "b.yaml:3: SG1501: field `cluster.name` must be another than in \"a.yaml\"; got \"a\"."
                + " Give each cluster a name of its own: its log, its health and its status branch"
                + " go by it.");
  }

  @Test
  void aNameThatNoFileSaysIsOneClustersToo() throws Exception {
    environment.put("SEGUE_CLUSTER_NAME", "hub");
    assertThat(problems(site("a", ""), site("b", "")))
        .singleElement()
        .asString()
        .startsWith("b.yaml: SG1501: field `cluster.name` must be another than in \"a.yaml\"");
  }

  @Test
  void aStatusBranchIsOneClusters() throws Exception {
    String same = "status: {branch: sites}";
    assertThat(problems(site("a", same), site("b", same)))
        .containsExactly(
            "b.yaml:5: SG1501: field `status.branch` must be another than in \"a.yaml\", which"
                + " writes to the same repository; got \"sites\". Leave it out to write to a branch"
                + " of the cluster's own.");
    String elsewhere = "status: {branch: sites, url: \"https://git.example.org/%s\"}";
    assertThat(
            problems(
                site("a", elsewhere.formatted("one")), site("b", elsewhere.formatted("two.git"))))
        .isEmpty();
    assertThat(
            problems(
                site("a", elsewhere.formatted("one/")), site("b", elsewhere.formatted("one.git"))))
        .hasSize(1);
  }

  @Test
  void aClusterHasOneAgent() throws Exception {
    String first = site("a", "  context: one\n  namespace: one");
    String second = first.replace("name: a\n", "name: b\n");
    assertThat(problems(first, second))
        .containsExactly(
            "b.yaml:4: SG1501: field `cluster.kubeconfig` must not lead to the same context and"
                + " namespace as in \"a.yaml\". Two agents would work for one cluster: give this"
                + " one another `cluster.kubeconfig`, `cluster.context` or `cluster.namespace`.");
    assertThat(problems(first, second.replace("context: one", "context: two"))).isEmpty();
    assertThat(problems(first, second.replace("namespace: one", "namespace: two"))).isEmpty();
  }

  @Test
  void theEnvironmentsClusterHasOneAgentToo() throws Exception {
    String first = site("a", "").replaceAll("  kubeconfig.*\n", "");
    assertThat(problems(first, first.replace("name: a\n", "name: b\n")))
        .singleElement()
        .asString()
        .startsWith("b.yaml: SG1501: field `cluster.kubeconfig` must not lead to the same");
  }

  @Test
  void aPortIsServedOnce() throws Exception {
    String health = "web: {health: \"0.0.0.0:8081\"}";
    String listen = "web: {listen: \"127.0.0.1:8081\", plainHttp: true}";
    assertThat(problems(site("a", health), site("b", health), site("c", listen)))
        .hasSize(3)
        .first()
        .isEqualTo(
            "b.yaml:5: SG1501: field `web.health` must have another port than `web.health` in"
                + " \"a.yaml\"; got \"0.0.0.0:8081\". Give it a port of its own, or leave it out:"
                + " each port for health tells of every cluster.");
  }

  @Test
  void whatIsWrongWithOneFileIsSaidOfThatFile() throws Exception {
    String without = site("b", "").replaceAll("source.*\n", "");
    assertThat(problems(site("a", ""), without))
        .singleElement()
        .asString()
        .startsWith("b.yaml: SG1501: `source.url` must be given");
  }

  @Test
  void whatIsWrongWithTheEnvironmentIsSaidOnce() throws Exception {
    environment.put("SEGUE_CLUSTER_NAMES", "hub");
    assertThat(problems(site("a", ""), site("b", "")))
        .singleElement()
        .asString()
        .startsWith("SG1501: the variable `SEGUE_CLUSTER_NAMES` is not known");
  }
}
