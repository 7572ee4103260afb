// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import java.util.List;

/** Fields of objects that nobody writes and everybody meets. */
public final class ServerFields {
  /**
   * What the API server adds to {@code metadata}, sorted. They are passed over, so that an exported
   * object can be committed as it is.
   */
  public static final List<String> OF_METADATA =
      List.of(
          "creationTimestamp",
          "deletionGracePeriodSeconds",
          "deletionTimestamp",
          "finalizers",
          "generation",
          "managedFields",
          "ownerReferences",
          "resourceVersion",
          "selfLink",
          "uid");

  private ServerFields() {}
}
