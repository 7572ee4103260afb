// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlFault;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks for rendered manifests that Flux cannot read. Helm alone takes a key that stands twice; but
 * helm-controller has every manifest read once more, to label its objects, and that reading refuses
 * it ("error while running post render on files … mapping key already defined").
 */
public final class Manifests {
  private static final String SOURCE = "# Source: ";

  private Manifests() {}

  /**
   * Returns what is wrong, at most one finding for each manifest.
   *
   * @param application whose chart rendered them
   */
  public static List<Finding> check(
      String group, String release, Application application, HelmOutput output) {
    List<Finding> findings = new ArrayList<>();
    Stream.of(output.crds(), output.manifests(), output.hooks())
        .flatMap(List::stream)
        .forEach(
            manifest ->
                YamlReader.read(manifest).faults().stream()
                    .findFirst()
                    .ifPresent(
                        fault ->
                            findings.add(finding(group, release, application, manifest, fault))));
    return findings;
  }

  private static Finding finding(
      String group, String release, Application application, String manifest, YamlFault fault) {
    return new Finding(
        Finding.Severity.ERROR,
        Check.CHARTS,
        group,
        release,
        "",
        Problem.at(
            application.origin(),
            ProblemCode.MANIFEST_UNREADABLE,
            "spec.chart",
            "of \""
                + release
                + "\": the manifest of template \""
                + template(manifest)
                + "\" must be YAML that Flux reads; line "
                + fault.line()
                + ": "
                + fault.message(),
            "Change the values or the chart."));
  }

  private static String template(String manifest) {
    return manifest
        .lines()
        .filter(line -> line.startsWith(SOURCE))
        .findFirst()
        .map(line -> line.substring(SOURCE.length()))
        .orElse("");
  }
}
