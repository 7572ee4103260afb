// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** What Azure Orkestra calls its objects, and what it writes on them (Azure/orkestra@259e906). */
public final class Orkestra {
  public static final String API_VERSION = "orkestra.azure.microsoft.com/v1alpha1";

  /** On an ApplicationGroup that Orkestra has seen: as long as it is there, Orkestra acts on it. */
  public static final String FINALIZER = "orkestra.azure.microsoft.com/finalizer";

  /** A label of HelmReleases: the ApplicationGroup that they were made for. */
  public static final String OWNER = "orkestra.azure.microsoft.com/owner";

  private static final int LONGEST_NAME = 63;

  private Orkestra() {}

  /** Returns the name of the Helm release that Orkestra makes of a chart; "" where it hashes it. */
  public static String release(String chart) {
    String name =
        chart
            .toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^-a-z0-9]", "-")
            .replaceFirst("^[^a-z0-9]+", "");
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }
}
