// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.charts.RenderEngine;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.SourceRepo;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Helm's engine for all tests of this JVM that are not about the engine: to start one takes a
 * second of processor time. It knows of charts by their digests, and so serves any store. It ends
 * with the JVM, or when it is idle.
 */
public final class SharedEngine {
  private static final RenderEngine ENGINE =
      RenderEngine.of(HelmChartStore.Settings.in(Path.of("target", "shared-engine")));

  private SharedEngine() {}

  /** Not to be closed. */
  public static RenderEngine get() {
    return ENGINE;
  }

  /** Opens a store on it without credentials, as in production but for that. */
  public static HelmChartStore store(SourceRepo source, Path cache) throws ChartException {
    return new HelmChartStore(
        source, name -> Optional.empty(), HelmChartStore.Settings.in(cache), ENGINE);
  }
}
