// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.List;
import java.util.Locale;

/** What Helm is asked to do with a release. */
public enum Operation {
  INSTALL("install", "install"),
  UPGRADE("upgrade", "upgrade"),
  /** The objects go with it. */
  DELETE("delete", "uninstall"),
  /** As an upgrade; what the release has no longer goes to other releases. */
  YIELD("upgrade", "upgrade"),
  /** As an upgrade; what the release has in addition it takes over from another. */
  ADOPT("upgrade", "upgrade"),
  /** Nothing is asked of Helm, or what it is asked leaves every object where it is. */
  LEAVE("", "");

  private final String event;
  private final String action;

  Operation(String event, String action) {
    this.event = event;
    this.action = action;
  }

  /** The events of hooks in their order. */
  List<String> events() {
    return event.isEmpty() ? List.of() : List.of("pre-" + event, "post-" + event);
  }

  /** Whether what a release has no longer stays where it is. */
  boolean leaves() {
    return this == YIELD || this == LEAVE;
  }

  /** The part of a HelmRelease that says how Flux does it. */
  String action() {
    return action;
  }

  /** The word for it, such as {@code upgrade}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
