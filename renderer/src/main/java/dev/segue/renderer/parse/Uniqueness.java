// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks what must be unique among all groups of a snapshot. */
final class Uniqueness {
  private Uniqueness() {}

  static void check(List<Draft> drafts) {
    checkNames(drafts);
    checkReleases(drafts);
  }

  private static void checkNames(List<Draft> drafts) {
    Map<GroupName, List<Draft>> byName = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      draft
          .name()
          .ifPresent(name -> byName.computeIfAbsent(name, n -> new ArrayList<>()).add(draft));
    }
    byName.forEach(
        (name, same) -> {
          for (Draft draft : same) {
            same.stream()
                .filter(other -> !other.equals(draft))
                .findFirst()
                .ifPresent(other -> reportName(draft, other, name));
          }
        });
  }

  private static void reportName(Draft draft, Draft other, GroupName name) {
    draft
        .findings()
        .add(
            draft.origin().line(),
            ProblemCode.DUPLICATE_GROUP,
            "metadata.name",
            "must be unique in the repository; \"" + name + "\" is also in " + placeOf(other, 0),
            "Rename or remove one of them.");
  }

  private static void checkReleases(List<Draft> drafts) {
    record Key(Namespace namespace, ReleaseName release) {}
    record Claimed(Draft draft, Draft.Claim claim) {}
    Map<Key, List<Claimed>> byKey = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      for (Draft.Claim claim : draft.claims()) {
        byKey
            .computeIfAbsent(new Key(claim.namespace(), claim.release()), key -> new ArrayList<>())
            .add(new Claimed(draft, claim));
      }
    }
    for (List<Claimed> same : byKey.values()) {
      for (Claimed claimed : same) {
        same.stream()
            .filter(other -> !isOneGroup(claimed.draft(), other.draft()))
            .findFirst()
            .ifPresent(
                other ->
                    reportRelease(
                        claimed.draft(),
                        claimed.claim(),
                        placeOf(other.draft(), other.claim().line())));
      }
    }
  }

  /** What is twice in one group, or in two of one name, was reported as that. */
  private static boolean isOneGroup(Draft draft, Draft other) {
    return (draft.name().isPresent() && other.name().isPresent())
        ? draft.name().equals(other.name())
        : draft.equals(other);
  }

  private static void reportRelease(Draft draft, Draft.Claim claim, String otherPlace) {
    draft
        .findings()
        .add(
            claim.line(),
            ProblemCode.DUPLICATE_RELEASE,
            claim.field(),
            "must be unique in its target namespace; \""
                + claim.release()
                + "\" is also released into \""
                + claim.namespace()
                + "\" by "
                + otherPlace,
            "Rename one of them or give it another `targetNamespace`.");
  }

  private static String placeOf(Draft draft, int line) {
    return draft.origin().file() + ":" + (line > 0 ? line : draft.origin().line());
  }
}
