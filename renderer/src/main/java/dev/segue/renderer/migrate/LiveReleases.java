// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A first file for HelmReleases of Flux that a cluster has. */
public final class LiveReleases {
  /** They are passed on as they stand. */
  private static final List<String> KEPT =
      List.of(
          "valuesFrom",
          "install",
          "upgrade",
          "rollback",
          "uninstall",
          "test",
          "driftDetection",
          "waitStrategy",
          "commonMetadata",
          "postRenderers",
          "healthCheckExprs",
          "maxHistory",
          "serviceAccountName",
          "persistentClient");

  private static final List<String> LEFT_OUT =
      List.of("kubeConfig", "storageNamespace", "suspend", "postRenderStrategy");

  private final List<Manifest> releases;
  private final Map<String, Manifest> byPlace = new TreeMap<>();
  private final LiveSources sources;

  private LiveReleases(List<Manifest> releases, List<Manifest> sources) {
    this.releases =
        releases.stream()
            .filter(release -> release.label(Labels.GROUP).isEmpty())
            .sorted(Comparator.comparing(Manifest::name))
            .toList();
    this.releases.forEach(release -> byPlace.put(place(release), release));
    this.sources = new LiveSources(sources);
  }

  /**
   * Returns a file with an application for each HelmRelease that is not Segue's own. Values that
   * look secret are named in a comment and not written.
   *
   * @param sources what {@link LiveSources#wanted} asks for, as far as it is there
   */
  public static Migration draft(GroupName name, List<Manifest> releases, List<Manifest> sources) {
    return new LiveReleases(releases, sources).draft(name);
  }

  private Migration draft(GroupName name) {
    List<Problem> problems = new ArrayList<>();
    if (releases.isEmpty()) {
      problems.add(
          Problem.of(
              ProblemCode.DRAFT_NO_CHART,
              "there is no HelmRelease in that namespace but Segue's own",
              "Name the namespace of those that you want by `--namespace`."));
    }
    GroupFile group = new GroupFile(name.value());
    group.comments.add("A first file, made by `segue init --from-cluster` of HelmReleases.");
    group.comments.add(
        "Take it over one release at a time: suspend the old HelmRelease, and let nothing else"
            + " manage it.");
    releases.forEach(release -> group.apps.add(app(release)));
    return Migration.checked(GroupFile.text(List.of(group)), "", problems, List.of());
  }

  private static String place(Manifest release) {
    return release.namespace().orElse("default") + "/" + release.name();
  }

  /** What Helm calls it: as Flux's GetReleaseName in api/v2 of helm-controller. */
  private static String helmName(Manifest release) {
    Optional<String> target = release.text("spec", "targetNamespace");
    return release
        .text("spec", "releaseName")
        .orElseGet(() -> target.map(space -> space + "-").orElse("") + release.name());
  }

  private GroupFile.App app(Manifest release) {
    GroupFile.App app = new GroupFile.App();
    String name = ChartFolder.label(helmName(release));
    app.comments.add("HelmRelease " + place(release));
    if (!name.equals(helmName(release))) {
      app.comments.add(
          "Helm knows it as \""
              + helmName(release)
              + "\", which is no name for an application: this would be another release.");
    }
    app.fields.put("name", name);
    List<String> dependencies = dependencies(release, app);
    if (!dependencies.isEmpty()) {
      app.fields.put("dependencies", dependencies);
    }
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("chart", sources.chart(release, app.comments));
    spec.put("release", settings(release, app.comments));
    app.fields.put("spec", spec);
    return app;
  }

  private List<String> dependencies(Manifest release, GroupFile.App app) {
    List<String> names = new ArrayList<>();
    for (Map<String, @Nullable Object> reference : release.maps("spec", "dependsOn")) {
      String namespace = PlainData.text(reference, "namespace");
      String place =
          (namespace.isEmpty() ? release.namespace().orElse("default") : namespace)
              + "/"
              + PlainData.text(reference, "name");
      Manifest other = byPlace.get(place);
      if (other == null) {
        app.comments.add("It depends on " + place + ", which is not in this file.");
      } else {
        names.add(ChartFolder.label(helmName(other)));
      }
      if (!PlainData.text(reference, "readyExpr").isEmpty()) {
        app.comments.add("Its `readyExpr` for " + place + " has no counterpart.");
      }
    }
    return names.stream().distinct().toList();
  }

  private static Map<String, @Nullable Object> settings(Manifest release, List<String> comments) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    String own = release.namespace().orElse("default");
    settings.put("targetNamespace", release.text("spec", "targetNamespace").orElse(own));
    release.text("spec", "interval").ifPresent(interval -> settings.put("interval", interval));
    release.text("spec", "timeout").ifPresent(timeout -> settings.put("timeout", timeout));
    List<String> secrets = new ArrayList<>();
    Map<String, @Nullable Object> values =
        SecretLooks.without(release.map("spec", "values"), secrets);
    if (!values.isEmpty()) {
      settings.put("values", values);
    }
    if (!secrets.isEmpty()) {
      comments.add("Not written, since they look secret: " + String.join(", ", secrets) + ".");
      comments.add("Put them into a Secret, and name it in `valuesFrom`.");
    }
    Map<String, @Nullable Object> spec = release.map("spec");
    for (String key : KEPT) {
      Object value = spec.get(key);
      if (value != null) {
        settings.put(key, value);
      }
    }
    List<String> lost = LEFT_OUT.stream().filter(key -> spec.get(key) != null).toList();
    if (!lost.isEmpty()) {
      comments.add("Without counterpart, and left out: " + String.join(", ", lost) + ".");
    }
    return settings;
  }
}
