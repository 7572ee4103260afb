// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowValidationTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name with a digit first | 5g;b: 5g         | cannot begin with a digit
          unknown dependency      | a;b: c           | dependency 'c' not defined
          cycle                   | a: b;b: a        | dependency cycle detected: a->b->a
          unknown result          | a;b: a.Succeded  | task result 'Succeded' for task 'a' is invalid
          broken expression       | a;b: a &&        | unable to evaluate expression 'a &&': unexpected end
          name with a dot         | a.b              | name 'a.b' is invalid
          """)
  void refusesWhatArgoRefuses(String name, String tasks, String message) throws Exception {
    Manifest ended = run(Dags.of(tasks.split(";")));

    assertThat(Rehearsal.phase(ended)).isEqualTo("Failed");
    assertThat(ended.text("status", "message").orElse(""))
        .startsWith("invalid spec: ")
        .contains(message);
  }

  @Test
  void refusesAnEntrypointThatIsNotThere() throws Exception {
    Manifest ended = run(Fields.with(Dags.of("a"), "other", "spec", "entrypoint"));

    assertThat(ended.text("status", "message").orElse(""))
        .contains("template name 'other' undefined");
  }

  @Test
  void refusesAParameterThatIsNotSupplied() throws Exception {
    Manifest ended =
        run(Dags.with(Dags.of("a"), "tasks", List.of(Map.of("name", "a", "template", "ok"))));

    assertThat(ended.text("status", "message").orElse(""))
        .contains("inputs.parameters.name was not supplied");
  }

  @Test
  void endsWithErrorAndNamesWhatItDoesNotSupport() throws Exception {
    Manifest hooks = run(Fields.with(Dags.of("a"), "main", "spec", "onExit"));
    Manifest items =
        run(
            Dags.with(
                Dags.of("a"),
                "tasks",
                List.of(Map.of("name", "a", "template", "ok", "withItems", List.of(1)))));

    assertThat(Rehearsal.phase(hooks)).isEqualTo("Error");
    assertThat(hooks.text("status", "message"))
        .contains("the embedded cluster does not support `onExit` in `spec`");
    assertThat(items.text("status", "message"))
        .contains("the embedded cluster does not support `withItems` in `templates.main.tasks.a`");
  }

  @Test
  void namesAPlaceholderThatHasNoValue() throws Exception {
    Manifest ended =
        run(
            Rehearsal.read(
                "tasks.yaml",
                Map.of(
                    "NAME",
                    "dag",
                    "{{workflow.name}}",
                    "{{no.such}}",
                    "tasks: []",
                    "tasks: [{name: a, template: ok, arguments: {parameters: [{name: name, value: a}]}}]")));

    assertThat(Rehearsal.phase(ended)).isEqualTo("Error");
    assertThat(Rehearsal.message(ended, "a")).isEqualTo("failed to resolve {{no.such}}");
  }

  private static Manifest run(Manifest workflow) throws Exception {
    try (Rehearsal rehearsal = new Rehearsal()) {
      return rehearsal.run(workflow);
    }
  }
}
