// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.List;
import java.util.Optional;

/**
 * A release as it was last given to Flux: what a later plan is compared with, and what a removal
 * goes by.
 *
 * @param object the name of its HelmRelease
 * @param content the digest of the chart's content
 * @param requested what the file asked for, as {@link ChartRef#text} has it
 * @param deletion what becomes of it once it is no longer declared
 * @param dissolved whether it is a part whose HelmRelease is gone while its objects stayed: its
 *     application's release was to take them over, and has not yet
 */
public record DeployedRelease(
    ReleaseName name,
    String object,
    Namespace targetNamespace,
    Digest digest,
    Digest values,
    Digest settings,
    String chart,
    String version,
    Digest content,
    String requested,
    ChartPin pin,
    List<ReleaseName> dependencies,
    List<ReleaseName> softDependencies,
    Deletion deletion,
    boolean dissolved) {
  public DeployedRelease {
    dependencies = dependencies.stream().sorted().toList();
    softDependencies = softDependencies.stream().sorted().toList();
  }

  /**
   * What is recorded of a release that was given to Flux under that object name.
   *
   * @param otherwise what the group says of a release that says nothing of its deletion
   */
  public static DeployedRelease of(DesiredRelease release, String object, Deletion otherwise) {
    Deletion own = release.application().deletion();
    return new DeployedRelease(
        release.name(),
        object,
        release.settings().targetNamespace(),
        release.digest(),
        release.valuesDigest(),
        release.settingsDigest(),
        release.chart().name(),
        release.chart().version(),
        release.chart().content(),
        release.application().chart().text(),
        release.chart().pin(),
        release.application().dependencies(),
        release.application().softDependencies(),
        own == null ? otherwise : own,
        false);
  }

  /** Returns the same without its HelmRelease; see {@link #dissolved}. */
  DeployedRelease dissolve() {
    return new DeployedRelease(
        name,
        object,
        targetNamespace,
        digest,
        values,
        settings,
        chart,
        version,
        content,
        requested,
        pin,
        dependencies,
        softDependencies,
        deletion,
        true);
  }

  /** Whether its chart had the objects of that sub-chart, if it had any. */
  boolean has(String subchart) {
    return !(pin instanceof ChartPin.Derived part)
        || (part.from().subchart().isEmpty() && part.from().included().contains(subchart));
  }

  /** The digest of the content of the chart as its author wrote it. */
  Digest whole() {
    return pin instanceof ChartPin.Derived part ? part.from().content() : content;
  }

  /** Where the chart as its author wrote it is. */
  ChartPin wholePin() {
    return pin instanceof ChartPin.Derived part ? part.from().whole() : pin;
  }

  /** Returns where its chart comes from, if that is a sub-chart of an application's. */
  Optional<ChartPin.Derivation> part() {
    return part(pin);
  }

  /** Returns where a chart comes from, if it is a sub-chart of an application's. */
  static Optional<ChartPin.Derivation> part(ChartPin pin) {
    return pin instanceof ChartPin.Derived part && !part.from().subchart().isEmpty()
        ? Optional.of(part.from())
        : Optional.empty();
  }
}
