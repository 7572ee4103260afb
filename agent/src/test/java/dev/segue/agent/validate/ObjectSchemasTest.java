// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.operate.Json;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.render.ReadManifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectSchemasTest {
  private static final String SERVICE =
      """
      {"$schema": "http://json-schema.org/schema#", "type": "object", "required": ["spec"],
       "properties": {
         "spec": {"type": "object", "properties": {
           "type": {"type": "string", "enum": ["ClusterIP", "NodePort"]},
           "selector": {"type": "object", "additionalProperties": {"type": "string"}},
           "ports": {"type": "array", "items": {"type": "object", "required": ["port"], "properties": {
             "port": {"type": "integer", "format": "int32"},
             "targetPort": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}}}}}}}
      """;
  private static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: queues.example.org}
      spec:
        group: example.org
        names: {kind: Queue}
        versions:
        - name: v1
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    size: {x-kubernetes-int-or-string: true}
                    depth: {type: integer, nullable: true}
                    free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: string}}}
      """;

  @TempDir Path folder;

  private ObjectSchemas schemas() {
    return new ObjectSchemas(List.of(folder), List.of(), "v1.34.0", Json::write);
  }

  private static List<String> lines(ObjectSchemas schemas, String... manifests) {
    return schemas
        .check("shop", "web", RenderedChecks.application(), RenderedChecks.rendered(manifests))
        .stream()
        .map(Finding::line)
        .toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void namesReleaseObjectAndFieldOfEveryFault() throws IOException {
    write("service-v1.json", SERVICE);
    String place =
        "shop.yaml:7: SG160%s: field `spec.chart` of \"web\": object \"v1 Service web\": ";

    assertThat(
            lines(
                schemas(),
                """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  typ: NodePort
                  type: Internal
                  selector: {app: web}
                  ports:
                  - {port: "80", targetPort: http}
                  - {targetPort: 8080}
                """))
        .containsExactlyInAnyOrder(
            place.formatted(2)
                + "field `spec.ports[0].port` must be of type integer; it is of type string",
            place.formatted(2) + "field `spec.ports[1].port` must be there",
            place.formatted(2) + "field `spec.type` must be one of [\"ClusterIP\", \"NodePort\"]",
            place.formatted(3) + "field `spec.typ` must not be there; no such field is known");
  }

  @Test
  void findsNothingInWhatIsRight() throws IOException {
    write("service-v1.json", SERVICE);

    assertThat(
            lines(
                schemas(),
                "apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {a: b}}\nspec: {ports: [{port: 80}]}\n"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role-rbac-v1.json",
        "role-rbac.authorization.k8s.io-v1.json",
        "rbac.authorization.k8s.io/role_v1.json",
        "v1.34.0-standalone-strict/role-rbac-v1.json",
        "master-standalone/role-rbac-v1.json"
      })
  void findsSchemasWherePeopleKeepThem(String name) throws IOException {
    write(name, "{\"type\": \"object\", \"required\": [\"rules\"]}");

    assertThat(
            lines(
                schemas(),
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: web}\n"))
        .hasSize(1);
  }

  @Test
  void countsObjectsWithoutASchema() {
    ObjectSchemas schemas = schemas();

    assertThat(
            lines(
                schemas,
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
                "apiVersion: ../../etc\nkind: Queue\nmetadata: {name: c}\n"))
        .isEmpty();
    assertThat(schemas.withoutSchema())
        .isEqualTo("3 objects have no schema among those given: 1 ../../etc Queue, 2 v1 ConfigMap");
  }

  @Test
  void takesCustomResourcesByTheirDefinitions() throws IOException {
    write("crds/queues.yaml", CRD);
    ObjectSchemas given =
        new ObjectSchemas(List.of(), List.of(folder.resolve("crds")), "v1.34.0", Json::write);
    ObjectSchemas learnt = new ObjectSchemas(List.of(), List.of(), "v1.34.0", Json::write);
    learnt.learn(ReadManifests.of(new HelmOutput(List.of(), List.of(), List.of(CRD), List.of())));
    String right =
        "apiVersion: example.org/v1\nkind: Queue\nmetadata: {name: a}\nspec: {size: 50%, depth: null, free: {b: 1}}\n";

    for (ObjectSchemas schemas : List.of(given, learnt)) {
      assertThat(lines(schemas, right)).isEmpty();
      assertThat(lines(schemas, right.replace("size", "sise").replace("null", "deep")))
          .hasSize(2)
          .anyMatch(line -> line.contains("SG1603") && line.contains("`spec.sise`"))
          .anyMatch(line -> line.contains("SG1602") && line.contains("`spec.depth`"));
      assertThat(schemas.withoutSchema()).isEmpty();
    }
  }

  @Test
  void neverTellsWhatASecretHolds() throws IOException {
    write(
        "secret-v1.json",
        """
        {"type": "object", "properties": {"type": {"enum": ["Opaque"]}, "data": {"type": "object",
         "additionalProperties": {"type": "string", "pattern": "^[a-z]*$", "maxLength": 3}}}}
        """);

    assertThat(
            lines(
                schemas(),
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: hush1\ndata: {key: HUSH2}\n"))
        .isNotEmpty()
        .noneMatch(line -> line.toLowerCase(java.util.Locale.ROOT).contains("hush"));
  }

  @Test
  void saysWhichSchemaCannotBeUsed() throws IOException {
    write("service-v1.json", "{broken");
    write(
        "pod-v1.json",
        "{\"properties\": {\"spec\": {\"$ref\": \"http://127.0.0.1:1/_definitions.json#/x\"}}}");
    ObjectSchemas schemas =
        new ObjectSchemas(
            List.of(folder, folder.resolve("none")),
            List.of(folder.resolve("no.yaml")),
            "v1.34.0",
            Json::write);
    lines(
        schemas,
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n");

    assertThat(schemas.unusable())
        .extracting(Finding::line)
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(line -> line.contains("SG1604"))
        .anyMatch(line -> line.contains("none: SG1604: must be a folder of JSON Schemas"))
        .anyMatch(line -> line.contains("no.yaml: SG1604: there is no such file or folder"))
        .anyMatch(line -> line.contains("service-v1.json:1: SG1604"))
        .anyMatch(
            line ->
                line.contains("the schema of v1 Pod must be a JSON Schema that needs no other"));
  }
}
