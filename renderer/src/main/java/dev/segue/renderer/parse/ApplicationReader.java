// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.Executor;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.Subchart;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one application of a group. */
final class ApplicationReader {
  private final FieldReader reader;
  private final Origin origin;
  private final Optional<Dependencies.Node> node;
  private final Optional<ReleaseName> name;
  private final Optional<ChartRef> chart;
  private final Optional<ReleaseSettings> release;
  private final List<Subchart> subcharts;
  private final List<Executor> workflow;
  private final Optional<Deletion> deletion;

  /**
   * @param account the service account that the group's releases run as
   */
  ApplicationReader(
      FieldReader reader, RepoPath file, Optional<GroupName> group, Optional<String> account) {
    this.reader = reader;
    this.origin = new Origin(file, reader.line());
    this.node = Dependencies.read(reader, true);
    this.name = node.flatMap(ApplicationReader::nameOf);
    this.deletion = LifecycleReader.deletion(reader);
    Optional<FieldReader> spec = reader.require("spec").flatMap(Field::object);
    this.chart = spec.flatMap(s -> s.require("chart")).flatMap(ChartReader::read);
    this.release = spec.flatMap(s -> ReleaseReader.read(s, group, account));
    this.subcharts = spec.map(s -> NodeReaders.subcharts(s.items("subcharts"))).orElse(List.of());
    this.workflow = spec.map(s -> NodeReaders.executors(s.items("workflow"))).orElse(List.of());
    spec.ifPresent(FieldReader::finish);
    reader.finish();
  }

  /** Names are refused where Helm would refuse them, never shortened or converted. */
  private static Optional<ReleaseName> nameOf(Dependencies.Node node) {
    try {
      return Optional.of(ReleaseName.parse(node.name()));
    } catch (IllegalArgumentException e) {
      node.nameField()
          .report(ProblemCode.BAD_NAME, Field.predicate(e, node.name()), suggestion(node.name()));
      return Optional.empty();
    }
  }

  private static String suggestion(String name) {
    String label =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-").replaceAll("^-+|-+$", "");
    boolean fits = !label.isEmpty() && label.length() <= ReleaseName.MAX_LENGTH;
    return fits ? "Write " + Findings.quote(label) + "." : "Choose a shorter name.";
  }

  /** Empty where something is wrong; the findings say what. */
  Optional<Application> read() {
    if (node.isEmpty() || name.isEmpty() || chart.isEmpty() || release.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Application(
            name.get(),
            origin,
            releases(node.get().names(false)),
            releases(node.get().names(true)),
            chart.get(),
            release.get(),
            subcharts,
            workflow,
            deletion.orElse(null)));
  }

  /** Those that are no names are unknown too, and reported as that. */
  private static List<ReleaseName> releases(List<String> names) {
    return names.stream().flatMap(name -> release(name).stream()).toList();
  }

  private static Optional<ReleaseName> release(String name) {
    try {
      return Optional.of(ReleaseName.parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Optional<Dependencies.Node> node() {
    return node;
  }

  Optional<Draft.Claim> claim() {
    return name.flatMap(
        n ->
            release.map(
                settings ->
                    new Draft.Claim(
                        settings.targetNamespace(),
                        n,
                        reader.path() + ".name",
                        node.map(found -> found.nameField().line()).orElse(reader.line()))));
  }
}
