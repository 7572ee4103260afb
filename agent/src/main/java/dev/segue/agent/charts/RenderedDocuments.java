// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the documents of Helm's output apart: manifests, hooks, CRDs. */
final class RenderedDocuments {
  private static final Pattern START = Pattern.compile("(?m)^---\\n(?=# Source: )");
  private static final String CRD_SOURCE = "/templates/" + WorkerCopy.CRD_FOLDER;
  private static final String HOOK = "helm.sh/hook";

  /** The events that Helm runs hooks for; it drops a document that names none of them. */
  private static final Set<String> EVENTS =
      Set.of(
          "pre-install",
          "post-install",
          "pre-delete",
          "post-delete",
          "pre-upgrade",
          "post-upgrade",
          "pre-rollback",
          "post-rollback",
          "test",
          "test-success");

  private RenderedDocuments() {}

  /** Each document begins with the comment {@code # Source: chart/templates/file}. */
  static HelmOutput of(String output, List<String> notices) {
    List<String> manifests = new ArrayList<>();
    List<String> hooks = new ArrayList<>();
    List<String> crds = new ArrayList<>();
    for (String part : START.split(output)) {
      String document = part.stripTrailing() + "\n";
      if (isEmpty(document)) {
        continue;
      }
      int firstEnd = document.indexOf('\n');
      String source = document.substring(0, firstEnd);
      if (source.contains(CRD_SOURCE)) {
        crds.add(source.replace(CRD_SOURCE, "/crds/") + document.substring(firstEnd));
        continue;
      }
      switch (document.contains(HOOK) ? hook(document) : Hook.NONE) {
        case NONE -> manifests.add(document);
        case KNOWN -> hooks.add(document);
        case UNKNOWN -> {} // as Helm
      }
    }
    return new HelmOutput(manifests, hooks, crds, notices);
  }

  private enum Hook {
    NONE,
    KNOWN,
    UNKNOWN
  }

  private static Hook hook(String document) {
    List<YamlNode> nodes = YamlReader.read(document).documents();
    if (nodes.isEmpty()
        || !(nodes.get(0) instanceof YamlNode.Mapping root)
        || !(root.get("metadata") instanceof YamlNode.Mapping metadata)
        || !(metadata.get("annotations") instanceof YamlNode.Mapping annotations)
        || !(annotations.get(HOOK) instanceof YamlNode.Scalar events)) {
      return Hook.NONE;
    }
    boolean known =
        Arrays.stream(events.text().split(",", -1))
            .map(event -> event.strip().toLowerCase(java.util.Locale.ROOT))
            .anyMatch(EVENTS::contains);
    return known ? Hook.KNOWN : Hook.UNKNOWN;
  }

  private static boolean isEmpty(String document) {
    return document
        .lines()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.equals("---"));
  }
}
