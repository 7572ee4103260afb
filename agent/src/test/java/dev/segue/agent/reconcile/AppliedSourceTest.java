// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which ApplicationGroups of a cluster are groups that somebody applied. */
final class AppliedSourceTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "applied with kubectl, kubectl, Apply, '', true",
    "made by us and without its label, segue, Apply, '', false",
    "applied with kubectl and its status is ours, segue, Update, status, true",
    "applied with kubectl and held by us, segue-finalizer, Apply, '', true"
  })
  void isNoneThatWeMadeOfAFile(
      String what, String manager, String operation, String subresource, boolean applied)
      throws Exception {
    AppliedObjects objects = new AppliedObjects();
    objects.put(
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata:
          name: shop
          namespace: delivery
          managedFields:
          - {manager: someone, operation: Update}
          - {manager: %s, operation: %s, subresource: "%s"}
        spec: {applications: []}
        """
            .formatted(manager, operation, subresource));

    assertThat(new AppliedSource(objects, new AppliedMemory()).poll().objects())
        .hasSize(applied ? 1 : 0);
  }
}
