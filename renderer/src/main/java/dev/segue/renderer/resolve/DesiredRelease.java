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

/**
 * One release as the commit wants it: its application, and the one chart that was found for it. Its
 * digests are made once: everything that follows asks for them.
 */
public final class DesiredRelease {
  private final Application application;
  private final ResolvedChart chart;
  private final Digest valuesDigest;
  private final Digest settingsDigest;
  private final Digest digest;

  private DesiredRelease(
      Application application,
      ResolvedChart chart,
      Digest valuesDigest,
      Digest settingsDigest,
      Digest digest) {
    this.application = application;
    this.chart = chart;
    this.valuesDigest = valuesDigest;
    this.settingsDigest = settingsDigest;
    this.digest = digest;
  }

  /**
   * Returns the release.
   *
   * @param before the same release at another time, null when there is none: digests of what did
   *     not change are taken from it
   */
  static DesiredRelease of(
      Application application, ResolvedChart chart, @Nullable DesiredRelease before) {
    ReleaseSettings release = application.release();
    boolean sameSettings = before != null && before.settings().equals(release);
    Digest values =
        before != null && sameSettings
            ? before.valuesDigest
            : Digest.of(YamlWriter.write(release.values().tree()));
    Digest settings =
        before != null && sameSettings ? before.settingsDigest : settingsDigest(release);
    Digest digest =
        before != null && sameSettings && before.chart.equals(chart)
            ? before.digest
            : digest(application.name(), chart, settings, values);
    return new DesiredRelease(application, chart, values, settings, digest);
  }

  public Application application() {
    return application;
  }

  public ResolvedChart chart() {
    return chart;
  }

  public ReleaseName name() {
    return application.name();
  }

  public ReleaseSettings settings() {
    return application.release();
  }

  /**
   * The sub-charts that a release of what remains of its chart still has although they could be
   * releases of their own, by name or alias; sorted.
   */
  public List<String> remaining() {
    return chart.pin() instanceof ChartPin.Derived part ? part.from().included() : List.of();
  }

  /**
   * The digest of everything that Helm is given for it. The commit is not in it: the same chart and
   * values in another commit are the same release. Its dependencies are not in it either: order is
   * no content.
   */
  public Digest digest() {
    return digest;
  }

  /** The digest of the values. */
  public Digest valuesDigest() {
    return valuesDigest;
  }

  /** The digest of everything else that the file says of the release. */
  public Digest settingsDigest() {
    return settingsDigest;
  }

  @Override
  public String toString() {
    return name() + " " + digest;
  }

  private static Digest digest(
      ReleaseName name, ResolvedChart chart, Digest settings, Digest values) {
    Map<String, @Nullable Object> content = new LinkedHashMap<>();
    content.put("release", name.value());
    content.put("chart", chart.name());
    content.put("version", chart.version());
    content.put("content", chart.content().hex());
    content.put("source", source(chart.pin()));
    content.put("settings", settings.hex());
    content.put("values", values.hex());
    return Digest.of(YamlWriter.write(content));
  }

  private static Digest settingsDigest(ReleaseSettings settings) {
    Map<String, @Nullable Object> content = new LinkedHashMap<>();
    content.put("namespace", settings.targetNamespace().value());
    content.put("interval", settings.interval().toString());
    content.put("timeout", settings.timeout().toString());
    content.put(
        "valuesFrom", settings.valuesFrom().stream().map(ValuesReference::toString).toList());
    content.put("sensitive", settings.sensitive());
    content.put("inlined", settings.inlined().tree());
    return Digest.of(YamlWriter.write(content));
  }

  private static List<@Nullable Object> source(ChartPin pin) {
    if (pin instanceof ChartPin.InGit git) {
      return List.of("git", git.path().value());
    }
    if (pin instanceof ChartPin.InRepository repository) {
      return List.of(
          "repository", repository.url().toString(), String.valueOf(repository.authSecretRef()));
    }
    if (pin instanceof ChartPin.Derived) {
      return List.of("derived"); // its content says all
    }
    ChartPin.InRegistry registry = (ChartPin.InRegistry) pin;
    return List.of(
        "registry",
        registry.url().toString(),
        registry.manifest().hex(),
        String.valueOf(registry.authSecretRef()));
  }
}
