// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;

/**
 * The names of rendered objects, made from what they are. A group and a release are joined by a
 * dot, which neither has in its name: no two pairs give one name. Everything fits a label's 63
 * characters, since Flux and Argo put these names into labels.
 */
public final class Names {
  private static final int MAX_LENGTH = 63;
  private static final int DIGEST_DIGITS = 10;
  private static final int WORKFLOW_GROUP_LENGTH = 40;
  private static final int WORKFLOW_DIGITS = 8;

  private Names() {}

  public static String helmRelease(GroupName group, ReleaseName release) {
    return fit(group + "." + release, MAX_LENGTH);
  }

  /** The Workflow of that attempt at what has that digest; also the token of its steps. */
  public static String workflow(GroupName group, Digest desired, int attempt) {
    return fit(group.value(), WORKFLOW_GROUP_LENGTH)
        + "-"
        + desired.prefix(WORKFLOW_DIGITS)
        + "-"
        + attempt;
  }

  /** An object of the group that is called after its content. */
  static String content(GroupName group, String what, Digest content) {
    String suffix = "-" + content.prefix(DIGEST_DIGITS);
    return fit(group + "." + what, MAX_LENGTH - suffix.length()) + suffix;
  }

  /**
   * Returns {@code name}, or its beginning and a digest of the whole where it is longer than {@code
   * maxLength}.
   */
  static String fit(String name, int maxLength) {
    if (name.length() <= maxLength) {
      return name;
    }
    String suffix = "-" + Digest.of(name).prefix(8);
    return name.substring(0, maxLength - suffix.length()).replaceFirst("[-.]+$", "") + suffix;
  }
}
