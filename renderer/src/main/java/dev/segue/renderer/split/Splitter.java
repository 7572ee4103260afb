// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.split.ChartTree.Instance;
import dev.segue.renderer.split.PartFiles.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes an umbrella chart apart. A part is the umbrella chart with files left out, so that Helm
 * itself goes on deciding conditions, tags, aliases, imported values and globals. Rewritten are:
 *
 * <ul>
 *   <li>the umbrella's dependencies, of which those that are needed stay, and its {@code
 *       values.yaml}, of which what may matter stays; its schema and lock are left out;
 *   <li>the umbrella's {@code Chart.yaml}, which has the sub-chart's version in the sub-chart's
 *       part;
 *   <li>the sub-chart's rendered templates, which begin with an action that gives the application's
 *       release as {@code .Release.Name};
 *   <li>what {@link PartFiles} says of stubs.
 * </ul>
 *
 * The umbrella's {@code crds/} are in every part: Helm installs definitions before anything else,
 * and so they must come with whichever part is first.
 */
public final class Splitter {
  /** Left out of every part: a lock of other dependencies, a schema of other values. */
  private static final Set<String> LEFT_OUT =
      Set.of("values.schema.json", "Chart.lock", "requirements.lock", ".helmignore");

  private final ChartTree root;
  private final SortedSet<String> unstaged;
  private final ReleaseName release;
  private final Definitions definitions;
  private final SortedMap<String, Instance> all;

  /** Those of them that are enabled. */
  private final SortedMap<String, Instance> instances = new TreeMap<>();

  private final ValuesFile values;
  private final Hazards hazards = new Hazards();

  private Splitter(
      UmbrellaChart chart, Enabled enabled, List<String> unstaged, ReleaseName release) {
    this.root = chart.tree();
    this.unstaged = new TreeSet<>(unstaged);
    this.release = release;
    this.definitions = Definitions.of(root, enabled);
    this.all = root.instances();
    all.forEach(
        (name, instance) -> {
          if (enabled.subcharts().containsKey(name)) {
            instances.put(name, instance);
          }
        });
    byte[] content = root.own().get(ChartYaml.VALUES);
    this.values = ValuesFile.of(content == null ? new byte[0] : content);
  }

  /**
   * Returns a part for each sub-chart that is enabled and staged, and what remains. Equal inputs
   * give equal bytes.
   *
   * @param enabled what {@link UmbrellaChart#probe} printed with the application's values
   * @param unstaged the sub-charts that stay with their parent, by name or alias
   * @param release the name of the application's release, which every part's templates see
   */
  public static Split split(
      UmbrellaChart chart, Enabled enabled, List<String> unstaged, ReleaseName release) {
    return new Splitter(chart, enabled, unstaged, release).split();
  }

  private Split split() {
    SortedMap<String, Part> parts = new TreeMap<>();
    for (Instance instance : instances.values()) {
      if (isStaged(instance)) {
        parts.put(instance.name(), part(instance));
      }
    }
    Part parent = parent();
    return new Split(parts, parent, hazards.refusals(), List.copyOf(hazards.notices()));
  }

  private boolean isStaged(Instance instance) {
    return !instance.library() && !unstaged.contains(instance.name());
  }

  private Part part(Instance subchart) {
    ChartYaml meta = root.meta().releasing(subchart.charts().get(0).meta());
    PartFiles files = new PartFiles(root, meta, all);
    files.keep(subchart.name(), Kept.WHOLE);
    SortedSet<String> lenders = new TreeSet<>();
    for (Instance other : instances.values()) {
      if (!other.name().equals(subchart.name())
          && Imports.reach(root, other, Set.of(subchart.name(), "global"))) {
        files.keep(other.name(), Kept.VALUES);
        lenders.add(other.name());
      }
    }
    ValuesSelection selection = selection(subchart, lenders);
    Reach reach = reach(subchart, selection);
    reach.names().values().forEach(files::keep);
    hazards.ofSubchart(subchart.name(), reach);

    root.own()
        .forEach(
            (path, content) -> {
              if (path.startsWith("crds/")) {
                files.put(path, content);
              }
            });
    files.put(ChartYaml.FILE, meta.content());
    putValues(files, selection);
    return new Part(subchart.name(), files.build(false, prefix()), selection);
  }

  private Reach reach(Instance subchart, ValuesSelection selection) {
    List<String> texts = new ArrayList<>();
    values
        .values()
        .map(selection::of)
        .map(Values::tree)
        .ifPresent(tree -> ValuesFile.addTemplates(tree, texts));
    subchart.charts().forEach(chart -> addTemplates(chart, texts));
    Set<String> lenders = new TreeSet<>(libraries());
    lenders.addAll(List.of("", subchart.name()));
    return Reach.of(definitions, definitions.rendered(subchart.name()), texts, lenders);
  }

