// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.yaml.YamlWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code inventory.yaml}: what was given to Flux, written and read back. */
public final class InventoryFile {
  private InventoryFile() {}

  public static String write(Inventory inventory) {
    return YamlWriter.write(content(inventory));
  }

  /** Writes {@code good.yaml}. */
  public static String write(LastGood good) {
    Map<String, @Nullable Object> file = content(good.inventory());
    file.put("commit", good.commit().hex());
    return YamlWriter.write(file);
  }

  private static Map<String, @Nullable Object> content(Inventory inventory) {
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("apiVersion", "segue.dev/v1alpha1");
    file.put("kind", "Inventory");
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", inventory.group().value());
    metadata.put("namespace", inventory.namespace().value());
    file.put("metadata", metadata);
    file.put(
        "releases", inventory.releases().values().stream().map(InventoryFile::release).toList());
    return file;
  }

  private static Map<String, @Nullable Object> release(DeployedRelease release) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", release.name().value());
    map.put("helmRelease", release.object());
    map.put("targetNamespace", release.targetNamespace().value());
    map.put("digest", release.digest().hex());
    map.put("valuesDigest", release.values().hex());
    map.put("settingsDigest", release.settings().hex());
    Map<String, @Nullable Object> chart = new LinkedHashMap<>();
    chart.put("name", release.chart());
    chart.put("version", release.version());
    chart.put("content", release.content().hex());
    chart.put("requested", release.requested());
    chart.putAll(pin(release.pin()));
    map.put("chart", chart);
    map.put("dependencies", release.dependencies().stream().map(ReleaseName::value).toList());
    map.put(
        "softDependencies", release.softDependencies().stream().map(ReleaseName::value).toList());
    map.put("deletion", release.deletion().name().toLowerCase(Locale.ROOT));
    if (release.dissolved()) {
      map.put("dissolved", true);
    }
    return map;
  }

  private static Map<String, @Nullable Object> pin(ChartPin pin) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    if (pin instanceof ChartPin.InGit git) {
      map.put("commit", git.commit().hex());
      map.put("path", git.path().value());
      map.put("paths", git.paths().stream().map(RepoPath::value).toList());
    } else if (pin instanceof ChartPin.InRepository repository) {
      map.put("repository", repository.url().toString());
      map.put("repositoryChart", repository.name());
      map.put("repositoryVersion", repository.version());
      map.put("archive", repository.archive().hex());
      map.put("authSecretRef", repository.authSecretRef());
    } else if (pin instanceof ChartPin.InRegistry registry) {
      map.put("registry", registry.url().toString());
      map.put("tag", registry.tag());
      map.put("manifest", registry.manifest().hex());
      map.put("authSecretRef", registry.authSecretRef());
    } else if (pin instanceof ChartPin.Derived part) {
      map.put("partOf", derivation(part.from()));
      map.put("statusCommit", part.commit() == null ? null : part.commit().hex());
      map.put("path", part.path().value());
    }
    return map;
  }

  private static Map<String, @Nullable Object> derivation(ChartPin.Derivation from) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("application", from.application().value());
    map.put("subchart", from.subchart());
    map.put("content", from.content().hex());
    map.put(from.values().only() ? "values" : "valuesBut", from.values().paths());
    map.put("included", from.included());
    map.putAll(pin(from.whole()));
    return map;
  }

  /** Returns the inventory of such a file; empty when it is none. */
  public static Optional<Inventory> read(String text) {
    return FileReader.read(text, InventoryFile::inventory);
  }

  /** Returns what such a {@code good.yaml} says; empty when it is none. */
  public static Optional<LastGood> readGood(String text) {
    return FileReader.read(
        text,
        file ->
            new LastGood(
                CommitId.parse(file.text("commit").orElse("")), InventoryFile.inventory(file)));
  }

  private static Inventory inventory(Manifest file) {
    Map<ReleaseName, DeployedRelease> releases = new TreeMap<>();
    for (Map<String, @Nullable Object> map : file.maps("releases")) {
      DeployedRelease release = readRelease(map);
      releases.put(release.name(), release);
    }
    return new Inventory(
        GroupName.parse(file.name()), Namespace.parse(file.namespace().orElse("")), releases);
  }

  private static DeployedRelease readRelease(Map<String, @Nullable Object> map) {
    Map<String, @Nullable Object> chart = PlainData.map(map.get("chart"));
    return new DeployedRelease(
        ReleaseName.parse(PlainData.text(map, "name")),
        PlainData.text(map, "helmRelease"),
        Namespace.parse(PlainData.text(map, "targetNamespace")),
        Digest.parse(PlainData.text(map, "digest")),
        Digest.parse(PlainData.text(map, "valuesDigest")),
        Digest.parse(PlainData.text(map, "settingsDigest")),
        PlainData.text(chart, "name"),
        PlainData.text(chart, "version"),
        Digest.parse(PlainData.text(chart, "content")),
        PlainData.text(chart, "requested"),
        readPin(chart),
        names(map.get("dependencies")),
        names(map.get("softDependencies")),
        Deletion.valueOf(PlainData.text(map, "deletion").toUpperCase(Locale.ROOT)),
        Boolean.TRUE.equals(map.get("dissolved")));
  }

  private static ChartPin readPin(Map<String, @Nullable Object> chart) {
    if (chart.get("partOf") instanceof Map<?, ?> from) {
      return new ChartPin.Derived(
          chart.get("statusCommit") instanceof String commit ? CommitId.parse(commit) : null,
          RepoPath.parse(PlainData.text(chart, "path")),
          readDerivation(PlainData.map(from)));
    }
    @Nullable String secret = chart.get("authSecretRef") instanceof String name ? name : null;
    if (chart.containsKey("commit")) {
      List<RepoPath> paths =
          PlainData.texts(chart.get("paths")).stream().map(RepoPath::parse).toList();
      return new ChartPin.InGit(
          CommitId.parse(PlainData.text(chart, "commit")),
          RepoPath.parse(PlainData.text(chart, "path")),
          paths);
    }
    if (chart.containsKey("repository")) {
      return new ChartPin.InRepository(
          URI.create(PlainData.text(chart, "repository")),
          PlainData.text(chart, "repositoryChart"),
          PlainData.text(chart, "repositoryVersion"),
          Digest.parse(PlainData.text(chart, "archive")),
          secret);
    }
    return new ChartPin.InRegistry(
        URI.create(PlainData.text(chart, "registry")),
        PlainData.text(chart, "tag"),
        Digest.parse(PlainData.text(chart, "manifest")),
        secret);
  }

  private static ChartPin.Derivation readDerivation(Map<String, @Nullable Object> map) {
    boolean only = map.containsKey("values");
    List<List<String>> paths =
        map.get(only ? "values" : "valuesBut") instanceof List<?> list
            ? list.stream().map(PlainData::texts).toList()
            : List.of();
    return new ChartPin.Derivation(
        readPin(map),
        Digest.parse(PlainData.text(map, "content")),
        ReleaseName.parse(PlainData.text(map, "application")),
        PlainData.text(map, "subchart"),
        new ValuesSelection(only, paths),
        PlainData.texts(map.get("included")));
  }

  private static List<ReleaseName> names(@Nullable Object node) {
    return PlainData.texts(node).stream().map(ReleaseName::parse).toList();
  }
}
