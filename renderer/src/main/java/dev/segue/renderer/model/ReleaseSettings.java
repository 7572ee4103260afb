// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.time.Duration;
import java.util.List;

/**
 * How an application's chart is released.
 *
 * @param interval how often Flux looks at the release
 * @param timeout the time for one Helm operation
 * @param valuesFrom in order: a later one is laid over an earlier one, {@code values} over all of
 *     them
 * @param sensitive dotted paths of values that must be seen by nobody, such as {@code
 *     auth.password}; sorted
 * @param inlined HelmRelease fields that are passed on as they are ({@code install}, {@code
 *     upgrade}, {@code rollback}, …)
 */
public record ReleaseSettings(
    Namespace targetNamespace,
    Duration interval,
    Duration timeout,
    Values values,
    List<ValuesReference> valuesFrom,
    List<String> sensitive,
    Values inlined) {
  public ReleaseSettings {
    valuesFrom = List.copyOf(valuesFrom);
    sensitive = sensitive.stream().sorted().distinct().toList();
  }
}
