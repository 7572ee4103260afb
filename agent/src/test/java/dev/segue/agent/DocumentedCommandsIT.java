// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/cli.md shows of graph, init and migrate is what they print. */
class DocumentedCommandsIT {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/graph");

  @TempDir Path folder;

  private String docs = "";

  @BeforeEach
  void read() throws IOException {
    docs = Files.readString(Path.of("../docs/cli.md"));
  }

  /** The pictures themselves are held by {@link GraphCommandIT}. */
  @Test
  void showsThePicturesOfTheExample() throws IOException {
    assertThat(docs)
        .contains(
            "$ segue graph products/core5g.yaml\n" + Files.readString(GOLDEN.resolve("core5g.txt")),
            "$ segue graph --fail bookinfo-ratings products/bookinfo.yaml\n"
                + Files.readString(GOLDEN.resolve("bookinfo-fail.txt")));
  }

  @Test
  void showsAFirstFile() throws Exception {
    chart("db", "");
    chart("web", ", dependencies: [{name: db, version: 1.0.0, repository: \"file://../db\"}]");

    CommandLineRun run =
        CommandLineRun.process(folder, Map.of(), "init", "charts", "--name", "shop");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(docs).contains("$ segue init charts --name shop\n" + run.out());
  }

  private void chart(String name, String more) throws IOException {
    Path chart = Files.createDirectories(folder.resolve("charts").resolve(name));
    Files.writeString(
        chart.resolve("Chart.yaml"),
        "{apiVersion: v2, name: " + name + ", version: 1.0.0" + more + "}");
  }

  @Test
  void showsAMigration() throws Exception {
    Files.writeString(
        folder.resolve("helmfile.yaml"),
        """
        repositories:
        - {name: stable, url: https://charts.example.com/stable, username: robot, password: xyz}
        releases:
        - name: db
          namespace: data
          chart: stable/postgresql
          version: 12.1.9
          values: [{auth: {existingSecret: pg}}]
        - name: web
          namespace: shop
          chart: ./charts/web
          needs: [data/db]
          hooks: [{events: [presync], command: ./hook.sh}]
        - name: debug
          chart: ./charts/debug
          installed: false
        """);
    Files.writeString(folder.resolve("templated.yaml"), "releases:\n- name: {{ .Values.name }}\n");

    CommandLineRun run =
        CommandLineRun.process(
            folder, Map.of(), "migrate", "--name", "shop", "helmfile.yaml", "-f", "shop.yaml");
    CommandLineRun refused = CommandLineRun.process(folder, Map.of(), "migrate", "templated.yaml");

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(refused.code()).isEqualTo(1);
    assertThat(docs)
        .contains(
            "$ segue migrate --name shop helmfile.yaml -f shop.yaml\n" + run.err(),
            "$ segue migrate templated.yaml\n" + refused.err());
    assertThat(folder.resolve("shop.yaml")).content().contains("authSecretRef: stable");
  }
}
