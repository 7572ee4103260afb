// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrkestraTest {
  @ParameterizedTest
  @CsvSource({
    "ambassador, ambassador",
    "Kafka_Dev, kafka-dev",
    "_db.v1, db-v1",
    "a23456789012345678901234567890123456789012345678901234567890123456789,"
        + " a23456789012345678901234567890123456789012345678901234567890123"
  })
  void callsAHelmReleaseAfterItsChart(String chart, String release) {
    assertThat(Orkestra.release(chart)).isEqualTo(release);
  }
}