  private Set<String> libraries() {
    Set<String> libraries = new TreeSet<>();
    instances.values().stream()
        .filter(Instance::library)
        .forEach(library -> libraries.add(library.name()));
    return libraries;
  }

  private static void addTemplates(ChartTree chart, List<String> texts) {
    byte[] content = chart.own().get(ChartYaml.VALUES);
    if (content != null && ChartYaml.text(content).contains("{{")) {
      texts.addAll(ValuesFile.of(content).templates());
    }
    chart.children().values().forEach(child -> addTemplates(child, texts));
  }

  private ValuesSelection selection(Instance subchart, SortedSet<String> lenders) {
    Set<String> whole = new TreeSet<>(lenders);
    whole.add(subchart.name());
    whole.add("global");
    boolean tagged =
        subchart.entries().stream().anyMatch(ChartYaml.Dependency::tagged)
            || whole.stream().anyMatch(name -> isTagged(instances.get(name)));
    if (tagged) {
      whole.add("tags");
    }
    List<List<String>> paths = new ArrayList<>();
    whole.forEach(key -> paths.add(List.of(key)));
    subchart.entries().stream()
        .flatMap(entry -> entry.conditions().stream())
        .filter(path -> !whole.contains(path.get(0)))
        .forEach(paths::add);
    return new ValuesSelection(true, paths);
  }

  private static boolean isTagged(@Nullable Instance instance) {
    return instance != null && instance.charts().stream().anyMatch(ChartTree::isTagged);
  }

  private Part parent() {
    PartFiles files = new PartFiles(root, root.meta(), all);
    SortedSet<String> others = new TreeSet<>();
    for (Instance instance : instances.values()) {
      if (isStaged(instance) || instance.library()) {
        others.add(instance.name());
      } else {
        files.keep(instance.name(), Kept.WHOLE);
      }
    }
    Mentions mentions = Mentions.of(reachOfParent(Set.of("")), others);
    Set<String> rendered = new TreeSet<>(files.kept().keySet());
    rendered.add("");
    Reach reach = reachOfParent(rendered);
    mentions.subcharts().forEach(name -> files.keep(name, Kept.VALUES));
    for (String name : others) {
      if (instance(name).imports() || isConditionOfWhole(files, name)) {
        files.keep(name, Kept.VALUES);
      }
    }
    reach.names().values().forEach(files::keep);
    hazards.ofParent(root, reach, others);

    root.own()
        .forEach(
            (path, content) -> {
              if (!LEFT_OUT.contains(path) && !path.equals(ChartYaml.VALUES)) {
                files.put(path, content);
              }
            });
    ValuesSelection selection = selectionOfParent(files, others);
    putValues(files, selection);
    return new Part("", files.build(mentions.entries(), ""), selection);
  }

  private Reach reachOfParent(Set<String> rendered) {
    List<String> texts = new ArrayList<>(values.templates());
    Set<String> lenders = new TreeSet<>(libraries());
    lenders.add("");
    for (Instance instance : instances.values()) {
      if (!isStaged(instance)) {
        instance.charts().forEach(chart -> addTemplates(chart, texts));
        lenders.add(instance.name());
      }
    }
    List<Definitions.File> roots =
        rendered.stream().flatMap(name -> definitions.rendered(name).stream()).toList();
    return Reach.of(definitions, roots, texts, lenders);
  }

  private boolean isConditionOfWhole(PartFiles files, String name) {
    return files.kept().entrySet().stream()
        .filter(e -> e.getValue() == Kept.WHOLE)
        .flatMap(e -> instance(e.getKey()).entries().stream())
        .flatMap(entry -> entry.conditions().stream())
        .anyMatch(path -> path.get(0).equals(name));
  }

  private ValuesSelection selectionOfParent(PartFiles files, SortedSet<String> others) {
    List<List<String>> cut =
        others.stream()
            .filter(name -> files.kept().getOrDefault(name, Kept.NAMES) == Kept.NAMES)
            .filter(name -> !name.equals("global") && !name.equals("tags"))
            .map(List::of)
            .toList();
    return new ValuesSelection(false, cut);
  }

  private Instance instance(String name) {
    Instance instance = instances.get(name);
    if (instance == null) {
      throw new IllegalArgumentException("the chart has no sub-chart \"" + name + "\"");
    }
    return instance;
  }

  private void putValues(PartFiles files, ValuesSelection selection) {
    if (root.own().containsKey(ChartYaml.VALUES)) {
      files.put(ChartYaml.VALUES, values.only(selection));
    }
  }

  /** One line, so that all others keep their numbers. */
  private String prefix() {
    return "{{ if kindIs \"map\" $ }}{{ with $.Release }}{{ $_ := set . \"Name\" \""
        + release
        + "\" }}{{ end }}{{ end }}";
  }
}
