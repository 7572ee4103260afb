// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What may be written, and when not any more. */
final class MandateTest {
  private static final GroupName SHOP = GroupName.parse("shop");

  private final AtomicLong tenure = new AtomicLong(1);
  private final Mandate mandate = new Mandate(group -> tenure.get());
  private final List<String> written = new ArrayList<>();

  private boolean write(String what) {
    try {
      return mandate.write(
          why -> new ClusterException(ProblemCode.CLUSTER_CONFLICT, true, why, null),
          () -> written.add(what));
    } catch (ClusterException e) {
      return false;
    }
  }

  @Test
  void aPassWritesUntilItsGroupIsAnothersAndNotAfterItIsOursAgain() {
    assertThat(
            mandate.during(
                SHOP,
                () -> {
                  write("plan");
                  tenure.set(0);
                  write("apply");
                  tenure.set(2);
                  write("create");
                  return true;
                }))
        .as("what came out of it says nothing")
        .isEmpty();
    assertThat(written).containsExactly("plan");

    assertThat(mandate.during(SHOP, () -> write("the next pass"))).contains(true);
    assertThat(written).containsExactly("plan", "the next pass");
  }

  @Test
  void beginsNoPassOverAGroupThatIsNotOurs() {
    tenure.set(0);
    assertThat(mandate.during(SHOP, () -> written.add("a pass"))).isEmpty();
    assertThat(written).isEmpty();
  }

  @Test
  void tellsOfWritesUnderWay() {
    List<Boolean> during = new ArrayList<>();
    assertThat(
            mandate.during(
                SHOP,
                () -> {
                  during.add(mandate.writes(SHOP::equals));
                  try {
                    return mandate.write(
                        MandateTest::fail,
                        () -> {
                          tenure.set(0); // it began in time
                          during.add(mandate.writes(SHOP::equals));
                          during.add(mandate.writes(group -> !group.equals(SHOP)));
                          return true;
                        });
                  } catch (ClusterException e) {
                    throw new AssertionError(e);
                  }
                }))
        .isEmpty();
    assertThat(during).containsExactly(false, true, false);
    assertThat(mandate.writes(group -> true)).isFalse();
  }

  private static ClusterException fail(String why) {
    return new ClusterException(ProblemCode.CLUSTER_CONFLICT, true, why, null);
  }

  @Test
  void nobodyWritesOutsideAPass() {
    assertThatThrownBy(() -> write("alone")).isInstanceOf(IllegalStateException.class);
  }
}
