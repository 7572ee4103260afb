// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.yaml.YamlFault;
import dev.segue.renderer.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for rendered manifests that Flux cannot read. Helm alone takes a key that stands twice; but
 * helm-controller has every manifest read once more, to label its objects, and that reading refuses
 * it ("error while running post render on files … mapping key already defined"). So it does with an
 * object without a kind or name, and Helm with one without an API version; seen with
 * helm-controller 1.6.3, of hooks and of the items of lists too.
 */
public final class UnreadableManifests {
  private static final String SOURCE = "# Source: ";

  private UnreadableManifests() {}

  /**
   * Returns why the releases that {@code plan} gives to Flux would fail; sorted. What stays as it
   * is is not looked at, nor is a way back: that was released before.
   *
   * @param outputs by release; one that is not there is not looked at
   */
  public static List<Problem> of(Plan plan, Map<ReleaseName, HelmOutput> outputs) {
    if (plan.purpose() == Purpose.ROLLBACK) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    for (ReleaseName name : plan.applied()) {
      HelmOutput output = outputs.get(name);
      if (output != null) {
        Application application = plan.desired().release(name).application();
        problems.addAll(of(name, application, ReadManifests.of(output)));
      }
    }
    return problems.stream().sorted().toList();
  }

  /**
   * Returns what is wrong with the manifests of a release, at most one problem for each; in their
   * order. One that is only too large for us to read is none.
   *
   * @param application whose chart rendered them
   */
  public static List<Problem> of(ReleaseName release, Application application, ReadManifests read) {
    List<Problem> problems = new ArrayList<>();
    for (ReadManifests.Manifest manifest : read.manifests()) {
      fault(manifest)
          .ifPresent(fault -> problems.add(problem(release, application, manifest.text(), fault)));
    }
    return problems;
  }

  private record Fault(int line, String message) {}

  private static Optional<Fault> fault(ReadManifests.Manifest manifest) {
    List<YamlFault> faults = manifest.content().faults();
    return faults.isEmpty()
        ? manifest.objects().stream().flatMap(UnreadableManifests::incomplete).findFirst()
        : faults.stream()
            .filter(fault -> fault.kind() != YamlFault.Kind.TOO_LARGE)
            .findFirst()
            .map(fault -> new Fault(fault.line(), fault.message()));
  }

  /** What every object must have; Helm itself refuses what is no map. */
  private static Stream<Fault> incomplete(YamlNode.Mapping object) {
    boolean isNamed =
        object.get("metadata") instanceof YamlNode.Mapping metadata
            && !text(metadata, "name").isEmpty();
    Stream<String> missing =
        Stream.concat(
            Stream.of("kind", "apiVersion").filter(field -> text(object, field).isEmpty()),
            Stream.of("metadata.name").filter(field -> !isNamed));
    return missing.map(field -> new Fault(object.line(), "an object must have `" + field + "`"));
  }

  /** Returns "" for nothing. */
  private static String text(YamlNode.Mapping object, String field) {
    return object.get(field) instanceof YamlNode.Scalar scalar && scalar.value() != null
        ? scalar.text()
        : "";
  }

  private static Problem problem(
      ReleaseName release, Application application, String manifest, Fault fault) {
    return Problem.at(
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
        "Change the values or the chart.");
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
