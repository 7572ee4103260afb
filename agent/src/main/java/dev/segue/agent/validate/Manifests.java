// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlFault;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Helm rendered for a release, read once for all that look at it. */
public final class Manifests {
  private static final String SOURCE = "# Source: ";

  private final List<Manifest> all;

  private Manifests(List<Manifest> all) {
    this.all = all;
  }

  private record Manifest(String text, YamlStream content) {}

  /** Reads CRDs, objects and hooks, in this order. */
  public static Manifests of(HelmOutput output) {
    return new Manifests(
        Stream.of(output.crds(), output.manifests(), output.hooks())
            .flatMap(List::stream)
            .map(text -> new Manifest(text, YamlReader.read(text)))
            .toList());
  }

  /** Their objects, those of lists one by one; what is no YAML is left out. */
  List<RenderedObject> objects() {
    return all.stream()
        .filter(manifest -> manifest.content().faults().isEmpty())
        .flatMap(manifest -> manifest.content().documents().stream())
        .flatMap(document -> RenderedObject.of(document.data()).stream())
        .toList();
  }

  /**
   * Returns what Flux cannot read, at most one finding for each manifest. Helm alone takes a key
   * that stands twice; but helm-controller has every manifest read once more, to label its objects,
   * and that reading refuses it ("error while running post render on files … mapping key already
   * defined").
   *
   * @param application whose chart rendered them
   */
  public List<Finding> unreadable(String group, String release, Application application) {
    List<Finding> findings = new ArrayList<>();
    for (Manifest manifest : all) {
      manifest.content().faults().stream()
          .findFirst()
          .map(fault -> finding(group, release, application, manifest.text(), fault))
          .ifPresent(findings::add);
    }
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
