// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.SiteLab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The scripts of the pipelines in the documentation, run in a clone as a CI system makes it. What
 * only the system has ({@code gh}, {@code curl} to its API) writes down what it is asked.
 */
final class PipelinesIT {
  private static final String SHOP = "products/shop.yaml";
  private static final String FILE =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      spec:
        applications:
          - name: db
            spec: {chart: {path: charts/web}, release: {targetNamespace: shop, values: {colour: red}}}
          - name: web
            dependencies: [db]
            spec: {chart: {path: charts/web}, release: {targetNamespace: shop, values: {colour: blue}}}
      """;
  private static final String TEMPLATE =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: {{ .Release.Name }}}
      data: {colour: {{ .Values.colour | quote }}}
      """;

  @TempDir(factory = TempDirFactory.Standard.class)
  static Path cache;

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  private final Map<String, String> environment = new TreeMap<>();

  @SuppressWarnings("NullAway.Init") // set before each
  private SiteLab lab;

  @SuppressWarnings("NullAway.Init") // set before each
  private Path clone;

  @SuppressWarnings("NullAway.Init") // set before each
  private Path tools;

  @BeforeEach
  void release() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
    tools = Files.createDirectories(folder.resolve("tools"));
    lab = new SiteLab(folder, cache);
    lab.file("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        .file("charts/web/templates/all.yaml", TEMPLATE)
        .file(SHOP, FILE)
        .commit();
    lab.release();
    tool("segue", "exec '" + String.join("' '", CommandLineRun.command()) + "' \"$@\"");
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    environment.put("HOME", folder.toString());
    environment.put("RUNNER_TEMP", Files.createDirectories(folder.resolve("runner")).toString());
    environment.put("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    environment.put("GITHUB_BASE_REF", "main");
    environment.put("GITHUB_REPOSITORY", "shop/products");
    environment.put("NUMBER", "7");
    environment.put("CLUSTER", "site-a");
    environment.put("SEGUE_CHARTS_CACHE", cache.resolve("commands").toString());
    environment.put("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
    environment.put("CI_API_V4_URL", "https://gitlab.example.com/api/v4");
    environment.put("CI_PROJECT_ID", "5");
    environment.put("CI_MERGE_REQUEST_IID", "7");
    clone = folder.resolve("clone");
    bash(folder, "git clone -q '" + lab.url() + "' clone && cd clone && git checkout -q --detach");
    bash(clone, "git config user.name team; git config user.email team@example.com");
  }

  @AfterEach
  void close() {
    if (lab != null) { // the test was skipped
      lab.close();
    }
  }

  private void tool(String name, String script) throws IOException {
    Path file = tools.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** As CI systems run their scripts; returns the exit code. */
  private int run(Path where, String script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", "-e", "-c", script).directory(where.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("SEGUE_.*|GIT_.*|NO_COLOR"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private void bash(Path where, String script) throws Exception {
    int code = run(where, script);
    assertThat(code).as(log()).isZero();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
  }

  private String runner(String name) throws IOException {
    return Files.readString(folder.resolve("runner").resolve(name));
  }

  private void change(String before, String after) throws Exception {
    Path file = clone.resolve(SHOP);
    Files.writeString(file, Files.readString(file).replace(before, after));
    bash(clone, "git commit -qam change");
  }

  /** Answers with the comments that there are, and writes down what is sent. */
  private void gitHub(String comments) throws IOException {
    tool(
        "gh",
        "case \"$*\" in *--paginate*) printf '%s' '"
            + comments
            + "' ;; *) echo \"$*\" >> '"
            + folder.resolve("asked")
            + "' ;; esac");
  }

  @Test
  void gitHubsStepsShowAChangeOnceAndRehearseIt() throws Exception {
    change("colour: red", "colour: green");
    bash(clone, Pipelines.step("Fetch the status branches"));
    bash(clone, Pipelines.step("Validate"));
    bash(clone, Pipelines.step("Plan"));

    assertThat(runner("segue.sarif")).contains("\"version\": \"2.1.0\"");
    assertThat(runner("comment.md"))
        .startsWith("<!-- segue -->\n")
        .contains("site-a")
        .contains("data.colour")
        .contains("green");

    gitHub("");
    bash(clone, Pipelines.step("Comment"));
    gitHub("4711");
    bash(clone, Pipelines.step("Comment"));
    List<String> asked = Files.readAllLines(folder.resolve("asked"));
    assertThat(asked).hasSize(2);
    assertThat(asked.get(0))
        .contains("--method POST repos/shop/products/issues/7/comments --field");
    assertThat(asked.get(1)).contains("--method PATCH repos/shop/products/issues/comments/4711 ");

    bash(clone, Pipelines.step("Rehearse"));
    assertThat(runner("rehearsal.md")).contains("db").contains("back at");
  }

  @Test
  void gitHubsStepsFailForAProblemAndStillTellIt() throws Exception {
    change("dependencies: [db]", "dependencies: [dbb]");
    bash(clone, Pipelines.step("Fetch the status branches"));

    assertThat(run(clone, Pipelines.step("Validate"))).isEqualTo(1);
    assertThat(runner("segue.sarif")).contains("SG1004");
    assertThat(run(clone, Pipelines.step("Plan"))).isEqualTo(1);
    assertThat(runner("comment.md")).contains("SG1004");
  }

  @Test
  void gitLabsScriptKeepsAReportAndOneNote() throws Exception {
    environment.put("SEGUE_NOTES_TOKEN", "glpat-secret");
    environment.put("NOTES", "[]");
    tool(
        "curl",
        """
        echo "$*" >> '%s'
        case "$*" in *--dump-header*) printf 'x-next-page: \\r\\n' > '%s'; printf '%%s' "$NOTES" ;; esac
        """
            .formatted(folder.resolve("asked"), folder.resolve("headers")));
    Assumptions.assumeTrue(run(folder, "command -v jq") == 0, "no jq");
    change("colour: red", "colour: green");
    String script = gitLab();

    bash(clone, script);
    environment.put(
        "NOTES", "[{\"id\":1,\"body\":\"hello\"},{\"id\":42,\"body\":\"<!-- segue -->\\nold\"}]");
    bash(clone, script);

    assertThat(Files.readString(clone.resolve(".segue/junit.xml"))).contains("<testsuites");
    assertThat(Files.readString(clone.resolve(".segue/note.md")))
        .startsWith("<!-- segue -->\n")
        .contains("green");
    List<String> asked = new ArrayList<>(Files.readAllLines(folder.resolve("asked")));
    asked.removeIf(line -> line.contains("--dump-header"));
    assertThat(asked).hasSize(2).noneMatch(line -> line.contains("glpat-secret"));
    assertThat(asked.get(0)).contains("--request POST").endsWith("merge_requests/7/notes");
    assertThat(asked.get(1)).contains("--request PUT").endsWith("merge_requests/7/notes/42");
  }

  @Test
  void gitLabsScriptFailsForAProblemAfterItIsTold() throws Exception {
    change("dependencies: [db]", "dependencies: [dbb]");

    assertThat(run(clone, gitLab())).isEqualTo(1);
    assertThat(log()).contains("<!-- segue -->").contains("SG1004");
  }

  private String gitLab() {
    return String.join("\n", Pipelines.script("script")).replace("/tmp/", folder + "/");
  }

  @Test
  void theHookLooksAtWhatIsStaged() throws Exception {
    Path hook = clone.resolve(".git/hooks/pre-commit");
    Files.writeString(hook, Pipelines.text("hook"));
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    Path file = clone.resolve(SHOP);
    String right = Files.readString(file);

    Files.writeString(file, right.replace("colour: red", "colour: green"));
    bash(clone, "git add -A");
    Files.writeString(file, right.replace("[db]", "[dbb]"));
    bash(clone, "git commit -qm 'what is staged is right'");

    assertThat(run(clone, "git commit -qam 'this is not'")).isEqualTo(1);
    assertThat(log()).contains("SG1004");
  }
}
