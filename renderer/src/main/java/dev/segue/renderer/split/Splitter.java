// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.ReleaseName;
import java.util.List;

/** Takes an umbrella chart apart. */
public final class Splitter {
  private Splitter() {}

  /**
   * Returns a part for each sub-chart that is enabled and staged, and what remains. Equal inputs
   * give equal bytes.
   *
   * @param enabled what {@link UmbrellaChart#probe} printed with the application's values
   * @param unstaged the sub-charts that stay with their parent, by name or alias
   * @param release the name of the application's release, which every part's templates see
   */
  public static Split split(
      UmbrellaChart chart, Enabled enabled, List<String> unstaged, ReleaseName release) {
    if (chart.subcharts().isEmpty()) {
      throw new IllegalArgumentException("has no sub-charts");
    }
    throw new UnsupportedOperationException("not written yet");
  }
}
