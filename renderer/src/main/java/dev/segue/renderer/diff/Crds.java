// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.RenderedObject.Role;
import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What becomes of definitions of resources that change. */
final class Crds {
  private final List<Hint> hints = new ArrayList<>();

  private Crds() {}

  /** Whether it is a definition. */
  static boolean is(ObjectId id) {
    return id.is("apiextensions.k8s.io", "CustomResourceDefinition");
  }

  /**
   * @param policy what Flux does with {@code crds/} on an upgrade; see {@code spec.upgrade.crds}
   */
  static List<Hint> changed(Pair pair, String policy) {
    Crds crds = new Crds();
    if (pair.after().role() == Role.CRD && !policy.equals("CreateReplace")) {
      crds.add(
          Hint.Kind.NOT_APPLIED,
          pair.id(),
          "Helm never upgrades what stands in `crds/`; set `upgrade.crds: CreateReplace`");
      return crds.hints;
    }
    crds.compare(pair);
    return crds.hints;
  }

  /**
   * @param policy as of {@link #changed}
   */
  static List<Hint> added(ObjectId id, String policy) {
    Crds crds = new Crds();
    if (!policy.equals("CreateReplace") && !policy.equals("Create")) {
      crds.add(
          Hint.Kind.NOT_APPLIED,
          id,
          "an upgrade creates nothing that stands in `crds/`; set `upgrade.crds: Create`");
    }
    return crds.hints;
  }

  private void add(Hint.Kind kind, ObjectId id, String reason) {
    hints.add(new Hint(kind, id, reason));
  }

  private void compare(Pair pair) {
    Map<String, Object> before = versions(pair.before());
    Map<String, Object> after = versions(pair.after());
    Set<String> gone = new TreeSet<>(before.keySet());
    gone.removeAll(after.keySet());
    for (String version : gone) {
      if (is(before.get(version), "storage")) {
        add(
            Hint.Kind.REFUSED,
            pair.id(),
            "version " + version + " is removed although objects may be stored in it");
      } else {
        add(Hint.Kind.DOWNTIME, pair.id(), "version " + version + " is served no longer");
      }
    }
    for (String version : after.keySet()) {
      if (is(before.get(version), "served") && !is(after.get(version), "served")) {
        add(Hint.Kind.DOWNTIME, pair.id(), "version " + version + " is served no longer");
      }
      if (before.containsKey(version)
          && !is(before.get(version), "storage")
          && is(after.get(version), "storage")) {
        add(
            Hint.Kind.NOTE,
            pair.id(),
            "objects are stored in version "
                + version
                + " from now on; those that are there stay as stored until they are written");
      }
    }
  }

  private static boolean is(@Nullable Object version, String flag) {
    return Boolean.TRUE.equals(PlainData.at(version, flag));
  }

  private static Map<String, Object> versions(RenderedObject definition) {
    Map<String, Object> versions = new TreeMap<>();
    if (definition.at("spec", "versions") instanceof List<?> list) {
      for (Object version : list) {
        if (version != null) {
          versions.put(PlainData.text(version, "name"), version);
        }
      }
    }
    return versions;
  }
}
