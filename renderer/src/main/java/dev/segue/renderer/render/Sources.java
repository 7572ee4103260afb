// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Flux sources and the HelmCharts made of them. Each is called after what it gives and never moves:
 * new content is a new object, so that no release is upgraded but by its own step, and the old
 * object keeps its chart in the cluster for as long as it is there, whatever becomes of the server
 * that it came from.
 */
final class Sources {
  private static final String API = "source.toolkit.fluxcd.io/v1";

  /** What is pinned needs no frequent look. */
  private static final String INTERVAL = "1h";

  /**
   * Never again: an index that is fetched anew may have lost the version, and then a chart that is
   * there already is refused (source-controller 1.9: Stalled, {@code InvalidChartReference}).
   */
  private static final String ONCE = "8760h";

  private final GroupName group;
  private final String namespace;
  private final RenderSettings settings;

  Sources(GroupName group, String namespace, RenderSettings settings) {
    this.group = group;
    this.namespace = namespace;
    this.settings = settings;
  }

  /**
   * Returns the objects that give {@code chart}, in the order in which they are applied: a release
   * refers to the last.
   */
  List<Manifest> of(ResolvedChart chart) {
    if (chart.pin() instanceof ChartPin.InGit git) {
      Manifest source = gitRepository(git, chart.content());
      String folder = git.path().value().isEmpty() ? "." : "./" + git.path();
      return List.of(
          source,
          helmChart(chart, source, Objects.map("chart", folder, "reconcileStrategy", "Revision")));
    }
    if (chart.pin() instanceof ChartPin.InRepository repository) {
      Manifest source = helmRepository(repository, chart.content());
      return List.of(
          source,
          helmChart(
              chart,
              source,
              Objects.map("chart", repository.name(), "version", repository.version())));
    }
    if (chart.pin() instanceof ChartPin.Derived part) {
      Manifest source = gitRepository(part);
      String folder = "./" + part.path();
      return List.of(
          source,
          helmChart(chart, source, Objects.map("chart", folder, "reconcileStrategy", "Revision")));
    }
    return List.of(ociRepository((ChartPin.InRegistry) chart.pin()));
  }

  private Manifest helmChart(
      ResolvedChart chart, Manifest source, Map<String, @Nullable Object> which) {
    Digest identity = Digest.of(source.kind() + "/" + source.name() + "\n" + which);
    Map<String, @Nullable Object> spec = Objects.map("interval", INTERVAL);
    spec.putAll(which);
    spec.put("sourceRef", Objects.map("kind", source.kind(), "name", source.name()));
    String what = slug(chart.name() + "-" + chart.version());
    return object("HelmChart", Names.content(group, what, identity), spec);
  }

  private Manifest gitRepository(ChartPin.InGit pin, Digest content) {
    Digest identity =
        Digest.of(settings.sourceUrl() + "\n" + pin.commit() + "\n" + pin.paths() + "\n" + content);
    String what = pin.path().value().isEmpty() ? "root" : slug(pin.path().fileName());
    Map<String, @Nullable Object> spec =
        Objects.map(
            "interval", INTERVAL,
            "url", settings.sourceUrl(),
            "ref", ref(pin),
            "ignore", ignoreAllBut(pin.paths()),
            "secretRef", secret(settings.sourceSecretRef()));
    return object("GitRepository", Names.content(group, what, identity), spec);
  }

  /** A folder of the status branch, which is called after its content. */
  private Manifest gitRepository(ChartPin.Derived part) {
    CommitId commit = java.util.Objects.requireNonNull(part.commit(), "a part is kept first");
    Digest identity = Digest.of(settings.sourceUrl() + "\n" + commit + "\n" + part.path());
    Map<String, @Nullable Object> spec =
        Objects.map(
            "interval", INTERVAL,
            "url", settings.sourceUrl(),
            "ref", Objects.map("commit", commit.hex()),
            "ignore", ignoreAllBut(List.of(part.path())),
            "secretRef", secret(settings.sourceSecretRef()));
    String what = slug(part.path().fileName());
    return object("GitRepository", Names.content(group, what, identity), spec);
  }

