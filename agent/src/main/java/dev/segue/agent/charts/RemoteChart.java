// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.renderer.model.Digest;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the one archive is that a reference means now.
 *
 * @param shown what messages call it
 * @param version exact: a version of the repository, or a tag of the registry
 * @param digest the archive's, as the index or manifest says; null when neither does
 * @param manifest the OCI manifest's digest; null for an HTTP repository
 * @param headers to get the archive with
 */
record RemoteChart(
    String shown,
    String version,
    @Nullable Digest digest,
    @Nullable Digest manifest,
    URI archive,
    Access access,
    Map<String, String> headers) {
  @Override
  public String toString() {
    return shown;
  }
}
