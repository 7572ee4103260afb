// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where HelmReleases of Flux have their charts from. */
public final class LiveSources {
  private static final String ANY = "*";

  private final Map<Reference, Manifest> sources = new TreeMap<>();

  LiveSources(List<Manifest> sources) {
    for (Manifest source : sources) {
      String namespace = source.namespace().orElse("default");
      this.sources.put(new Reference(source.kind(), namespace, source.name()), source);
    }
  }

  /** A source of Flux that something names. */
  public record Reference(String kind, String namespace, String name)
      implements Comparable<Reference> {
    @Override
    public int compareTo(Reference other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return kind + " " + namespace + "/" + name;
    }
  }

  /** What these HelmReleases and HelmCharts have their charts from, sorted. */
  public static List<Reference> wanted(List<Manifest> objects) {
    TreeSet<Reference> wanted = new TreeSet<>();
    for (Manifest object : objects) {
      String own = object.namespace().orElse("default");
      List<Map<String, @Nullable Object>> all =
          List.of(
              object.map("spec", "chart", "spec", "sourceRef"),
              object.map("spec", "chartRef"),
              object.map("spec", "sourceRef"));
      all.stream()
          .filter(reference -> !reference.isEmpty())
          .forEach(reference -> wanted.add(reference(reference, own)));
    }
    return List.copyOf(wanted);
  }

  private static Reference reference(Map<String, @Nullable Object> fields, String own) {
    String namespace = PlainData.text(fields, "namespace");
    return new Reference(
        PlainData.text(fields, "kind"),
        namespace.isEmpty() ? own : namespace,
        PlainData.text(fields, "name"));
  }

  /** The chart of a HelmRelease, as far as it can be told; what cannot is said in a comment. */
  Map<String, @Nullable Object> chart(Manifest release, List<String> comments) {
    String own = release.namespace().orElse("default");
    Map<String, @Nullable Object> chartRef = release.map("spec", "chartRef");
    if (chartRef.isEmpty()) {
      return fromSpec(release.map("spec", "chart", "spec"), own, comments);
    }
    Reference reference = reference(chartRef, own);
    Manifest source = sources.get(reference);
    if (source != null && source.kind().equals("HelmChart")) {
      return fromSpec(source.map("spec"), reference.namespace(), comments);
    }
    return source == null ? missing(reference, comments) : inRegistry(source, comments);
  }

  private static Map<String, @Nullable Object> missing(Reference reference, List<String> comments) {
    comments.add("Its source, " + reference + ", could not be read: write where its chart is.");
    Map<String, @Nullable Object> chart = new LinkedHashMap<>();
    chart.put("path", "charts/" + reference.name());
    return chart;
  }

  private Map<String, @Nullable Object> fromSpec(
      Map<String, @Nullable Object> spec, String own, List<String> comments) {
    Reference reference = reference(PlainData.map(spec.get("sourceRef")), own);
    Manifest source = sources.get(reference);
    if (!PlainData.texts(spec.get("valuesFiles")).isEmpty()) {
      comments.add(
          "Without counterpart, and left out: valuesFiles of its chart ("
              + String.join(", ", PlainData.texts(spec.get("valuesFiles")))
              + "). Write them into `values`.");
    }
    if (source == null) {
      return missing(reference, comments);
    }
    String chart = PlainData.text(spec, "chart");
    if (!source.kind().equals("HelmRepository")) {
      comments.add(
          "Its chart lies in "
              + reference
              + " ("
              + withoutUser(source.text("spec", "url").orElse(""))
              + "); its path must be one of this repository.");
      Map<String, @Nullable Object> inGit = new LinkedHashMap<>();
      String path = chart.replaceAll("^(\\./)+", "").replaceAll("/+$", "");
      inGit.put("path", path.isEmpty() ? "." : path);
      return inGit;
    }
    String url = withoutUser(source.text("spec", "url").orElse("")).replaceAll("/+$", "");
    boolean oci = url.startsWith("oci://");
    Map<String, @Nullable Object> inRepository = new LinkedHashMap<>();
    inRepository.put("url", oci ? url + "/" + chart : url);
    if (!oci) {
      inRepository.put("name", chart);
    }
    String version = PlainData.text(spec, "version");
    if (!version.isEmpty() && !version.equals(ANY)) {
      inRepository.put("version", version);
    }
    secret(source, inRepository, comments);
    return inRepository;
  }

  private static Map<String, @Nullable Object> inRegistry(Manifest source, List<String> comments) {
    Map<String, @Nullable Object> chart = new LinkedHashMap<>();
    chart.put("url", source.text("spec", "url").orElse("").replaceAll("/+$", ""));
    String version =
        source.text("spec", "ref", "semver").or(() -> source.text("spec", "ref", "tag")).orElse("");
    if (!version.isEmpty() && !version.equals("latest")) {
      chart.put("version", version);
    }
    source
        .text("spec", "ref", "digest")
        .ifPresent(
            digest -> comments.add("Its chart is pinned to " + digest + ": write its version."));
    secret(source, chart, comments);
    return chart;
  }

  private static void secret(
      Manifest source, Map<String, @Nullable Object> chart, List<String> comments) {
    List<String> names = new ArrayList<>();
    source.text("spec", "secretRef", "name").ifPresent(names::add);
    source.text("spec", "certSecretRef", "name").ifPresent(names::add);
    if (!names.isEmpty()) {
      chart.put("authSecretRef", names.get(0));
    }
    if (names.size() > 1) {
      comments.add(
          "Its source has two Secrets; make one of them: " + String.join(", ", names) + ".");
    }
  }

  private static String withoutUser(String url) {
    return url.replaceAll("://[^/@]*@", "://");
  }
}
