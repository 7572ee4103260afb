// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.testing.ModelAgent;
import dev.segue.renderer.testing.ModelAgent.Fault;
import dev.segue.renderer.testing.ModelHelm;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.testing.SplitProducts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An umbrella chart whole, in parts and everything between, changed into each other, with every
 * step failing in every way: no object is ever deleted.
 */
class HandoverLawsTest {
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final List<List<String>> FORMS =
      List.of(
          List.of(),
          List.of("details"),
          List.of("ratings", "reviews"),
          List.of("details", "ratings", "reviews"));

  private static final List<DesiredGroup> NEXT =
      FORMS.stream().map(form -> SplitProducts.desired(commit(3), "1.2.0", form)).toList();

  @Test
  void everyFormBecomesEveryOtherAndNoObjectIsAnother() {
    forEveryChange(
        (good, after) -> {
          ModelAgent agent = good.copy();
          Plan plan = agent.aim(after, OnFailure.ROLLBACK).plan();
          LifecycleLaws.everyStepBeginsAfterItsAncestry(agent, plan);
          agent.pass(agent.aim(after, OnFailure.ROLLBACK), Map.of());
          isWell(agent, good, after);
          assertThat(agent.aim(after, OnFailure.ROLLBACK).plan().isEmpty()).isTrue();
          BundleRenderer.render(plan, 1, Products.SETTINGS, Map.of());
        });
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void afterAnyFailedStepTheWayBackAndTheWayOnDeleteNothing(Fault fault) {
    forEveryChange(
        (good, after) -> {
          for (Step failing : good.aim(after, OnFailure.ROLLBACK).plan().steps()) {
            ModelAgent agent = good.copy();
            agent.pass(agent.aim(after, OnFailure.ROLLBACK), Map.of(failing.task(), fault));
            nothingIsLost(agent, good, failing.task());
            DesiredGroup before = agent.copy().aim(after, OnFailure.ROLLBACK).plan().desired();
            for (Fault second : Fault.values()) {
              for (Step back : agent.aim(after, OnFailure.ROLLBACK).plan().steps()) {
                ModelAgent held = agent.copy();
                held.pass(held.aim(after, OnFailure.ROLLBACK), Map.of(back.task(), second));
                nothingIsLost(held, good, failing.task() + " and " + back.task());
                for (DesiredGroup next : NEXT) {
                  ModelAgent fixed = held.copy();
                  fixed.pass(fixed.aim(next, OnFailure.ROLLBACK), Map.of());
                  nothingIsLost(fixed, good, failing.task() + " and " + back.task());
                  isWell(fixed, good, next);
                }
              }
            }
            agent.pass(agent.aim(after, OnFailure.ROLLBACK), Map.of());
            isWell(agent, good, before);
          }
        });
  }

  @Test
  void aLongHistoryOfFailuresDeletesNothing() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      ModelAgent agent = new ModelAgent();
      agent.pass(agent.aim(desired("1.0.0", FORMS.get(seed % 4)), OnFailure.ROLLBACK), Map.of());
      ModelAgent first = agent.copy();
      for (int i = 1; i < 12; i++) {
        List<String> form = FORMS.get(random.nextInt(FORMS.size()));
        DesiredGroup next = SplitProducts.desired(commit(i + 1), "1.0." + i, form);
        for (int pass = 0; pass < 3; pass++) {
          ModelAgent.Aim aim = agent.aim(next, OnFailure.ROLLBACK);
          Map<String, Fault> faults = new HashMap<>();
          for (Step step : aim.plan().steps()) {
            if (random.nextInt(6) == 0) {
              faults.put(step.task(), FAULTS.get(random.nextInt(FAULTS.size())));
            }
          }
          agent.pass(aim, faults);
          nothingIsLost(agent, first, "seed " + seed + ", commit " + i + ", faults " + faults);
        }
      }
      List<String> form = FORMS.get(random.nextInt(FORMS.size()));
      DesiredGroup last = SplitProducts.desired(commit(99), "1.1.0", form);
      agent.pass(agent.aim(last, OnFailure.ROLLBACK), Map.of());
      isWell(agent, first, last);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whatIsRemovedAfterAFailureLeavesNothingButWhatWasNobodys(Fault fault) {
    forEveryChange(
        (good, after) -> {
          for (Step failing : good.aim(after, OnFailure.ROLLBACK).plan().steps()) {
            ModelAgent agent = good.copy();
            agent.pass(agent.aim(after, OnFailure.HOLD), Map.of(failing.task(), fault));
            Set<String> nobodys = agent.helm().uids().keySet();
            nobodys.removeAll(agent.helm().owners().keySet());
            boolean yielded = agent.live().values().stream().anyMatch(LiveRelease::hasYielded);
            agent.pass(agent.removal(after), Map.of());
            assertThat(agent.live()).isEmpty();
            assertThat(agent.helm().owners()).isEmpty();
            Set<String> left = agent.helm().uids().keySet();
            assertThat(left).isSubsetOf(yielded ? SplitProducts.SUBCHARTS : nobodys);
          }
        });
  }

  @Test
  void randomOrdersOfPartsHaveNoCycle() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Map<String, List<String>> order = new TreeMap<>();
      List<String> names = new ArrayList<>(SplitProducts.SUBCHARTS);
      java.util.Collections.shuffle(names, random);
      for (int i = 1; i < names.size(); i++) {
        List<String> before = new ArrayList<>(names.subList(0, i));
        before.removeIf(name -> random.nextBoolean());
        order.put(names.get(i), before);
      }
      List<String> from = FORMS.get(random.nextInt(FORMS.size()));
      List<String> to = FORMS.get(random.nextInt(FORMS.size()));
      ModelAgent agent = new ModelAgent();
      agent.pass(
          agent.aim(
              SplitProducts.desired(Products.COMMIT_1, "1.0.0", from, order), OnFailure.ROLLBACK),
          Map.of());
      ModelAgent good = agent.copy();
      DesiredGroup after = SplitProducts.desired(Products.COMMIT_2, "1.1.0", to, order);
      agent.pass(agent.aim(after, OnFailure.ROLLBACK), Map.of());
      isWell(agent, good, after);
    }
  }

  private static CommitId commit(int number) {
    return CommitId.parse(Digest.of("commit " + number).prefix(40));
  }

  private static DesiredGroup desired(String version, List<String> staged) {
    return SplitProducts.desired(Products.COMMIT_1, version, staged);
  }

  private static void nothingIsLost(ModelAgent agent, ModelAgent before, String after) {
    assertThat(agent.helm().uids()).as("after %s", after).isEqualTo(before.helm().uids());
  }

  private static void isWell(ModelAgent agent, ModelAgent before, DesiredGroup desired) {
    nothingIsLost(agent, before, "all");
    agent.pass(
        agent.aim(desired, OnFailure.HOLD), Map.of()); // nothing runs, and the record settles
    assertThat(agent.isExactly(desired)).isTrue();
    assertThat(agent.helm().kept()).isEmpty();
    Map<String, Set<String>> owners = new TreeMap<>();
    for (DesiredRelease release : desired.releases().values()) {
      ModelHelm.objects(release)
          .forEach(object -> owners.put(object, new TreeSet<>(Set.of(release.name().value()))));
    }
    assertThat(agent.helm().owners()).isEqualTo(owners);
    assertThat(agent.inventory().releases().keySet()).isEqualTo(desired.releases().keySet());
    for (DeployedRelease release : agent.inventory().releases().values()) {
      assertThat(release.digest()).isEqualTo(desired.release(release.name()).digest());
      assertThat(release.dissolved()).isFalse();
    }
  }

  private static void forEveryChange(BiConsumer<ModelAgent, DesiredGroup> law) {
    for (List<String> from : FORMS) {
      for (List<String> to : FORMS) {
        if (!from.equals(to)) {
          ModelAgent good = new ModelAgent();
          good.pass(good.aim(desired("1.0.0", from), OnFailure.ROLLBACK), Map.of());
          law.accept(good, SplitProducts.desired(Products.COMMIT_2, "1.0.0", to));
        }
      }
    }
  }
}
