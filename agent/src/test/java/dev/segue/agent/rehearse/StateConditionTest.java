// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.Manifest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateConditionTest {
  private static final Manifest LIVE =
      Rehearsal.manifest(
          """
          apiVersion: v1
          kind: Thing
          metadata: {name: x, generation: 7}
          status:
            ok: true
            text: hello
            nothing: null
            conditions: [{type: Ready, status: "False"}]
          """);

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          status.text==hello                                     | true
          status.text = hello                                    | true
          status.text!=hello                                     | false
          status.ok==true                                        | true
          status.nothing==                                       | true
          status.nothing                                         | true
          status.conditions.0.type==Ready                        | true
          status.conditions.1.type==Ready                        | false
          status.conditions.0.type in (Stalled, Ready)           | true
          status.conditions.0.type notin (Stalled,Ready)         | false
          status.absent==x                                       | false
          status.absent!=x                                       | true
          status.absent notin (x)                                | true
          !status.absent                                         | true
          !status.text                                           | false
          status.absent                                          | false
          metadata.generation>6                                  | true
          metadata.generation<7                                  | false
          status.text>6                                          | false
          status.absent<6                                        | false
          status.text==hello,status.ok==false                    | false
          status.text==hello,status.conditions.0.type in (Ready) | true
          """)
  void isMetAsASelectorIs(String condition, boolean met) {
    assertThat(StateCondition.parse(condition).isMetBy(LIVE.fields())).isEqualTo(met);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status.revision==1.1.0+ea54dc35c3e4",
        "status.time==2026-01-01T00:00:00Z",
        "status.digest==0123456789012345678901234567890123456789012345678901234567890123",
        "status.conditions.#==1",
        "status.conditions.#(type==\"Ready\").status==True",
        "status.text>much",
        "status.text==a b",
        "status.text==a,",
        "metadata.annotations.reconcile\\.fluxcd\\.io/requestedAt==x"
      })
  void refusesWhatDoesNotParse(String condition) {
    assertThatThrownBy(() -> StateCondition.parse(condition))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
