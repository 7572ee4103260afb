// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ReleaseName;
import java.util.Locale;

/**
 * What the release of a sub-chart is called: {@code <application>-<sub-chart>}. Where that is too
 * long for Helm, or the sub-chart's name has letters that a DNS label does not take, as much of it
 * as is possible and digits that tell it from others.
 */
final class PartNames {
  private static final int DIGITS = 8;

  private PartNames() {}

  static ReleaseName of(ReleaseName application, String subchart) {
    String label =
        subchart.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String name = application + "-" + label;
    if (label.equals(subchart) && name.length() <= ReleaseName.MAX_LENGTH) {
      return new ReleaseName(name);
    }
    int room = ReleaseName.MAX_LENGTH - DIGITS - 1;
    String readable = name.substring(0, Math.min(name.length(), room)).replaceAll("-+$", "");
    String digits = Digest.of(application + "\n" + subchart).prefix(DIGITS);
    return new ReleaseName(readable + "-" + digits);
  }
}
