// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.parse.ServerFields;
import dev.segue.renderer.schema.Shape.Anything;
import dev.segue.renderer.schema.Shape.Flag;
import dev.segue.renderer.schema.Shape.Listing;
import dev.segue.renderer.schema.Shape.Struct;
import dev.segue.renderer.schema.Shape.Text;
import dev.segue.renderer.schema.Shape.TextMap;
import dev.segue.renderer.schema.Shape.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The fields of an ApplicationGroup of {@code segue.dev/v1alpha1}, as the parser reads them. */
public final class GroupFields {
  static final String API_GROUP = "segue.dev";
  static final String VERSION = "v1alpha1";
  static final String KIND = "ApplicationGroup";

  private static final int MAX_APPLICATIONS = 2000;
  private static final int MAX_CHECKED = 500;
  private static final int MAX_WINDOWS = 20;

  private static final Struct WINDOW =
      Struct.of(
              Property.of(
                      "schedule",
                      Text.matching(
                          "the five fields of a cron line: minute, hour, day of month, month, day"
                              + " of week",
                          "^\\s*[0-9A-Za-z*/,-]+([ \\t]+[0-9A-Za-z*/,-]+){4}\\s*$",
                          256),
                      "When the window opens: minute, hour, day of month, month and day of week, as"
                          + " in a Kubernetes CronJob.")
                  .needed()
                  .such("0 22 * * 1-5", "0 0 * * SAT"),
              Property.of(
                      "duration",
                      Texts.DURATION,
                      "How long the window stays open: from `1m` to `168h`.")
                  .needed()
                  .such("4h"),
              Property.of(
                      "timeZone",
                      Text.matching(
                          "a time zone of the IANA database", "^[A-Za-z][A-Za-z0-9_/+-]*$", 0),
                      "Whose clock the schedule is on: a name of the IANA database.")
                  .otherwise("UTC")
                  .such("Europe/Berlin"))
          .with(
              new Rule(
                  "duration(self.duration) >= duration('1m')"
                      + " && duration(self.duration) <= duration('168h')",
                  "`duration` must be from 1m to 168h"));

  private static final Struct SPEC =
      Struct.of(
              Property.of(
                      "interval",
                      Texts.DURATION,
                      "How often the group is compared with the cluster though nothing moved. The"
                          + " agent's `reconcile.interval` where it is not given.")
                  .such("10m"),
              Property.of(
                      "parallelism",
                      new Whole(0, Integer.MAX_VALUE),
                      "The most releases at a time; 0 for no limit.")
                  .otherwise(0)
                  .such(3),
              Property.of(
                      "serviceAccountName",
                      Texts.OBJECT_NAME,
                      "The service account that the group's HelmReleases run as, in their own"
                          + " namespace. What the agent's `tenancy` says where it is not given;"
                          + " without that, Flux's own rights.")
                  .such("shop"),
              Property.of(
                      "onFailure",
                      Texts.choice(
                          "rollback", "The group returns to its last good commit.",
                          "hold", "All stays as it is, for inspection.",
                          "remove", "The whole group is removed, in reverse order."),
                      "What follows when a release fails.")
                  .otherwise("rollback"),
              Property.of(
                      "deadline",
                      Texts.DURATION,
                      "The time for the Workflow of a release, at least `1s`; when it is over, the"
                          + " attempt has failed. No limit where it is not given.")
                  .such("1h"),
              Property.of(
                      "deletion",
                      ApplicationFields.DELETION,
                      "What becomes of releases that are no longer declared. It must be released"
                          + " before the removal.")
                  .otherwise("remove"),
              Property.of(
                      "drift",
                      Texts.choice(
                          "correct", "A Workflow mends exactly the releases that drifted.",
                          "report", "The status shows it.",
                          "ignore", "Nobody looks."),
                      "What is done about a release that is no longer what was released.")
                  .otherwise("correct"),
              Property.of(
                      "approval",
                      Texts.choice(
                          "automatic", "A plan begins when it is made.",
                          "manual", "A plan begins when its very digest was approved."),
                      "Whether somebody must approve a plan before it begins.")
                  .otherwise("automatic"),
              Property.of(
                      "suspend",
                      new Flag(),
                      "`true`: nothing is begun for the group; what runs goes on to its end.")
                  .otherwise(false),
              Property.of(
                  "windows",
                  new Listing(WINDOW, Listing.Keys.NONE, 1, MAX_WINDOWS, MAX_WINDOWS),
                  "When changes may begin; at any time where it is not given. A rollback waits for"
                      + " no window."),
              Property.of(
                      "applications",
                      new Listing(
                          ApplicationFields.APPLICATION,
                          Listing.Keys.NAMES,
                          1,
                          0,
                          MAX_APPLICATIONS),
                      "What is released: each application becomes a Helm release.")
                  .needed())
          .with(
              new Rule(
                  "!has(self.deadline) || duration(self.deadline) >= duration('1s')",
                  "`deadline` must be at least 1s"),
              known("dependencies"),
              known("softDependencies"));

  /** A document's root. A field that is written without a value counts as not written. */
  public static final Struct ROOT =
      Struct.of(
          Property.of(
                  "apiVersion",
                  Texts.choice(API_GROUP + "/" + VERSION, ""),
                  "The version of the file's form.")
              .needed(),
          Property.of("kind", Texts.choice(KIND, ""), "What the document declares.").needed(),
          Property.of("metadata", metadata(), "The group's name, and what else is said of it.")
              .needed(),
          Property.of("spec", SPEC, "What is released, and how it is handled over time.").needed(),
          Property.of("status", new Anything(), "Accepted and not used."));

  private GroupFields() {}

  private static Struct metadata() {
    List<Property> properties = new ArrayList<>();
    properties.add(
        Property.of(
                "name",
                Texts.label(GroupName.MAX_LENGTH),
                "The group's name, unique in the repository: a DNS label.")
            .needed()
            .such("shop"));
    properties.add(
        Property.of(
                "namespace",
                Texts.label(Namespace.MAX_LENGTH),
                "Where the group's Flux and Argo objects live: a namespace that the agent watches."
                    + " The agent's `cluster.namespace` where it is not given.")
            .such("segue"));
    for (String name : List.of("labels", "annotations")) {
      properties.add(
          Property.of(name, new TextMap(), "Accepted and not used.").such(Map.of("team", "web")));
    }
    ServerFields.OF_METADATA.forEach(
        name ->
            properties.add(
                Property.of(name, new Anything(), "What the API server adds: not used.")));
    return new Struct(properties, List.of(), List.of());
  }

  /**
   * Every name in the field is that of an application. In CEL a list that is a set keeps its items
   * unique when another is added to it: no cost that is estimated by the product of the lists. What
   * it takes still grows with their square, so an API server leaves large groups to the agent.
   */
  private static Rule known(String field) {
    String everyName = "a." + field + " + names";
    return new Rule(
        "size(self.applications) > "
            + MAX_CHECKED
            + " || [self.applications.map(a, a.name)].all(names,"
            + " self.applications.all(a, !has(a."
            + field
            + ") || size("
            + everyName
            + ") == size(names)))",
        "`" + field + "` must name applications of this group");
  }
}
