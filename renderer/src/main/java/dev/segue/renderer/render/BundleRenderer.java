// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SensitiveValues;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders a plan. A pure function: same plan, same bytes. */
public final class BundleRenderer {
  /** Where the Workflow stands in {@link RenderedBundle#files}, unless nothing is done. */
  public static final RepoPath WORKFLOW_FILE = RepoPath.parse("workflow.yaml");

  /** Argo keeps the Workflow and the packed state of its nodes in one object of at most 1 MiB. */
  static final int MAX_WORKFLOW_BYTES = 640 * 1024;

  /** A ConfigMap or Secret holds at most 1 MiB; what surrounds the values takes its part. */
  static final int MAX_VALUES_BYTES = 1000 * 1024;

  private final Plan plan;
  private final RenderSettings settings;
  private final GroupName group;
  private final String namespace;
  private final Sources sources;
  private final HelmReleases helmReleases;
  private final Map<ResolvedChart, List<Manifest>> sourcesOfChart = new HashMap<>();
  private final Map<ReleaseName, Manifest> chartOf = new TreeMap<>();
  private final Map<ReleaseName, ReleaseValues> valuesOf = new TreeMap<>();

  private BundleRenderer(Plan plan, RenderSettings settings) {
    this.plan = plan;
    this.settings = settings;
    this.group = plan.desired().group().name();
    this.namespace = plan.inventory().namespace().value();
    this.sources = new Sources(group, namespace, settings);
    this.helmReleases = new HelmReleases(group, namespace, plan.desired().commit());
    plan.desired().releases().forEach(this::prepare);
  }

  /**
   * Returns what {@code plan} comes to.
   *
   * @param attempt the attempt's number, from 1
   * @param outputs Helm's output by release, for people to read; releases without one get no file
   */
  public static RenderedBundle render(
      Plan plan, int attempt, RenderSettings settings, Map<ReleaseName, HelmOutput> outputs) {
    return new BundleRenderer(plan, settings).render(attempt, outputs);
  }

  /** Returns {@link RenderedBundle#problems} of {@code plan} without rendering what people read. */
  public static List<Problem> problems(Plan plan, int attempt, RenderSettings settings) {
    BundleRenderer renderer = new BundleRenderer(plan, settings);
    return renderer.problems(text(renderer.workflow(attempt))).stream().sorted().toList();
  }

  /** Returns {@link RenderedBundle#prerequisites} of {@code plan} without rendering the rest. */
  public static List<Manifest> prerequisites(Plan plan, RenderSettings settings) {
    BundleRenderer renderer = new BundleRenderer(plan, settings);
    return Stream.concat(renderer.sources().stream(), renderer.values().stream()).toList();
  }

  /**
   * Returns the fields of live HelmReleases that are no longer what {@code plan} would apply, by
   * release. Fields that we do not write are not ours to look at.
   *
   * @param live the group's objects
   */
  public static Map<ReleaseName, List<String>> drift(
      DesiredGroup desired, Namespace namespace, RenderSettings settings, List<Manifest> live) {
    Inventory nothing = Inventory.empty(desired.group().name(), namespace);
    Plan plan = new Plan(desired, Purpose.CORRECT, nothing, List.of(), List.of());
    BundleRenderer renderer = new BundleRenderer(plan, settings);
    Map<String, Manifest> byName = new HashMap<>();
    live.stream()
        .filter(object -> object.kind().equals("HelmRelease"))
        .forEach(object -> byName.put(object.name(), object));
    Map<ReleaseName, List<String>> drift = new TreeMap<>();
    for (ReleaseName name : desired.releases().keySet()) {
      Manifest wanted = renderer.helmRelease(name, null);
      Manifest now = byName.get(wanted.name());
      if (now != null) {
        List<String> fields = Drift.fields(wanted, now);
        if (!fields.isEmpty()) {
          drift.put(name, fields);
        }
      }
    }
    return drift;
  }

  /** A source before the charts that are made of it: otherwise Flux fails first and waits. */
  private List<Manifest> sources() {
    Map<Boolean, List<Manifest>> made =
        sourcesOfChart.values().stream()
            .flatMap(List::stream)
            .collect(Collectors.partitioningBy(object -> object.kind().equals("HelmChart")));
    return Stream.of(false, true)
        .flatMap(isChart -> HelmReleases.sorted(made.getOrDefault(isChart, List.of())).stream())
        .toList();
  }

  private List<Manifest> values() {
    return HelmReleases.sorted(
        valuesOf.values().stream().flatMap(values -> values.objects().stream()).toList());
  }

  private RenderedBundle render(int attempt, Map<ReleaseName, HelmOutput> outputs) {
    Map<ReleaseName, Manifest> releases = new TreeMap<>();
    plan.graph().order().forEach(release -> releases.put(release, helmRelease(release, null)));
    Optional<Manifest> workflow = workflow(attempt);
    String workflowText = text(workflow);
    List<Manifest> allSources = sources();
    List<Manifest> allValues = values();
    return new RenderedBundle(
        workflowName(attempt),
        allSources,
        allValues,
        plan.graph().order().stream().map(releases::get).toList(),
        workflow,
        files(allSources, allValues, releases, workflowText, outputs),
        problems(workflowText));
  }

