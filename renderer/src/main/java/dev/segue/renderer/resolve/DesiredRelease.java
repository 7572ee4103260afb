// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.ValuesReference;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One release as the commit wants it: its application, and the one chart that was found for it. */
public record DesiredRelease(Application application, ResolvedChart chart) {

  public ReleaseName name() {
    return application.name();
  }

  public ReleaseSettings settings() {
    return application.release();
  }

  /**
   * The digest of everything that Helm is given for it. The commit is not in it: the same chart and
   * values in another commit are the same release. Its dependencies are not in it either: order is
   * no content.
   */
  public Digest digest() {
    Map<String, @Nullable Object> content = new LinkedHashMap<>();
    content.put("release", name().value());
    content.put("chart", chart.name());
    content.put("version", chart.version());
    content.put("content", chart.content().hex());
    content.put("source", source());
    content.put("settings", settingsDigest().hex());
    content.put("values", valuesDigest().hex());
    return Digest.of(YamlWriter.write(content));
  }

  /** The digest of the values. */
  public Digest valuesDigest() {
    return Digest.of(YamlWriter.write(settings().values().tree()));
  }

  /** The digest of everything else that the file says of the release. */
  public Digest settingsDigest() {
    Map<String, @Nullable Object> content = new LinkedHashMap<>();
    content.put("namespace", settings().targetNamespace().value());
    content.put("interval", settings().interval().toString());
    content.put("timeout", settings().timeout().toString());
    content.put(
        "valuesFrom", settings().valuesFrom().stream().map(ValuesReference::toString).toList());
    content.put("sensitive", settings().sensitive());
    content.put("inlined", settings().inlined().tree());
    return Digest.of(YamlWriter.write(content));
  }

  private List<@Nullable Object> source() {
    ChartPin pin = chart.pin();
    if (pin instanceof ChartPin.InGit git) {
      return List.of("git", git.path().value());
    }
    if (pin instanceof ChartPin.InRepository repository) {
      return List.of(
          "repository", repository.url().toString(), String.valueOf(repository.authSecretRef()));
    }
    ChartPin.InRegistry registry = (ChartPin.InRegistry) pin;
    return List.of(
        "registry",
        registry.url().toString(),
        registry.manifest().hex(),
        String.valueOf(registry.authSecretRef()));
  }
}
