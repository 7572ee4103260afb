// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Completes what was set by what follows from it. */
final class ConfigDefaults {
  /** One of these says what is watched. */
  static final List<String> REVISIONS = List.of("source.branch", "source.tag", "source.commit");

  private final Map<String, ConfigValue> values;
  private final Map<String, String> environment;
  private final Path folder;

  ConfigDefaults(Map<String, ConfigValue> values, Map<String, String> environment, Path folder) {
    this.values = new TreeMap<>(values);
    this.environment = environment;
    this.folder = folder;
  }

  static String home(Map<String, String> environment) {
    return environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
  }

  /** Returns every setting that has a value. */
  Map<String, ConfigValue> complete() {
    for (Setting setting : Setting.ALL) {
      if (setting.standard() != null) {
        values.putIfAbsent(setting.key(), standard(setting.kind(), setting.standard()));
      }
    }
    completeRevision();
    copy("source.url", "source.fluxUrl");
    values.computeIfPresent(
        "source.fluxUrl",
        (key, value) ->
            new ConfigValue(
                List.of(GitUrl.asFluxTakesIt(value.text())), value.layer(), value.origin()));
    boolean own = values.keySet().stream().anyMatch(key -> key.startsWith("status.auth."));
    if (!own && !values.containsKey("status.url")) {
      copyAuth();
    }
    copy("source.url", "status.url");
    ConfigValue cluster = values.get("cluster.name");
    if (cluster != null) {
      values.putIfAbsent("status.branch", ConfigValue.ofDefault("segue/" + cluster.text()));
    }
    values.putIfAbsent("charts.cache", ConfigValue.ofDefault(cache()));
    return values;
  }

  private static ConfigValue standard(Setting.Kind kind, String text) {
    return kind.isList()
        ? new ConfigValue(List.of(text.split(",", -1)), ConfigValue.Layer.DEFAULT, "default")
        : ConfigValue.ofDefault(text);
  }

  /** A tag given as an option displaces a branch in the file. */
  private void completeRevision() {
    ConfigValue.Layer strongest =
        REVISIONS.stream()
            .map(values::get)
            .filter(java.util.Objects::nonNull)
            .map(ConfigValue::layer)
            .max(java.util.Comparator.naturalOrder())
            .orElse(ConfigValue.Layer.DEFAULT);
    if (strongest == ConfigValue.Layer.DEFAULT) {
      values.put("source.branch", ConfigValue.ofDefault("main"));
    } else {
      REVISIONS.forEach(
          key -> values.computeIfPresent(key, (k, v) -> v.layer() == strongest ? v : null));
    }
  }

  private void copyAuth() {
    for (Setting setting : Setting.ALL) {
      if (setting.key().startsWith("source.auth.")) {
        copy(setting.key(), setting.key().replaceFirst("source", "status"));
      }
    }
  }

  private void copy(String from, String to) {
    @Nullable ConfigValue value = values.get(from);
    if (value != null) {
      values.putIfAbsent(
          to, new ConfigValue(value.texts(), ConfigValue.Layer.DEFAULT, "default: " + from));
    }
  }

  private String cache() {
    String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = configured.isEmpty() ? Path.of(home(environment), ".cache") : Path.of(configured);
    return folder.toAbsolutePath().resolve(base).resolve("segue").normalize().toString();
  }
}
