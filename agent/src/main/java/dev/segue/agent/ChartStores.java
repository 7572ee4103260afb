// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.FileCredentials;
import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.charts.RenderEngine;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.SourceRepo;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How charts are kept and rendered, as the configuration says. */
final class ChartStores {
  private static final Duration DOWNLOAD_DEADLINE = Duration.ofSeconds(60);
  private static final Duration FRESHNESS = Duration.ofSeconds(30);

  private ChartStores() {}

  /**
   * Opens the charts of {@code source} where there is no cluster: credentials are files.
   *
   * @param engine null for one of its own
   */
  static HelmChartStore local(
      AgentConfig.Charts charts, SourceRepo source, Clock clock, @Nullable RenderEngine engine)
      throws ChartException {
    Path folder = charts.credentials();
    CredentialSource credentials =
        folder == null ? name -> Optional.empty() : new FileCredentials(folder);
    return new HelmChartStore(source, credentials, settings(charts, clock), engine);
  }

  static HelmChartStore.Settings settings(AgentConfig.Charts charts, Clock clock) {
    return new HelmChartStore.Settings(
        charts.cache().resolve("charts"),
        charts.cacheBytes(),
        charts.renderTimeout(),
        charts.workerIdle(),
        DOWNLOAD_DEADLINE,
        FRESHNESS,
        false,
        clock);
  }
}
