// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Expansion;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.split.SplitChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A product with an umbrella chart of three sub-charts, in parts, whole, or some of each. */
public final class SplitProducts {
  public static final String UMBRELLA = "bookinfo";
  public static final List<String> SUBCHARTS = List.of("details", "ratings", "reviews");

  private SplitProducts() {}

  /**
   * Returns {@code gateway}, then {@code bookinfo} with those sub-charts as releases of their own,
   * {@code reviews} after the others, then {@code shop}.
   *
   * @param version of all charts
   */
  public static DesiredGroup desired(CommitId commit, String version, List<String> staged) {
    return desired(commit, version, staged, Map.of("reviews", List.of("details", "ratings")));
  }

  /**
   * As {@link #desired}.
   *
   * @param order what each sub-chart is released after
   */
  public static DesiredGroup desired(
      CommitId commit, String version, List<String> staged, Map<String, List<String>> order) {
    ApplicationGroup group = group(staged, order);
    ReleaseName umbrella = ReleaseName.parse(UMBRELLA);
    Expansion expansion = Expansion.of(group, Map.of(umbrella, split(version, staged)));
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>(expansion.charts());
    for (Application application : group.applications()) {
      String name = application.name().value();
      charts.putIfAbsent(application.name(), chart(whole(commit, name), name, version));
    }
    return Resolver.resolve(expansion.group(), commit, charts, expansion.included(), Map.of());
  }

  private static SplitChart split(String version, List<String> staged) {
    SortedMap<String, ResolvedChart> parts = new TreeMap<>();
    for (String subchart : staged) {
      ValuesSelection own = new ValuesSelection(true, List.of(List.of(subchart)));
      parts.put(subchart, part(version, subchart, own, List.of()));
    }
    List<String> included = new ArrayList<>(SUBCHARTS);
    included.removeAll(staged);
    ResolvedChart parent = part(version, "", ValuesSelection.ALL, included);
    return new SplitChart(parts, parent, included, SUBCHARTS, List.of(), List.of());
  }

  private static ResolvedChart part(
      String version, String subchart, ValuesSelection values, List<String> included) {
    ReleaseName umbrella = ReleaseName.parse(UMBRELLA);
    Digest whole = Digest.of(UMBRELLA + version);
    Digest content = Digest.of(version + "/" + subchart + included);
    ChartPin.Derivation from =
        new ChartPin.Derivation(
            whole(Products.COMMIT_1, UMBRELLA), whole, umbrella, subchart, values, included);
    RepoPath path = RepoPath.parse("charts/shop/part-" + content.prefix(8));
    CommitId kept = CommitId.parse(content.prefix(40));
    return new ResolvedChart(
        new ChartPin.Derived(kept, path, from), UMBRELLA, version, content, List.of(), List.of());
  }

  private static ChartPin whole(CommitId commit, String name) {
    RepoPath path = RepoPath.parse("charts/" + name);
    return new ChartPin.InGit(commit, path, List.of(path));
  }

  private static ResolvedChart chart(ChartPin pin, String name, String version) {
    return new ResolvedChart(pin, name, version, Digest.of(name + version), List.of(), List.of());
  }

  private static List<String> before(
      String name, List<String> staged, Map<String, List<String>> order) {
    return staged.contains(name)
        ? order.getOrDefault(name, List.of()).stream().filter(staged::contains).toList()
        : List.of();
  }

  private static ApplicationGroup group(List<String> staged, Map<String, List<String>> order) {
    String subcharts =
        SUBCHARTS.stream()
            .map(
                name ->
                    "{name: "
                        + name
                        + ", staging: "
                        + staged.contains(name)
                        + ", dependencies: "
                        + before(name, staged, order)
                        + "}")
            .collect(Collectors.joining(", ", "subcharts: [", "]"));
    String text =
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
          - {name: gateway, spec: {chart: {path: charts/gateway}, release: {targetNamespace: books}}}
          - name: bookinfo
            dependencies: [gateway]
            spec:
              chart: {path: charts/bookinfo}
              release: {targetNamespace: books}
              %s
          - name: shop
            dependencies: [bookinfo]
            spec: {chart: {path: charts/shop}, release: {targetNamespace: books}}
        """
            .formatted(staged.isEmpty() ? "" : subcharts);
    return GroupReader.read(List.of(new SourceFile(RepoPath.parse("shop.yaml"), text)))
        .valid()
        .get(0);
  }
}
