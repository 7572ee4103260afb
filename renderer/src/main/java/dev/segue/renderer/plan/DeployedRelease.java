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

/**
 * A release as it was last given to Flux: what a later plan is compared with, and what a removal
 * goes by.
 *
 * @param object the name of its HelmRelease
 * @param content the digest of the chart's content
 * @param requested what the file asked for, as {@link ChartRef#text} has it
 * @param deletion what becomes of it once it is no longer declared
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
    Deletion deletion) {
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
        own == null ? otherwise : own);
  }
}
