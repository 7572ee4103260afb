// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of an application's own workflow.
 *
 * @param type {@code helmrelease}, {@code keptn} or {@code custom}
 * @param image the container of a custom executor; null for the others
 */
public record Executor(
    String name, String type, List<String> dependencies, @Nullable String image, Values params) {
  public Executor {
    dependencies = List.copyOf(dependencies);
  }
}