  private void prepare(ReleaseName name, DesiredRelease release) {
    List<Manifest> objects = sourcesOfChart.computeIfAbsent(release.chart(), sources::of);
    chartOf.put(name, objects.get(objects.size() - 1));
    valuesOf.put(name, ReleaseValues.of(group, namespace, name, release.settings()));
  }

  private Manifest helmRelease(ReleaseName name, @Nullable String token) {
    return helmReleases.helmRelease(
        plan.desired().release(name),
        java.util.Objects.requireNonNull(chartOf.get(name)),
        java.util.Objects.requireNonNull(valuesOf.get(name)),
        token);
  }

  private String workflowName(int attempt) {
    return Names.workflow(group, plan.digest(), attempt);
  }

  /** Empty when nothing is to be done. */
  private Optional<Manifest> workflow(int attempt) {
    String name = workflowName(attempt);
    return plan.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Workflows(plan, name, namespace, attempt, settings, helmReleases, this::helmRelease)
                .workflow());
  }

  private static String text(Optional<Manifest> workflow) {
    return workflow.map(BundleRenderer::yaml).orElse("");
  }

  private SortedMap<RepoPath, String> files(
      List<Manifest> allSources,
      List<Manifest> allValues,
      Map<ReleaseName, Manifest> releases,
      String workflowText,
      Map<ReleaseName, HelmOutput> outputs) {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    if (!workflowText.isEmpty()) {
      files.put(WORKFLOW_FILE, workflowText);
    }
    allSources.forEach(
        object -> files.put(RepoPath.parse("sources/" + object.name() + ".yaml"), yaml(object)));
    allValues.stream()
        .filter(object -> object.kind().equals("ConfigMap"))
        .forEach(
            object ->
                files.put(RepoPath.parse("configmaps/" + object.name() + ".yaml"), yaml(object)));
    plan.desired()
        .releases()
        .forEach(
            (name, release) -> {
              files.put(
                  helmReleaseFile(name),
                  yaml(java.util.Objects.requireNonNull(releases.get(name))));
              files.put(valuesFile(name), shownValues(name, release));
              HelmOutput output = outputs.get(name);
              if (output != null) {
                files.put(manifestsFile(name), MaskedManifests.text(output, release.settings()));
              }
            });
    return files;
  }

  private String shownValues(ReleaseName name, DesiredRelease release) {
    return release.settings().sensitive().isEmpty()
        ? java.util.Objects.requireNonNull(valuesOf.get(name)).open()
        : YamlWriter.write(SensitiveValues.masked(release.settings()).tree());
  }

  /** Where a release's values stand for people and for the next plan, sensitive ones masked. */
  public static RepoPath valuesFile(ReleaseName release) {
    return RepoPath.parse("values/" + release + ".yaml");
  }

  /** Where a release's HelmRelease stands as it was last given. */
  public static RepoPath helmReleaseFile(ReleaseName release) {
    return RepoPath.parse("helmreleases/" + release + ".yaml");
  }

  /** Where Helm's output for a release stands, secrets masked. */
  public static RepoPath manifestsFile(ReleaseName release) {
    return RepoPath.parse("manifests/" + release + ".yaml");
  }

  private static String yaml(Manifest object) {
    return YamlWriter.write(object.fields());
  }

  private List<Problem> problems(String workflowText) {
    List<Problem> problems = new ArrayList<>();
    int bytes = workflowText.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_WORKFLOW_BYTES) {
      problems.add(workflowTooLarge(bytes));
    }
    valuesOf.forEach(
        (name, values) -> {
          if (values.largest() > MAX_VALUES_BYTES) {
            problems.add(valuesTooLarge(plan.desired().release(name), values.largest()));
          }
        });
    return problems;
  }

  private Problem workflowTooLarge(int bytes) {
    return Problem.at(
        plan.desired().group().origin(),
        ProblemCode.WORKFLOW_TOO_LARGE,
        "",
        "the Workflow of "
            + plan.steps().size()
            + " steps must have at most "
            + MAX_WORKFLOW_BYTES
            + " bytes to fit one object of etcd with its state; it has "
            + bytes,
        "Split the group, or shorten what the applications inline (values do not count).");
  }

  private static Problem valuesTooLarge(DesiredRelease release, int bytes) {
    return Problem.at(
        release.application().origin(),
        ProblemCode.VALUES_TOO_LARGE,
        "spec.release.values",
        "must have at most "
            + MAX_VALUES_BYTES
            + " bytes to fit a ConfigMap; those of \""
            + release.name()
            + "\" have "
            + bytes,
        "Move what is large into a ConfigMap of its own and name it in `valuesFrom`.");
  }
}
