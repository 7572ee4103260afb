// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ResolvedChart;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version that Flux reports once a chart is released. For a chart of a Git or OCI source,
 * source-controller and helm-controller put the first 12 digits of the revision in the place of the
 * build metadata, and write the version as semver has it (helm-controller 1.6: {@code
 * mutateChartWithSourceRevision}; source-controller 1.9: {@code VersionMetadata}).
 */
final class ChartVersions {
  private static final Pattern VERSION =
      Pattern.compile(
          "v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?");
  private static final int REVISION_DIGITS = 12;

  private ChartVersions() {}

  static String released(ResolvedChart chart) {
    if (chart.pin() instanceof ChartPin.InGit git) {
      return withRevision(chart.version(), git.commit().shortHex());
    }
    if (chart.pin() instanceof ChartPin.InRegistry registry) {
      return withRevision(chart.version(), registry.manifest().prefix(REVISION_DIGITS));
    }
    if (chart.pin() instanceof ChartPin.Derived part && part.commit() != null) {
      return withRevision(chart.version(), part.commit().shortHex());
    }
    return chart.version();
  }

  private static String withRevision(String version, String revision) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a chart's version must be semver; got \"" + version + "\"");
    }
    return parts.group(1)
        + "."
        + orZero(parts.group(2))
        + "."
        + orZero(parts.group(3))
        + (parts.group(4) == null ? "" : parts.group(4))
        + "+"
        + revision;
  }

  private static String orZero(@org.jspecify.annotations.Nullable String number) {
    return number == null ? "0" : number;
  }
}
