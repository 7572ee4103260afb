// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.model.ReleaseName;

/**
 * The names of a Workflow's tasks. A release's own name, where Argo takes it; what is derived has a
 * capital letter, which no release's name has, so that no two tasks have one name.
 */
public final class TaskNames {
  private TaskNames() {}

  /** Argo refuses a task name that begins with a digit as soon as the DAG has dependencies. */
  public static String apply(ReleaseName release) {
    return Character.isDigit(release.value().charAt(0)) ? "Release-" + release : release.value();
  }

  public static String delete(ReleaseName release) {
    return "Delete-" + release;
  }

  /** The task before {@link #apply} that has an old failure forgotten. */
  public static String reset(ReleaseName release) {
    return "Reset-" + release;
  }

  /** Keeps the objects of a release from being deleted by it. */
  public static String hold(ReleaseName release) {
    return "Hold-" + release;
  }

  /** Gives a release its new chart, which has no longer what goes to releases of its own. */
  public static String yieldOf(ReleaseName release) {
    return "Yield-" + release;
  }

  /** Has a release take over objects that are there. */
  public static String adopt(ReleaseName release) {
    return "Adopt-" + release;
  }

  /** Takes back {@link #hold}. */
  public static String free(ReleaseName release) {
    return "Free-" + release;
  }
}
