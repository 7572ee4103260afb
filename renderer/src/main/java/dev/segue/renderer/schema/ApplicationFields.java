// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.schema.Form.Sign;
import dev.segue.renderer.schema.Shape.Anything;
import dev.segue.renderer.schema.Shape.Choice;
import dev.segue.renderer.schema.Shape.Flag;
import dev.segue.renderer.schema.Shape.Listing;
import dev.segue.renderer.schema.Shape.Struct;
import dev.segue.renderer.schema.Shape.Text;
import dev.segue.renderer.schema.Shape.TextOr;
import dev.segue.renderer.schema.Shape.TreeOr;
import java.util.List;
import java.util.Map;

/** The fields of one application. */
final class ApplicationFields {
  static final Choice DELETION =
      Texts.choice(
          "remove", "It is uninstalled, after everything that depends on it.",
          "orphan", "It stays as it is, and Segue no longer looks at it.");

  private static final int MAX_DEPENDENCIES = 1000;
  private static final int MAX_SUBCHARTS = 100;
  private static final int MAX_EXECUTORS = 20;
  private static final int MAX_EXECUTOR_NAME = 63;

  private static final Text RELEASE_NAME = Texts.label(ReleaseName.MAX_LENGTH);
  private static final Text EXECUTOR_NAME = Texts.label(MAX_EXECUTOR_NAME);

  private static final Struct SUBCHART =
      Struct.of(
          Property.of("name", Texts.CHART_NAME, "The sub-chart's name or alias.")
              .needed()
              .such("api"),
          Property.of(
                  "dependencies",
                  names(Text.ANY, MAX_SUBCHARTS),
                  "Other sub-charts that are released before it.")
              .such(List.of("db")),
          Property.of(
                  "staging",
                  new Flag(),
                  "`false`: it is no release of its own and stays with its parent.")
              .otherwise(true));

  private static final Struct EXECUTOR =
      Struct.of(
              Property.of("name", EXECUTOR_NAME, "The executor's name, unique in the list.")
                  .needed()
                  .such("smoke-test"),
              Property.of(
                      "dependencies",
                      names(EXECUTOR_NAME, MAX_EXECUTORS),
                      "Executors of this list that run before it.")
                  .such(List.of("helmrelease")),
              Property.of(
                      "type",
                      Texts.choice(
                          "helmrelease", "It applies the application's HelmRelease.",
                          "keptn", "It has Keptn evaluate the release.",
                          "custom", "It runs a container of your own."),
                      "What the executor does.")
                  .otherwise("helmrelease"),
              Property.of(
                      "image",
                      new TextOr(
                          Text.ANY,
                          Struct.of(
                              Property.of("image", Text.ANY, "The container's image.")
                                  .needed()
                                  .such("registry.example.com/smoke-test:1.0.0"),
                              Property.of("name", new Anything(), "Not used."))),
                      "The container's image; required where `type` is `custom`.")
                  .such("registry.example.com/smoke-test:1.0.0"),
              Property.of("params", new TreeOr("nil"), "Parameters of the executor.")
                  .such(Map.of("path", "/healthz")))
          .with(
              new Form(
                  "a container of your own",
                  List.of("image"),
                  List.of(),
                  new Sign.Is("type", "custom")),
              new Form(
                  "an executor that comes with Segue",
                  List.of(),
                  List.of(),
                  new Sign.IsNot("type", "custom")));

  private static final Struct SPEC =
      Struct.of(
              Property.of(
                      "chart",
                      ReleaseFields.CHART,
                      "Where the chart comes from: a folder of the same commit (`path`), an OCI"
                          + " registry (`url`) or an HTTP Helm repository (`url` and `name`).")
                  .needed(),
              Property.of("release", ReleaseFields.RELEASE, "How the chart is released."),
              Property.of(
                  "subcharts",
                  new Listing(SUBCHART, Listing.Keys.NAMES, 0, 0, MAX_SUBCHARTS),
                  "The order among the chart's own sub-charts, each of which becomes a release."),
              Property.of(
                  "workflow",
                  new Listing(EXECUTOR, Listing.Keys.NAMES, 0, 0, MAX_EXECUTORS),
                  "The executors of this application's node; one `helmrelease` where it is not"
                      + " given."))
          .with(
              new Rule(
                  "!has(self.workflow) || [self.workflow.map(e, e.name)].all(names,"
                      + " self.workflow.all(e, !has(e.dependencies)"
                      + " || size(e.dependencies + names) == size(names)))",
                  "`dependencies` in `workflow` must name executors of that list"));

  static final Struct APPLICATION =
      Struct.of(
              Property.of(
                      "name",
                      RELEASE_NAME,
                      "The name of the application and of its Helm release: a DNS label of at most"
                          + " 53 characters, unique in the group.")
                  .needed()
                  .such("web"),
              Property.of(
                      "dependencies",
                      names(RELEASE_NAME, MAX_DEPENDENCIES),
                      "Hard: applications of this group for whose success this one waits.")
                  .such(List.of("db")),
              Property.of(
                      "softDependencies",
                      names(RELEASE_NAME, MAX_DEPENDENCIES),
                      "Order only: applications of this group for whose end this one waits,"
                          + " whatever it was.")
                  .such(List.of("cache")),
              Property.of(
                  "deletion",
                  DELETION,
                  "What becomes of this release when the application or the whole group is no"
                      + " longer declared. The group's where it is not given."),
              Property.of("spec", SPEC, "The chart and how it is released.").needed())
          .with(
              new Rule(
                  "(!has(self.dependencies) || !(self.name in self.dependencies))"
                      + " && (!has(self.softDependencies)"
                      + " || !(self.name in self.softDependencies))",
                  "an application must not depend on itself"),
              new Rule(
                  "!has(self.dependencies) || !has(self.softDependencies)"
                      + " || size(self.dependencies + self.softDependencies)"
                      + " == size(self.dependencies) + size(self.softDependencies)",
                  "a dependency must be either hard or soft"));

  private ApplicationFields() {}

  private static Listing names(Text item, int clusterMax) {
    return new Listing(item, Listing.Keys.ITEMS, 0, 0, clusterMax);
  }
}
