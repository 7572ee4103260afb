// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.yaml.YamlWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code site.yaml}: a site written and read back. */
public final class SiteFile {
  private SiteFile() {}

  public static String write(Site site) {
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("apiVersion", "segue.dev/v1alpha1");
    file.put("kind", "Site");
    file.put("metadata", Map.of("name", site.cluster()));
    file.put("kubernetesVersion", site.kubeVersion());
    file.put("paths", site.paths());
    file.put("removalPercent", (long) site.removalPercent());
    RenderSettings render = site.render();
    file.put("namespace", render.namespace().value());
    file.put("serviceAccount", render.serviceAccount());
    file.put("parallelism", (long) render.parallelism());
    file.put("timeToLive", render.timeToLive().toString());
    file.put("podGarbageCollection", render.podGarbageCollection());
    file.put("source", git(render.sourceUrl(), render.sourceBranch(), render.sourceSecretRef()));
    file.put("status", git(render.statusUrl(), render.statusBranch(), render.statusSecretRef()));
    if (!render.tenancy().equals(Tenancy.NONE)) {
      file.put("tenancy", TenancyFile.data(render.tenancy()));
    }
    return YamlWriter.write(file);
  }

  private static Map<String, @Nullable Object> git(
      String url, String branch, @Nullable String secretRef) {
    Map<String, @Nullable Object> git = new LinkedHashMap<>();
    git.put("url", url);
    git.put("branch", branch);
    if (secretRef != null) {
      git.put("secretRef", secretRef);
    }
    return git;
  }

  /** Returns the site of such a file; empty when it is none. */
  public static Optional<Site> read(String text) {
    return FileReader.read(text, SiteFile::site);
  }

  private static Site site(Manifest file) {
    return new Site(
        file.name(),
        file.text("kubernetesVersion").orElse(""),
        new RenderSettings(
            Namespace.parse(file.text("namespace").orElse("")),
            file.text("serviceAccount").orElse(""),
            number(file, "parallelism"),
            duration(file.text("timeToLive").orElse("")),
            file.text("podGarbageCollection").orElse(""),
            file.text("source", "url").orElse(""),
            file.text("source", "branch").orElse(""),
            file.text("source", "secretRef").orElse(null),
            file.text("status", "url").orElse(""),
            file.text("status", "branch").orElse(""),
            file.text("status", "secretRef").orElse(null),
            TenancyFile.read(file.map("tenancy"))),
        PlainData.texts(file.at("paths")),
        number(file, "removalPercent"));
  }

  private static int number(Manifest file, String field) {
    return file.number(field).map(Math::toIntExact).orElse(0);
  }

  /**
   * @throws IllegalArgumentException when {@code text} is none
   */
  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
