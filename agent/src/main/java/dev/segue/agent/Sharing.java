// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.charts.SharedCharts;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.Mirrors;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.SourceRepo;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * What is not of a cluster, and so is there once for all agents of a process whose configurations
 * say the same of it: copies of repositories, the charts' cache and the render worker. Safe for
 * several threads.
 */
final class Sharing implements AutoCloseable {
  private final boolean alone;
  private final Map<Path, Mirrors> mirrors = new HashMap<>();
  private final Map<HelmChartStore.Settings, SharedCharts> charts = new HashMap<>();

  private Sharing(boolean alone) {
    this.alone = alone;
  }

  /** For the only agent of a process; need not be closed. */
  static Sharing alone() {
    return new Sharing(true);
  }

  /** For so many agents. */
  static Sharing among(int agents) {
    return new Sharing(agents == 1);
  }

  /** Returns the copies of repositories in the cache's folder. */
  synchronized Mirrors mirrors(AgentConfig.Charts settings) {
    return mirrors.computeIfAbsent(
        settings.cache().resolve("git"), folder -> new Mirrors(folder, GitLimits.defaults()));
  }

  /** Opens the charts of a cluster, to be closed before this. */
  HelmChartStore charts(
      AgentConfig.Charts charts, SourceRepo source, CredentialSource credentials, Clock clock)
      throws ChartException {
    HelmChartStore.Settings settings = ChartStores.settings(charts, clock);
    return alone
        ? new HelmChartStore(source, credentials, settings)
        : new HelmChartStore(source, credentials, settings, shared(settings));
  }

  private synchronized SharedCharts shared(HelmChartStore.Settings settings) throws ChartException {
    SharedCharts shared = charts.get(settings);
    if (shared == null) {
      shared = SharedCharts.open(settings);
      charts.put(settings, shared);
    }
    return shared;
  }

  /** Ends the render worker. */
  @Override
  public synchronized void close() {
    charts.values().forEach(SharedCharts::close);
    charts.clear();
  }
}
