// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file of a product, written from a short form. */
final class ProductFile {
  private static final Pattern APPLICATION =
      Pattern.compile(
          "(?<name>[a-z0-9-]+)(@(?<chart>[a-z]+))?(=(?<colour>[a-z]+))?(?<deps>[<~].*)?");

  private ProductFile() {}

  static String text(String namespace, String name, String spec, String... applications) {
    StringBuilder text =
        new StringBuilder("apiVersion: segue.dev/v1alpha1\nkind: ApplicationGroup\nmetadata:\n");
    text.append("  name: ").append(name).append('\n');
    if (!namespace.isEmpty()) {
      text.append("  namespace: ").append(namespace).append('\n');
    }
    text.append("spec:\n");
    spec.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("  applications:\n");
    for (String application : applications) {
      append(text, application);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String application) {
    Matcher matcher = APPLICATION.matcher(application);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no application: " + application);
    }
    text.append("    - name: ").append(matcher.group("name")).append('\n');
    String dependencies = matcher.group("deps");
    if (dependencies != null) {
      String field = dependencies.startsWith("<") ? "dependencies" : "softDependencies";
      text.append("      ").append(field).append(": [");
      text.append(dependencies.substring(1)).append("]\n");
    }
    String chart = matcher.group("chart") == null ? "web" : matcher.group("chart");
    String colour = matcher.group("colour") == null ? "none" : matcher.group("colour");
    text.append(
        """
              spec:
                chart: {path: charts/%s}
                release:
                  targetNamespace: shop
                  timeout: 30s
                  values: {colour: %s}
        """
            .formatted(chart, colour));
  }
}
