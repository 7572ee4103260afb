// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SpecVersion;
import dev.segue.renderer.testing.EditorSchema;
import dev.segue.renderer.testing.SampleDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  @Test
  void isOfItsDraftAndOfTheOneThatOlderEditorsKnow() {
    assertThat(
            EditorSchema.faults(
                SpecVersion.VersionFlag.V202012, "https://json-schema.org/draft/2020-12/schema"))
        .isEmpty();
    assertThat(
            EditorSchema.faults(
                SpecVersion.VersionFlag.V7, "http://json-schema.org/draft-07/schema#"))
        .isEmpty();
  }

  @Test
  void saysInSentencesWhatEveryFieldIs() {
    assertThat(properties())
        .allSatisfy(p -> assertThat(p.description()).as(p.name()).matches("[A-Z`].*\\."));
  }

  /** Of all that is not one of a few. */
  @Test
  void showsAnExampleOfEveryText() {
    assertThat(properties())
        .filteredOn(p -> p.shape() instanceof Shape.Text || p.shape() instanceof Shape.TextOr)
        .allSatisfy(
            p -> assertThat(p.examples().isEmpty() && p.standard() == null).as(p.name()).isFalse());
  }

  @Test
  void theReferenceNamesEveryFieldAndEveryWord() throws IOException {
    String reference = Files.readString(Path.of("../docs/reference.md"));
    Set<String> names = new TreeSet<>();
    for (Property property : (Iterable<Property>) properties()::iterator) {
      if (!(property.shape() instanceof Shape.Anything)) {
        names.add(property.name());
      }
      if (property.shape() instanceof Shape.Choice choice) {
        names.addAll(choice.words().keySet());
      }
    }
    names.removeAll(List.of("apiVersion", "kind", "metadata", "spec", "segue.dev/v1alpha1"));
    names.remove("ApplicationGroup");
    assertThat(names).hasSizeGreaterThan(50);
    assertThat(names)
        .filteredOn(name -> !reference.matches("(?s).*`([a-z]+\\.)*" + name + "`.*"))
        .isEmpty();
  }

  private static Stream<Property> properties() {
    return SampleDocuments.all().stream()
        .flatMap(sample -> sample.places().stream())
        .flatMap(place -> place.struct().properties().stream())
        .distinct();
  }
}
