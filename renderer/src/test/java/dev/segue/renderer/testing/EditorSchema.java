// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.segue.renderer.schema.JsonSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON Schema, as an editor applies it. */
public final class EditorSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final com.networknt.schema.JsonSchema GROUP =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(json(JsonSchema.ofGroup()));

  private EditorSchema() {}

  /** What it says against a document, sorted; empty for nothing. */
  public static List<String> complaints(@Nullable Object document) {
    return sorted(GROUP.validate(json(document)));
  }

  /** What the meta-schema at that URL says against the schema itself. */
  public static List<String> faults(SpecVersion.VersionFlag version, String metaSchema) {
    return sorted(
        JsonSchemaFactory.getInstance(version)
            .getSchema(com.networknt.schema.SchemaLocation.of(metaSchema))
            .validate(json(JsonSchema.ofGroup())));
  }

  private static List<String> sorted(Iterable<ValidationMessage> messages) {
    List<String> texts = new java.util.ArrayList<>();
    messages.forEach(message -> texts.add(message.getMessage()));
    return texts.stream().sorted().toList();
  }

  private static JsonNode json(@Nullable Object data) {
    return JSON.valueToTree(data);
  }
}
