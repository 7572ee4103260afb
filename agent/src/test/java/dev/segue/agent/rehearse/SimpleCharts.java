// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A chart store whose charts are a ConfigMap with the values; it remembers what it rendered. */
final class SimpleCharts implements ChartStore {
  final List<RenderRequest> rendered = new ArrayList<>();
  private final Map<String, String> versions = new HashMap<>();
  private String broken = "";

  /** Makes a chart exist, in that version only. */
  SimpleCharts with(String name, String version) {
    versions.put(name, version);
    return this;
  }

  /** Makes the chart's templates wrong; "" mends all. */
  void breakTemplatesOf(String name) {
    broken = name;
  }

  @Override
  public ResolvedChart resolve(ChartRef ref, CommitId commit) throws ChartException {
    if (ref instanceof ChartRef.InGit git) {
      String name = git.path().fileName();
      return found(name, "*", new ChartPin.InGit(commit, git.path(), List.of(git.path())));
    }
    if (ref instanceof ChartRef.InRepository repository) {
      Digest archive = Digest.of(repository.name());
      return found(
          repository.name(),
          repository.version(),
          new ChartPin.InRepository(
              repository.url(),
              repository.name(),
              repository.version(),
              archive,
              repository.authSecretRef()));
    }
    ChartRef.InRegistry registry = (ChartRef.InRegistry) ref;
    String name = registry.url().getPath().replaceAll(".*/", "");
    return found(
        name,
        registry.version(),
        new ChartPin.InRegistry(
            registry.url(), registry.version(), Digest.of(name), registry.authSecretRef()));
  }

  private ResolvedChart found(String name, String wanted, ChartPin pin) throws ChartException {
    String version = versions.get(name);
    if (version == null || !(wanted.equals("*") || wanted.equals(version))) {
      throw new ChartException(
          ProblemCode.CHART_VERSION_NOT_FOUND,
          false,
          "no '" + name + "' chart with version matching '" + wanted + "' found",
          null);
    }
    return new ResolvedChart(pin, name, version, Digest.of(name + version), List.of(), List.of());
  }

  @Override
  public HelmOutput render(RenderRequest request) throws ChartException {
    if (request.chart().name().equals(broken)) {
      throw new ChartException(
          ProblemCode.CHART_DOES_NOT_RENDER, false, "templates/all.yaml:3: nil pointer", null);
    }
    rendered.add(request);
    return new HelmOutput(
        List.of(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
                + request.release()
                + "}\ndata: {colour: \""
                + request.values().tree().get("colour")
                + "\"}\n"),
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public SplitChart split(SplitRequest request) {
    throw new UnsupportedOperationException("these charts have no sub-charts");
  }

  @Override
  public SortedMap<String, byte[]> files(ResolvedChart chart) {
    throw new UnsupportedOperationException("these charts have no files");
  }

  @Override
  public void close() {}
}
