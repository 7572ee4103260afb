// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segue.renderer.schema.JsonSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code segue schema}: what it prints, and that the file for clusters is just that. */
class SchemaCommandTest {
  private static final Path CRD = Path.of("../deploy/crds/applicationgroups.segue.dev.yaml");

  private static CommandLineRun segue(String... arguments) {
    return CommandLineRun.here(Map.of("HOME", "/nowhere"), arguments);
  }

  @Test
  void printsTheJsonSchema() throws IOException {
    CommandLineRun run = segue("schema");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).endsWith("}\n");
    ObjectMapper json = new ObjectMapper();
    JsonNode schema = json.readTree(run.out());
    assertThat(schema).isEqualTo(json.readTree(json.writeValueAsString(JsonSchema.ofGroup())));
    assertThat(schema.at("/properties/spec/properties/onFailure/default").asText())
        .isEqualTo("rollback");
    assertThat(segue("schema")).isEqualTo(run);
  }

  /** {@code -Dgolden.update=true} rewrites it. */
  @Test
  void printsTheCrdThatIsDeployed() throws IOException {
    CommandLineRun run = segue("schema", "--crd");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(CRD.getParent());
      Files.writeString(CRD, run.out());
    }
    assertThat(run.out()).isEqualTo(Files.readString(CRD));
  }
}
