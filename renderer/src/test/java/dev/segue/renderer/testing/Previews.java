// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.diff.ReleaseObjects;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.resolve.DesiredGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Previews of a product that changes, made in few words. */
public final class Previews {
  private static final String WEB =
      """
      # Source: web/templates/deployment.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        labels: {helm.sh/chart: web-1.0.0}
      spec:
        replicas: 2
        template:
          spec:
            containers:
            - name: web
              image: web:1
              env:
              - {name: TOKEN, value: correct-horse}
      """;

  private static final String CONFIG =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        app.conf: |
          one
          two
          three
          four
          five
      """;

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: correct-horse}
      """;

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        labels: {helm.sh/chart: web-1.0.0}
      spec: {ports: [{port: 80}]}
      """;

  private static final String DATABASE =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 1
        serviceName: db
        template: {spec: {containers: [{name: db, image: "db:1"}]}}
      """;

  private static final String MIGRATION =
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: migrate
        annotations: {helm.sh/hook: "pre-upgrade,post-install", helm.sh/hook-weight: "-5"}
      spec: {template: {spec: {containers: [{name: migrate, image: "db:1"}]}}}
      """;

  private static final ReleaseSettings SETTINGS =
      Renders.settings(Map.of("password", "correct-horse"), List.of("password"), Map.of());

  private Previews() {}

  /** A product of which the database and what stands on it change, one goes and one comes. */
  public static GroupPreview changing(String site) {
    DesiredGroup before =
        Products.group("shop")
            .app("db")
            .app("web", "db")
            .app("mail", "web")
            .app("old", "web")
            .desired();
    DesiredGroup after =
        Products.group("shop")
            .at(Products.COMMIT_2)
            .app("db", "1.1.0", Map.of())
            .app("web", "1.1.0", Map.of("colour", "red"), "db")
            .app("mail", "web")
            .app("cache", "~web")
            .desired();
    Plan plan =
        Planner.plan(
            after, Products.inventory(before), Products.live(before), name -> Optional.empty());
    SortedMap<ReleaseName, ReleaseDiff> diffs = new TreeMap<>();
    for (Change change : plan.changes()) {
      if (!(change instanceof Change.Keep)) {
        diffs.put(change.release(), diff(change));
      }
    }
    return new GroupPreview(
        after.group().name(),
        site,
        Products.COMMIT_1,
        Products.COMMIT_2,
        plan,
        "would wait for approval",
        List.of("`web` is rendered by a template of the values"),
        List.of(),
        diffs,
        Map.of(
            ReleaseName.parse("db"), Duration.ofSeconds(95),
            ReleaseName.parse("web"), Duration.ofSeconds(30),
            ReleaseName.parse("cache"), Duration.ofSeconds(5)));
  }

  private static ReleaseDiff diff(Change change) {
    HelmOutput none = Renders.output();
    HelmOutput before =
        switch (change.release().value()) {
          case "web" -> Renders.output(WEB, CONFIG, SECRET, SERVICE);
          case "db" -> new HelmOutput(List.of(DATABASE), List.of(MIGRATION), List.of(), List.of());
          case "old" -> Renders.output(WEB.replace("web", "old"));
          default -> none;
        };
    HelmOutput after =
        switch (change.release().value()) {
          case "web" ->
              Renders.output(
                  WEB.replace("web:1", "web:2").replace("1.0.0", "1.1.0"),
                  CONFIG.replace("three", "drei"),
                  SECRET.replace("correct-horse", "battery-staple"),
                  SERVICE.replace("1.0.0", "1.1.0"),
                  CONFIG.replace("name: web", "name: extra"));
          case "db" ->
              new HelmOutput(
                  List.of(DATABASE.replace("serviceName: db", "serviceName: data")),
                  List.of(MIGRATION.replace("db:1", "db:2")),
                  List.of(),
                  List.of());
          case "cache" -> Renders.output(WEB.replace("web", "cache"));
          default -> none;
        };
    return ReleaseDiff.of(GroupPreview.operation(change), objects(before), objects(after));
  }

  private static ReleaseObjects objects(HelmOutput output) {
    return output.manifests().isEmpty()
        ? ReleaseObjects.NONE
        : ReleaseObjects.rendered(output, SETTINGS);
  }

  /** The same product with nothing to do. */
  public static GroupPreview quiet(String site) {
    DesiredGroup group = Products.group("shop").app("db").app("web", "db").desired();
    return new GroupPreview(
        group.group().name(),
        site,
        Products.COMMIT_1,
        Products.COMMIT_2,
        Planner.plan(
            group, Products.inventory(group), Products.live(group), name -> Optional.empty()),
        "",
        List.of(),
        List.of(),
        new TreeMap<>(),
        Map.of());
  }

  /** A product whose file is broken. */
  public static GroupPreview broken(String site) {
    DesiredGroup group = Products.group("core").app("db").desired();
    return new GroupPreview(
        group.group().name(),
        site,
        null,
        Products.COMMIT_2,
        null,
        "",
        List.of(),
        List.of(
            Problem.at(
                group.group().origin(),
                ProblemCode.UNKNOWN_DEPENDENCY,
                "dependencies[0]",
                "must name an application in this group; got \"@databse|<b>\"",
                "")),
        new TreeMap<>(),
        Map.of());
  }
}
