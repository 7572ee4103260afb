// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Helm's storage and its objects, as seen on a real cluster: an upgrade deletes what the last
 * deployed manifest has and the new one has not, whoever owns it, unless the live object is kept;
 * an uninstall deletes what the last manifest has, unless it is kept in that manifest.
 */
public final class ModelHelm {
  private final Map<ReleaseName, Stored> storage = new TreeMap<>();
  private final Map<String, Integer> uids = new TreeMap<>();
  private final Set<String> kept = new TreeSet<>();
  private int made;

  /** What Helm knows of a release. */
  private record Stored(
      @Nullable Map<String, @Nullable Object> deployed, Map<String, @Nullable Object> last) {}

  void become(ModelHelm other) {
    storage.putAll(other.storage);
    uids.putAll(other.uids);
    kept.addAll(other.kept);
    made = other.made;
  }

  /** What a step gives Flux: the chart's version, its objects, and whether they are kept. */
  static Map<String, @Nullable Object> spec(Step step) {
    Change change = step.change();
    if (change instanceof Change.Dissolve dissolve) {
      return with(dissolve.live().spec(), true);
    }
    if (change instanceof Change.Reclaim reclaim) {
      return with(reclaim.live().spec(), false);
    }
    if (change instanceof Change.Yield yield && step.phase() == Step.Phase.HOLD) {
      return with(yield.live().spec(), true);
    }
    DesiredRelease desired = ((Change.Apply) change).desired();
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("version", version(desired));
    spec.put("objects", List.copyOf(objects(desired)));
    return with(spec, step.phase() == Step.Phase.ADOPT);
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> spec, boolean keep) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(spec);
    changed.put("keep", keep);
    return changed;
  }

  private static String version(DesiredRelease release) {
    return release.chart().pin() instanceof ChartPin.Derived part && part.commit() != null
        ? release.chart().version() + "+" + part.commit().shortHex()
        : release.chart().version();
  }

  /** The objects of a release: one for each sub-chart, and one of its own. */
  public static Set<String> objects(DesiredRelease release) {
    String own = release.name().value();
    if (release.chart().pin() instanceof ChartPin.Derived part) {
      Set<String> objects = new TreeSet<>(part.from().included());
      objects.add(part.from().subchart().isEmpty() ? own : part.from().subchart());
      return objects;
    }
    return own.equals(SplitProducts.UMBRELLA)
        ? new TreeSet<>(List.of(own, "details", "ratings", "reviews"))
        : Set.of(own);
  }

  void apply(ReleaseName release, Map<String, @Nullable Object> spec, boolean well) {
    Stored before = storage.get(release);
    Collection<String> objects = PlainData.texts(spec.get("objects"));
    for (String object : objects) {
      uids.computeIfAbsent(object, name -> ++made);
      if (Boolean.TRUE.equals(spec.get("keep"))) {
        kept.add(object);
      } else {
        kept.remove(object);
      }
    }
    if (before != null) {
      Map<String, @Nullable Object> current =
          before.deployed() == null ? before.last() : before.deployed();
      Set<String> dropped = new TreeSet<>(PlainData.texts(current.get("objects")));
      dropped.removeAll(objects);
      dropped.removeAll(kept);
      dropped.forEach(uids::remove);
    }
    storage.put(
        release,
        new Stored(well || before == null ? wellOrNull(spec, well) : before.deployed(), spec));
  }

  private static @Nullable Map<String, @Nullable Object> wellOrNull(
      Map<String, @Nullable Object> spec, boolean well) {
    return well ? spec : null;
  }

  void uninstall(ReleaseName release) {
    Stored stored = storage.remove(release);
    if (stored != null && !Boolean.TRUE.equals(stored.last().get("keep"))) {
      PlainData.texts(stored.last().get("objects")).forEach(uids::remove);
    }
  }

  boolean knows(ReleaseName release) {
    return storage.containsKey(release);
  }

  String deployed(ReleaseName release) {
    Stored stored = storage.get(release);
    return stored == null ? "" : PlainData.text(stored.deployed(), "version");
  }

  /** Every object that is there, with what it is told from another of its name by. */
  public Map<String, Integer> uids() {
    return new TreeMap<>(uids);
  }

  /** The objects that Helm does not delete. */
  public Set<String> kept() {
    return new TreeSet<>(kept);
  }

  /** The releases whose manifest has an object, by object. */
  public Map<String, Set<String>> owners() {
    Map<String, Set<String>> owners = new TreeMap<>();
    storage.forEach(
        (release, stored) ->
            PlainData.texts(stored.last().get("objects"))
                .forEach(
                    object ->
                        owners
                            .computeIfAbsent(object, name -> new TreeSet<>())
                            .add(release.value())));
    return owners;
  }
}
