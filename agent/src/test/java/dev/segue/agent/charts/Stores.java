// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.testing.SharedEngine;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Chart stores for tests. */
final class Stores {
  static final CredentialSource NO_CREDENTIALS = name -> Optional.empty();

  private Stores() {}

  /** As in production, except that nothing stays fresh. */
  static HelmChartStore.Settings settings(Path cache) {
    return new HelmChartStore.Settings(
        cache,
        1L << 28,
        Duration.ofSeconds(20),
        Duration.ofMinutes(1),
        Duration.ofSeconds(5),
        Duration.ZERO,
        false,
        Clock.systemUTC());
  }

  /** Opens a store with an engine of its own, for tests of the engine. */
  static HelmChartStore alone(MemoryRepo repo, Path cache) throws ChartException {
    return new HelmChartStore(repo, NO_CREDENTIALS, settings(cache));
  }

  static HelmChartStore store(MemoryRepo repo, Path cache) throws ChartException {
    return new HelmChartStore(repo, NO_CREDENTIALS, settings(cache), SharedEngine.get());
  }

  static ResolvedChart git(HelmChartStore store, String path) throws ChartException {
    return store.resolve(new ChartRef.InGit(RepoPath.parse(path)), MemoryRepo.COMMIT);
  }

  static HelmOutput render(HelmChartStore store, ResolvedChart chart, Map<String, ?> values)
      throws ChartException {
    return store.render(request(chart, "web", values));
  }

  static RenderRequest request(ResolvedChart chart, String release, Map<String, ?> values) {
    return new RenderRequest(
        chart,
        ReleaseName.parse(release),
        Namespace.parse("shop"),
        "v1.34.4",
        Values.EMPTY.mergedWith(new Values(new java.util.TreeMap<String, Object>(values))));
  }
}