  private Map<String, @Nullable Object> ref(ChartPin.InGit pin) {
    String branch = settings.sourceBranch().isEmpty() ? null : settings.sourceBranch();
    return Objects.map("branch", branch, "commit", pin.commit().hex());
  }

  /**
   * One for each chart: the index of one that was fetched for an earlier chart may be older than
   * this chart's version.
   */
  private Manifest helmRepository(ChartPin.InRepository pin, Digest content) {
    Digest identity =
        Digest.of(
            String.join(
                "\n",
                pin.url().toString(),
                String.valueOf(pin.authSecretRef()),
                pin.name(),
                pin.version(),
                content.hex()));
    Map<String, @Nullable Object> spec =
        Objects.map(
            "interval", ONCE,
            "url", pin.url().toString(),
            "secretRef", secret(pin.authSecretRef()));
    return object(
        "HelmRepository",
        Names.content(group, slug(String.valueOf(pin.url().getHost())), identity),
        spec);
  }

  private Manifest ociRepository(ChartPin.InRegistry pin) {
    Digest identity = Digest.of(pin.url() + "\n" + pin.manifest() + "\n" + pin.authSecretRef());
    Map<String, @Nullable Object> layer =
        Objects.map(
            "mediaType",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            "operation",
            "copy");
    Map<String, @Nullable Object> spec =
        Objects.map(
            "interval",
            INTERVAL,
            "url",
            pin.url().toString(),
            "ref",
            Objects.map("digest", pin.manifest().toString()),
            "insecure",
            isLoopback(pin.url()) ? true : null,
            "layerSelector",
            layer,
            "secretRef",
            secret(pin.authSecretRef()));
    String path = String.valueOf(pin.url().getPath());
    return object(
        "OCIRepository",
        Names.content(group, slug(path.substring(path.lastIndexOf('/') + 1)), identity),
        spec);
  }

  /**
   * A registry on the machine itself has no certificate; every other one must be spoken to over
   * TLS.
   */
  private static boolean isLoopback(java.net.URI url) {
    String host = String.valueOf(url.getHost());
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private Manifest object(String kind, String name, Map<String, @Nullable Object> spec) {
    return Objects.object(
        API, kind, Objects.metadata(name, namespace, Objects.labels(group)), spec);
  }

  private static @Nullable Map<String, @Nullable Object> secret(@Nullable String name) {
    return name == null ? null : Objects.map("name", name);
  }

  /**
   * Returns ignore rules (as Git's) under which the artifact holds these folders and nothing else:
   * at each level everything goes, and then the way down comes back. Null when one of them is the
   * root.
   */
  static @Nullable String ignoreAllBut(List<RepoPath> folders) {
    if (folders.contains(RepoPath.ROOT)) {
      return null;
    }
    Set<String> rules = new LinkedHashSet<>();
    for (RepoPath folder : folders) {
      StringBuilder parent = new StringBuilder();
      for (String segment : folder.value().split("/", -1)) {
        rules.add(parent + "/*");
        parent.append('/').append(segment);
        rules.add("!" + parent);
      }
    }
    return String.join("\n", ordered(rules)) + "\n";
  }

  /**
   * All that goes at a level before what comes back at it: a later rule wins. Shallow rules first.
   */
  private static List<String> ordered(Set<String> rules) {
    return rules.stream()
        .sorted(
            java.util.Comparator.<String>comparingLong(
                    rule -> rule.chars().filter(c -> c == '/').count())
                .thenComparing(rule -> rule.startsWith("!"))
                .thenComparing(java.util.Comparator.naturalOrder()))
        .toList();
  }

  private static String slug(String text) {
    String slug =
        text.toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    return slug.isEmpty() ? "source" : slug;
  }
}
