// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.migrate.Helmfile.Surroundings;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a release of a Helmfile has its chart from: {@code repository/name}, {@code oci://…}, or a
 * folder.
 */
final class HelmfileChart {
  private static final List<String> SECRETS =
      List.of("username", "password", "caFile", "certFile", "keyFile");

  private final String chart;
  private final int line;
  private final String path;
  private final Surroundings around;

  HelmfileChart(String chart, int line, String path, Surroundings around) {
    this.chart = chart;
    this.line = line;
    this.path = path;
    this.around = around;
  }

  /** Empty where it has no counterpart; a problem says so. */
  Map<String, @Nullable Object> reference(String version) {
    if (chart.startsWith("oci://")) {
      return withVersion(chart, "", version);
    }
    if (chart.startsWith("./") || chart.startsWith("../") || chart.equals(".")) {
      return folder();
    }
    int slash = chart.indexOf('/');
    YamlNode repository = slash < 0 ? null : around.repositories().get(chart.substring(0, slash));
    if (repository == null) {
      boolean elsewhere = slash <= 0 || chart.contains("::") || chart.contains("://");
      around
          .problems()
          .add(
              line,
              ProblemCode.MIGRATION_NO_COUNTERPART,
              path + ".chart",
              "must be REPOSITORY/NAME with a repository of this file, oci://… or a folder that"
                  + " begins with ./; got "
                  + Findings.quote(chart.replaceAll("://[^/@]*@", "://")),
              elsewhere
                  ? "Put the chart into a repository, a registry or the folder of the file."
                  : "Write ./" + chart + " for a folder.");
      return new LinkedHashMap<>();
    }
    return inRepository(repository, chart.substring(slash + 1), version);
  }

  private Map<String, @Nullable Object> folder() {
    Map<String, @Nullable Object> reference = new LinkedHashMap<>();
    try {
      RepoPath folder = around.folder().resolve(chart);
      reference.put("path", folder.value().isEmpty() ? "." : folder.value());
    } catch (IllegalArgumentException e) {
      around
          .problems()
          .add(
              line,
              ProblemCode.MIGRATION_NO_COUNTERPART,
              path + ".chart",
              "must lie in the repository of the file; got " + Findings.quote(chart),
              "Bring the chart into it, or name the repository's folder by `--repository`.");
    }
    return reference;
  }

  private Map<String, @Nullable Object> inRepository(
      YamlNode repository, String name, String version) {
    String url = Nodes.text(Nodes.get(repository, "url")).replaceAll("/+$", "");
    boolean oci = Nodes.isTrue(Nodes.get(repository, "oci")) || url.startsWith("oci://");
    String whole = url.contains("://") ? url : (oci ? "oci://" : "https://") + url;
    Map<String, @Nullable Object> reference =
        oci ? withVersion(whole + "/" + name, "", version) : withVersion(whole, name, version);
    List<String> secrets =
        SECRETS.stream().filter(key -> !Nodes.isEmpty(Nodes.get(repository, key))).toList();
    if (!secrets.isEmpty()) {
      String secret = Nodes.text(Nodes.get(repository, "name")).replaceAll("[^a-z0-9.-]", "-");
      reference.put("authSecretRef", secret);
      around.changed(
          repository.line(),
          "repositories",
          "has "
              + String.join(", ", secrets)
              + " for "
              + Findings.quote(Nodes.text(Nodes.get(repository, "name")))
              + ", which the new file does not: it names the Secret \""
              + secret
              + "\"",
          "Make that Secret in the group's namespace.");
    }
    return reference;
  }

  private static Map<String, @Nullable Object> withVersion(
      String url, String name, String version) {
    Map<String, @Nullable Object> reference = new LinkedHashMap<>();
    reference.put("url", url);
    if (!name.isEmpty()) {
      reference.put("name", name);
    }
    if (!version.isEmpty()) {
      reference.put("version", version);
    }
    return reference;
  }
}
