// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.render.ReadManifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the images of rendered objects stay what they are. Those of every list of containers and
 * of volumes count, in whatever kind of object it stands.
 */
public final class ImagePins {
  /** Where the image stands in the items of lists of that name. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "containers", "image",
          "initContainers", "image",
          "ephemeralContainers", "image",
          "volumes", "image.reference");

  private final Wanted wanted;

  /** What an image must have. */
  public enum Wanted {
    /** A tag that says a version, or a digest; else somebody is warned. */
    TAG_OR_WARNING,
    /** A tag that says a version, or a digest. */
    TAG,
    /** A digest. */
    DIGEST
  }

  public ImagePins(Wanted wanted) {
    this.wanted = wanted;
  }

  /**
   * Returns what is wrong with the images of a release.
   *
   * @param application in whose chart it is
   */
  public List<Finding> check(
      String group, String release, Application application, ReadManifests read) {
    List<Finding> findings = new ArrayList<>();
    for (RenderedObject object : RenderedObject.of(read)) {
      List<Image> images = new ArrayList<>();
      collect(object.data(), "", images);
      images.stream()
          .filter(image -> !isAsWanted(image.name()))
          .map(image -> finding(group, release, application, object, image))
          .forEach(findings::add);
    }
    return findings;
  }

  private record Image(String field, String name) {}

  private static void collect(@Nullable Object node, String path, List<Image> images) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            String below = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            String field = FIELDS.get(key);
            if (field != null && value instanceof List<?> items) {
              collectImages(items, below, field, images);
            }
            collect(value, below, images);
          });
    } else if (node instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(list.get(i), path + "[" + i + "]", images);
      }
    }
  }

  private static void collectImages(List<?> items, String path, String field, List<Image> images) {
    for (int i = 0; i < items.size(); i++) {
      if (PlainData.at(items.get(i), field.split("\\.", -1)) instanceof String image) {
        images.add(new Image(path + "[" + i + "]." + field, image));
      }
    }
  }

  private boolean isAsWanted(String image) {
    if (image.contains("@")) {
      return true;
    }
    String name = image.substring(image.lastIndexOf('/') + 1); // a registry may have a port
    int colon = name.indexOf(':');
    String tag = colon < 0 ? "" : name.substring(colon + 1);
    return wanted != Wanted.DIGEST && !tag.isEmpty() && !tag.equals("latest");
  }

  private Finding finding(
      String group, String release, Application application, RenderedObject object, Image image) {
    String must =
        wanted == Wanted.DIGEST
            ? "must have a digest"
            : "must have a tag other than \"latest\", or a digest";
    return new Finding(
        wanted == Wanted.TAG_OR_WARNING ? Finding.Severity.WARNING : Finding.Severity.ERROR,
        Check.IMAGES,
        group,
        release,
        object.title(),
        Problem.at(
            application.origin(),
            ProblemCode.IMAGE_NOT_PINNED,
            "spec.chart",
            "of \""
                + release
                + "\": object \""
                + object.title()
                + "\": field `"
                + image.field()
                + "` "
                + must
                + "; got \""
                + image.name()
                + "\"",
            "Set it in the values."));
  }
}
