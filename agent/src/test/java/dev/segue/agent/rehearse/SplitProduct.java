// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An umbrella chart {@code shop} with {@code db} and {@code web}, which is released after it; a
 * chart is a ConfigMap for each of its objects.
 */
final class SplitProduct implements ChartStore {
  static final CommitId WHOLE = CommitId.parse("1".repeat(40));
  static final CommitId PARTS = CommitId.parse("2".repeat(40));
  private static final ReleaseName SHOP = ReleaseName.parse("shop");
  private static final Map<String, List<String>> OBJECTS =
      new TreeMap<>(
          Map.of(
              "whole", List.of("shop", "db", "web"),
              "parent", List.of("shop"),
              "db", List.of("db"),
              "web", List.of("web")));
  private final Map<String, String> broken = new HashMap<>();

  /** Makes a chart's templates wrong; an empty reason mends them. */
  void breakTemplatesOf(String chart, String why) {
    broken.put(chart, why);
  }

  static DesiredGroup whole() {
    return desired("");
  }

  static DesiredGroup parts() {
    return desired("subcharts: [{name: web, dependencies: [db]}]");
  }

  private static DesiredGroup desired(String subcharts) {
    String file =
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: books}
        spec:
          applications:
          - name: shop
            spec:
              chart: {path: charts/whole}
              release: {targetNamespace: books, timeout: 2m}
              %s
        """
            .formatted(subcharts);
    ApplicationGroup group =
        GroupReader.read(List.of(new SourceFile(RepoPath.parse("books.yaml"), file)))
            .valid()
            .get(0);
    SortedMap<String, ResolvedChart> parts = new TreeMap<>();
    List.of("db", "web").forEach(part -> parts.put(part, derived(part, part)));
    SplitChart split =
        new SplitChart(
            parts, derived("parent", ""), List.of(), List.of("db", "web"), List.of(), List.of());
    Expansion expansion = Expansion.of(group, Map.of(SHOP, split));
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>(expansion.charts());
    charts.putIfAbsent(SHOP, chart(inGit()));
    return Resolver.resolve(expansion.group(), WHOLE, charts, expansion.included(), Map.of());
  }

  private static ChartPin inGit() {
    RepoPath path = RepoPath.parse("charts/whole");
    return new ChartPin.InGit(WHOLE, path, List.of(path));
  }

  private static ResolvedChart derived(String folder, String subchart) {
    ChartPin.Derivation from =
        new ChartPin.Derivation(
            inGit(), Digest.of("shop/whole"), SHOP, subchart, ValuesSelection.ALL, List.of());
    return chart(new ChartPin.Derived(PARTS, RepoPath.parse("charts/" + folder), from));
  }

  private static ResolvedChart chart(ChartPin pin) {
    RepoPath path =
        pin instanceof ChartPin.Derived part ? part.path() : ((ChartPin.InGit) pin).path();
    Digest content = Digest.of("shop/" + path.fileName());
    return new ResolvedChart(pin, "shop", "1.0.0", content, List.of(), List.of());
  }

  @Override
  public ResolvedChart resolve(ChartRef ref, CommitId commit) {
    RepoPath path = ((ChartRef.InGit) ref).path();
    return chart(new ChartPin.InGit(commit, path, List.of(path)));
  }

  @Override
  public HelmOutput render(RenderRequest request) throws ChartException {
    String chart = ((ChartPin.InGit) request.chart().pin()).path().fileName();
    String why = broken.getOrDefault(chart, "");
    if (!why.isEmpty()) {
      throw new ChartException(ProblemCode.CHART_DOES_NOT_RENDER, false, why, null);
    }
    List<String> manifests = new ArrayList<>();
    for (String object : OBJECTS.getOrDefault(chart, List.of())) {
      manifests.add("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + object + "}\n");
    }
    return new HelmOutput(manifests, List.of(), List.of(), List.of());
  }

  @Override
  public SplitChart split(SplitRequest request) {
    throw new UnsupportedOperationException("it is split already");
  }

  @Override
  public SortedMap<String, byte[]> files(ResolvedChart chart) {
    throw new UnsupportedOperationException("these charts have no files");
  }

  @Override
  public void close() {}
}
