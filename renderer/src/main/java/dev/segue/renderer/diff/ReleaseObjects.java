// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.RenderedObject.Role;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a release at one time: as Helm renders them, or as the status branch has them with
 * what is secret masked. It shows nothing itself: compare two of them.
 */
public final class ReleaseObjects {
  /** A release that is not there. */
  public static final ReleaseObjects NONE =
      new ReleaseObjects(List.of(), List.of(), Mask.SECRETS, "", Map.of(), 0);

  /** What stands above a document of a chart's {@code crds/} in a recorded text. */
  public static final String CRDS_COMMENT = "crds";

  /** What stands above a hook in a recorded text. */
  public static final String HOOK_COMMENT = "hook";

  private static final Pattern START = Pattern.compile("(?m)^---(?:\\s*\\n|\\z)");

  private final List<RenderedObject> objects;
  private final List<String> notices;
  private final Mask mask;
  private final String namespace;
  private final Map<String, @Nullable Object> settings;
  private final int unreadable;

  private ReleaseObjects(
      List<RenderedObject> objects,
      List<String> notices,
      Mask mask,
      String namespace,
      Map<String, @Nullable Object> settings,
      int unreadable) {
    this.objects = objects;
    this.notices = notices;
    this.mask = mask;
    this.namespace = namespace;
    this.settings = settings;
    this.unreadable = unreadable;
  }

  /**
   * Returns what Helm renders for a release.
   *
   * @param settings those that it was rendered with
   */
  public static ReleaseObjects rendered(HelmOutput output, ReleaseSettings settings) {
    Reading reading = new Reading(settings.targetNamespace().value());
    output.crds().forEach(text -> reading.add(Role.CRD, text));
    output.manifests().forEach(text -> reading.add(Role.OBJECT, text));
    output.hooks().forEach(text -> reading.add(Role.HOOK, text));
    return new ReleaseObjects(
        reading.objects,
        output.notices(),
        Mask.of(settings),
        reading.namespace,
        settings.inlined().tree(),
        reading.unreadable);
  }

  /**
   * Returns what the status branch has of a release: the text of its {@code manifests/} file. What
   * is masked in it is not known.
   *
   * @param namespace where the release's objects are
   */
  public static ReleaseObjects recorded(String manifests, Namespace namespace) {
    Reading reading = new Reading(namespace.value());
    for (String document : START.split(manifests)) {
      Role role =
          document.startsWith("# " + CRDS_COMMENT + "\n")
              ? Role.CRD
              : document.startsWith("# " + HOOK_COMMENT + "\n") ? Role.HOOK : Role.OBJECT;
      if (!document.isBlank()) {
        reading.add(role, Recorded.readable(document));
      }
    }
    return new ReleaseObjects(
        reading.objects, List.of(), Mask.SECRETS, reading.namespace, Map.of(), reading.unreadable);
  }

  List<RenderedObject> objects() {
    return objects;
  }

  /** The objects that are as the chart's templates say, without hooks and {@code crds/}. */
  List<RenderedObject> of(Role role) {
    return objects.stream().filter(object -> object.role() == role).toList();
  }

  Optional<RenderedObject> find(ObjectId id) {
    return objects.stream()
        .filter(object -> object.role() == Role.OBJECT && object.id().isSame(id))
        .findFirst();
  }

  List<String> notices() {
    return notices;
  }

  Mask mask() {
    return mask;
  }

  /** The release's target namespace; "" when it is not there. */
  String namespace() {
    return namespace;
  }

  /** How many documents are no YAML that is read. */
  int unreadable() {
    return unreadable;
  }

  /** Whether Flux is told so in its HelmRelease's part for {@code action}. */
  boolean isSet(String action, String field) {
    return Boolean.TRUE.equals(PlainData.at(settings, action, field));
  }

  /** What Flux is told in its HelmRelease's part for {@code action}; "" for nothing. */
  String setting(String action, String field) {
    return PlainData.text(settings, action, field);
  }

  private static final class Reading {
    private final List<RenderedObject> objects = new ArrayList<>();
    private final String namespace;
    private int unreadable;

    Reading(String namespace) {
      this.namespace = namespace;
    }

    void add(Role role, String text) {
      Optional<List<Map<String, @Nullable Object>>> found = Documents.objects(text);
      if (found.isEmpty() || text.contains("# not shown: ")) {
        unreadable++;
      }
      found
          .orElse(List.of())
          .forEach(object -> objects.add(RenderedObject.of(role, object, namespace)));
    }
  }
}
