// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlWriter;
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
    file.put("namespace", site.namespace().value());
    file.put("paths", site.paths());
    file.put("removalPercent", (long) site.removalPercent());
    return YamlWriter.write(file);
  }

  /** Returns the site of such a file; empty when it is none. */
  public static Optional<Site> read(String text) {
    return FileReader.read(text, SiteFile::site);
  }

  private static Site site(Manifest file) {
    return new Site(
        file.name(),
        file.text("kubernetesVersion").orElse(""),
        Namespace.parse(file.text("namespace").orElse("")),
        PlainData.texts(file.at("paths")),
        file.number("removalPercent").map(Math::toIntExact).orElse(0));
  }
}
