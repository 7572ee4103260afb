// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.charts.Archives;
import dev.segue.agent.charts.ChartServer;
import dev.segue.renderer.model.PlainData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The group "shop" with two releases of one chart, as somebody applies it to an API server. */
public final class AppliedShop {
  private AppliedShop() {}

  /** Has the server serve the chart, and another one, {@code db}. */
  public static void serve(ChartServer charts) {
    charts.serve("/web-1.0.0.tgz", Archives.chart("web", "1.0.0", "red"));
    charts.serve("/db-1.0.0.tgz", Archives.chart("db", "1.0.0", "red"));
    charts.serve(
        "/index.yaml",
        "apiVersion: v1\nentries: {web: [{name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}],"
            + " db: [{name: db, version: 1.0.0, urls: [db-1.0.0.tgz]}]}\n");
  }

  /**
   * The group's YAML.
   *
   * @param charts where the chart is served
   * @param field one more field of its spec, in one line; "" for none
   */
  public static String yaml(String namespace, ChartServer charts, String colour, String field) {
    return """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop, namespace: %1$s}
        spec:
          %4$s
          applications:
            - name: db
              spec:
                chart: {url: %2$s, name: web, version: 1.0.0}
                release: {targetNamespace: shop, values: {color: %3$s}}
            - name: web
              dependencies: [db]
              spec:
                chart: {url: %2$s, name: web, version: 1.0.0}
                release: {targetNamespace: shop, values: {color: %3$s}}
        """
        .formatted(namespace, charts.url(""), colour, field);
  }

  /** The condition Ready in a status, as {@link #condition}. */
  public static String ready(@Nullable Object status) {
    return condition(status, "Ready");
  }

  /** A condition in a status, as {@code status reason: message}; "" while there is none. */
  public static String condition(@Nullable Object status, String type) {
    if (!(PlainData.at(status, "conditions") instanceof List<?> conditions)) {
      return "";
    }
    return conditions.stream()
        .filter(each -> PlainData.text(each, "type").equals(type))
        .map(
            each ->
                PlainData.text(each, "status")
                    + " "
                    + PlainData.text(each, "reason")
                    + ": "
                    + PlainData.text(each, "message"))
        .findFirst()
        .orElse("");
  }
}
