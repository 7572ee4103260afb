// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ReleaseName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An umbrella chart called {@code shop}, written file by file. */
final class TestChart {
  private final SortedMap<String, byte[]> files = new TreeMap<>();

  /** The dependencies are those lines of {@code Chart.yaml}; none when "". */
  static TestChart shop(String dependencies) {
    String declared = dependencies.isEmpty() ? "" : "dependencies:\n" + dependencies;
    return new TestChart()
        .file(
            "Chart.yaml",
            "apiVersion: v2\nname: shop\nversion: 1.0.0\ndescription: a shop\n" + declared);
  }

  /** A sub-chart of version 1.2.3 with one template. */
  TestChart subchart(String folder, String name) {
    return subchart(folder, name, "")
        .file(folder + "/templates/" + name + ".yaml", "kind: ConfigMap\n");
  }

  /** One without templates. */
  TestChart subchart(String folder, String name, String more) {
    return file(
        folder + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.2.3\n" + more);
  }

  TestChart file(String path, String text) {
    files.put(path, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  SortedMap<String, byte[]> files() {
    return files;
  }

  UmbrellaChart chart() {
    return UmbrellaChart.of(files);
  }

  /** Splits it with these sub-charts enabled, {@code a/b} being {@code b} in {@code a}. */
  Split split(String... enabled) {
    return split(List.of(), enabled);
  }

  Split split(List<String> unstaged, String... enabled) {
    return Splitter.split(chart(), enabled(enabled), unstaged, ReleaseName.parse("eu-shop"));
  }

  static Enabled enabled(String... paths) {
    SortedMap<String, Enabled> below = new TreeMap<>();
    for (String path : paths) {
      if (!path.contains("/")) {
        String[] nested =
            List.of(paths).stream()
                .filter(other -> other.startsWith(path + "/"))
                .map(other -> other.substring(path.length() + 1))
                .toArray(String[]::new);
        below.put(path, enabled(nested));
      }
    }
    return new Enabled(Digest.of("values"), below);
  }

  static Part part(Split split, String subchart) {
    Part part = subchart.isEmpty() ? split.parent() : split.parts().get(subchart);
    if (part == null) {
      throw new AssertionError("no part " + subchart + " in " + split.parts().keySet());
    }
    return part;
  }

  static String text(Part part, String path) {
    byte @Nullable [] content = part.files().get(path);
    if (content == null) {
      throw new AssertionError("no " + path + " in " + part.files().keySet());
    }
    return new String(content, StandardCharsets.UTF_8);
  }
}
