// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.split.SplitChart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * A chart of {@code src/test/resources/umbrella}, and what its {@code case.yaml} says of it: the
 * application's values, the objects of each part, other things that must be said.
 */
record UmbrellaCase(
    String name,
    Map<String, Object> values,
    List<String> unstaged,
    Set<String> packed,
    Map<String, List<String>> parts,
    List<String> known,
    List<String> says,
    List<String> refusals) {
  private static final Path ROOT = Path.of("src/test/resources/umbrella");
  private static final Pattern KIND = Pattern.compile("(?m)^kind: (\\S+)");
  private static final Pattern NAME =
      Pattern.compile("(?m)^metadata:\\s*(?:\\{\\s*|\\n  )name: \"?([^\\s\",}]+)");

  static Stream<UmbrellaCase> all() throws IOException {
    List<UmbrellaCase> cases = new ArrayList<>();
    try (Stream<Path> folders = Files.list(ROOT)) {
      for (Path folder : folders.sorted().toList()) {
        cases.add(read(folder.getFileName().toString()));
      }
    }
    return cases.stream();
  }

  @SuppressWarnings("unchecked") // the files are ours
  static UmbrellaCase read(String name) throws IOException {
    Map<String, Object> said =
        new Yaml().load(Files.readString(ROOT.resolve(name).resolve("case.yaml")));
    Map<String, List<String>> parts = new TreeMap<>();
    ((Map<String, List<String>>) said.getOrDefault("parts", Map.of()))
        .forEach((part, objects) -> parts.put(part, objects.stream().sorted().toList()));
    return new UmbrellaCase(
        name,
        (Map<String, Object>) said.getOrDefault("values", Map.of()),
        (List<String>) said.getOrDefault("unstaged", List.of()),
        Set.copyOf((List<String>) said.getOrDefault("pack", List.of())),
        parts,
        (List<String>) said.getOrDefault("known", List.of()),
        (List<String>) said.getOrDefault("says", List.of()),
        (List<String>) said.getOrDefault("refusals", List.of()));
  }

  @Override
  public String toString() {
    return name;
  }

  /** Puts the charts into the repository, below a folder of the case's name. */
  void write(MemoryRepo repo) throws IOException {
    Map<String, Map<String, String>> archives = new TreeMap<>();
    Path folder = ROOT.resolve(name);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String path = folder.relativize(file).toString();
        String packed =
            packed().stream().filter(p -> path.startsWith("chart/" + p + "/")).findAny().orElse("");
        if (packed.isEmpty()) {
          repo.write(name + "/" + path, Files.readAllBytes(file));
        } else {
          archives
              .computeIfAbsent(packed, p -> new TreeMap<>())
              .put(path.substring("chart/charts/".length()), Files.readString(file));
        }
      }
    }
    archives.forEach(
        (path, files) -> repo.write(name + "/chart/" + path + "-1.0.0.tgz", Archives.pack(files)));
  }

  ResolvedChart chart(HelmChartStore store) throws ChartException {
    return Stores.git(store, name + "/chart");
  }

  SplitRequest request(ResolvedChart chart) {
    return request(chart, values, unstaged);
  }

  static SplitRequest request(ResolvedChart chart, Map<String, ?> values, List<String> unstaged) {
    return new SplitRequest(
        chart,
        GroupName.parse("product"),
        ReleaseName.parse("web"),
        Namespace.parse("shop"),
        "v1.34.4",
        plain(values),
        unstaged);
  }

  /** Numbers as the reader of files gives them. */
  static Values plain(Map<String, ?> values) {
    return new Values(longs(values));
  }

  private static Map<String, Object> longs(Map<?, ?> map) {
    Map<String, Object> longs = new TreeMap<>();
    map.forEach(
        (key, value) ->
            longs.put(
                (String) key,
                value instanceof Map<?, ?> below
                    ? longs(below)
                    : value instanceof Integer number ? (Object) number.longValue() : value));
    return longs;
  }

  /** Renders each part for a release of its own, as the plan does. */
  static SortedMap<String, HelmOutput> render(
      HelmChartStore store, SplitChart split, SplitRequest request) throws ChartException {
    SortedMap<String, HelmOutput> outputs = new TreeMap<>();
    for (var part : split.parts().entrySet()) {
      outputs.put(part.getKey(), render(store, part.getValue(), "web-" + part.getKey(), request));
    }
    outputs.put("", render(store, split.parent(), "web", request));
    return outputs;
  }

  private static HelmOutput render(
      HelmChartStore store, ResolvedChart part, String release, SplitRequest request)
      throws ChartException {
    return store.render(
        new RenderRequest(
            part,
            ReleaseName.parse(release),
            request.namespace(),
            request.kubeVersion(),
            ((ChartPin.Derived) part.pin()).from().values().of(request.values())));
  }

  /** {@code Kind name} of each object, sorted; {@code hook} before one that is a hook. */
  static List<String> objects(HelmOutput output) {
    List<String> objects = new ArrayList<>();
    output.manifests().forEach(text -> objects.add(object(text)));
    output.hooks().forEach(text -> objects.add("hook " + object(text)));
    output.crds().forEach(text -> objects.add(object(text).replaceAll("^\\S+", "CRD")));
    return objects.stream().sorted().toList();
  }

  private static String object(String document) {
    Matcher kind = KIND.matcher(document);
    Matcher name = NAME.matcher(document);
    return (kind.find() ? kind.group(1) : "?") + (name.find() ? " " + name.group(1) : "");
  }

  static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
