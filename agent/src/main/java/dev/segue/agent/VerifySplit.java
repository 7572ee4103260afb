// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.operate.Format;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Subcharts;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Subchart;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.resolve.Expansion;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.split.SplitChart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Proves, for applications of a work tree, that the parts of their charts are the charts. */
final class VerifySplit {
  private final Console console;
  private final boolean all;
  private final Actions.Output output;

  /**
   * @param all applications without sub-charts in their file too
   */
  VerifySplit(Console console, boolean all, Actions.Output output) {
    this.console = console;
    this.all = all;
    this.output = output;
  }

  /** Returns 0 when every union is exact, 1 when one is not or something is wrong. */
  int run(List<Path> paths, @Nullable Path repository, LocalRender.Configuration configuration) {
    Optional<String> wrong = LocalRender.noRepository(repository);
    if (wrong.isPresent()) {
      console.err().println(ProblemCode.CONFIG_INVALID.id() + ": " + wrong.get());
      return Actions.USAGE;
    }
    Path root = LocalRender.root(paths, repository);
    return configuration.with(
        root,
        config -> {
          LocalDeclarations declarations = LocalDeclarations.read(paths, root);
          Reading reading = GroupReader.read(declarations.files());
          List<Problem> problems = LocalRender.problems(declarations, reading, List.of());
          return problems.isEmpty()
              ? verify(root, declarations, reading.valid(), config)
              : tell(problems);
        });
  }

  private int tell(List<Problem> problems) {
    problems.forEach(problem -> console.err().println(problem));
    return 1;
  }

  private int verify(
      Path root,
      LocalDeclarations declarations,
      List<ApplicationGroup> groups,
      AgentConfig config) {
    List<Verified> verified = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    try (LocalStore store = LocalStore.open(root, declarations, groups, config)) {
      store.notice().lines().forEach(console.err()::println);
      String kubeVersion = LocalStore.kubeVersion(config);
      for (ApplicationGroup group : groups) {
        for (Application application : group.applications()) {
          if (all || !application.subcharts().isEmpty()) {
            try {
              verified.add(verify(store, group, application, kubeVersion));
            } catch (ChartException e) {
              problems.add(problem(application, "spec.chart", e.code(), e.getMessage(), ""));
            }
          }
        }
      }
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    }
    verified.forEach(one -> problems.addAll(one.problems()));
    print(verified);
    boolean exact = verified.stream().allMatch(Verified::exact);
    tell(declarations.named(problems));
    return problems.isEmpty() && exact ? 0 : 1;
  }

  /**
   * What came of one application.
   *
   * @param parts in the order of their releases
   * @param objects how many the whole chart has
   */
  private record Verified(
      ApplicationGroup group,
      Application application,
      ResolvedChart chart,
      List<Part> parts,
      int objects,
      SplitChart split,
      List<Problem> problems) {
    boolean exact() {
      return split.refusals().isEmpty();
    }
  }

  /**
   * One part.
   *
   * @param name "" for what remains of the parent
   * @param objects empty when it does not render
   */
  private record Part(String name, List<String> after, Optional<Integer> objects) {}

  private Verified verify(
      LocalStore store, ApplicationGroup group, Application declared, String kubeVersion)
      throws ChartException {
    ResolvedChart chart = store.charts().resolve(declared.chart(), store.commit());
    ReleaseSettings release = declared.release();
    SplitRequest request =
        new SplitRequest(
            chart,
            group.name(),
            declared.name(),
            release.targetNamespace(),
            kubeVersion,
            release.values(),
            declared.subcharts().stream()
                .filter(subchart -> !subchart.staged())
                .map(Subchart::name)
                .toList());
    SplitChart split = store.charts().split(request);
    Application application = alone(declared, split);
    Expansion expansion =
        Expansion.of(alone(group, application), Map.of(application.name(), split));
    List<Problem> problems = new ArrayList<>(expansion.problems());
    problems.removeIf(problem -> problem.code() == ProblemCode.SPLIT_NOT_EXACT); // printed in place
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>(expansion.charts());
    charts.putIfAbsent(application.name(), chart); // it has no sub-charts
    DesiredGroup desired =
        Resolver.resolve(expansion.group(), store.commit(), charts, Map.of(), Map.of());
    Map<ReleaseName, HelmOutput> outputs = new TreeMap<>();
    List<Part> parts = new ArrayList<>();
    for (ReleaseName name : desired.graph().order()) {
      DesiredRelease part = desired.release(name);
      Optional<HelmOutput> output = render(store, request, part, split);
      output.ifPresent(rendered -> outputs.put(name, rendered));
      parts.add(new Part(subchart(part), after(desired, name), output.map(VerifySplit::objects)));
    }
    if (split.refusals().isEmpty()) {
      problems.addAll(Subcharts.unorderly(desired, outputs));
    }
    HelmOutput whole =
        store
            .charts()
            .render(
                new RenderRequest(
                    chart,
                    application.name(),
                    release.targetNamespace(),
                    kubeVersion,
                    release.values()));
    return new Verified(group, application, chart, parts, objects(whole), split, problems);
  }

  /** The application by itself, all its sub-charts named where the file names none. */
  private static Application alone(Application application, SplitChart split) {
    List<Subchart> subcharts =
        application.subcharts().isEmpty()
            ? split.parts().keySet().stream()
                .map(name -> new Subchart(name, List.of(), true))
                .toList()
            : application.subcharts();
    return new Application(
        application.name(),
        application.origin(),
        List.of(),
        List.of(),
        application.chart(),
        application.release(),
        subcharts,
        application.workflow(),
        application.deletion());
  }

  private static ApplicationGroup alone(ApplicationGroup group, Application application) {
    return new ApplicationGroup(
        group.name(),
        group.namespace(),
        group.origin(),
        group.interval(),
        group.parallelism(),
        group.lifecycle(),
        List.of(application));
  }

  private static String subchart(DesiredRelease part) {
    return part.chart().pin() instanceof ChartPin.Derived derived
        ? derived.from().subchart()
        : ""; // a chart without sub-charts is what remains of itself
  }

  /** What the release is declared to wait for, in the fewest words. */
  private static List<String> after(DesiredGroup desired, ReleaseName name) {
    return desired.graph().reduction().stream()
        .filter(edge -> edge.dependant().equals(name))
        .map(edge -> subchart(desired.release(edge.dependency())))
        .sorted()
        .toList();
  }

  /** Empty for a part that does not render: the refusals say so. */
  private static Optional<HelmOutput> render(
      LocalStore store, SplitRequest request, DesiredRelease part, SplitChart split)
      throws ChartException {
    try {
      return Optional.of(
          store
              .charts()
              .render(
                  new RenderRequest(
                      part.chart(),
                      part.name(),
                      request.namespace(),
                      request.kubeVersion(),
                      part.settings().values())));
    } catch (ChartException e) {
      if (split.refusals().isEmpty() || e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static int objects(HelmOutput rendered) {
    return rendered.manifests().size() + rendered.hooks().size() + rendered.crds().size();
  }

  private static Problem problem(
      Application application, String field, ProblemCode code, String message, String remedy) {
    return Problem.at(
        application.origin(), code, field, "of \"" + application.name() + "\": " + message, remedy);
  }

  private void print(List<Verified> verified) {
    if (output == Actions.Output.TEXT) {
      verified.forEach(this::printText);
      if (verified.isEmpty()) {
        console.err().println("no application has `subcharts`; `--all` takes all of them");
      }
      return;
    }
    Format format = output == Actions.Output.JSON ? Format.JSON : Format.YAML;
    Map<String, @Nullable Object> data = new TreeMap<>();
    data.put("applications", verified.stream().map(VerifySplit::data).toList());
    console.out().print(format.write(data));
  }

  private void printText(Verified verified) {
    var out = console.out();
    out.println(
        verified.group().name()
            + "/"
            + verified.application().name()
            + ": chart "
            + verified.chart().name()
            + " "
            + verified.chart().version());
    int number = 0;
    for (Part part : verified.parts()) {
      String name = part.name().isEmpty() ? "what remains of the chart" : part.name();
      String after =
          part.name().isEmpty() || part.after().isEmpty()
              ? ""
              : ", after " + String.join(", ", part.after());
      String objects = part.objects().map(VerifySplit::count).orElse("does not render");
      out.println("  " + ++number + ". " + name + ": " + objects + after);
    }
    out.println(
        verified.exact()
            ? "  union: exact, " + count(verified.objects())
            : "  union: not exact; the whole has " + count(verified.objects()));
    verified.split().refusals().forEach(refusal -> out.println("    " + refusal.message()));
    verified.split().notices().forEach(notice -> out.println("  notice: " + notice));
  }

  private static String count(int objects) {
    return objects + (objects == 1 ? " object" : " objects");
  }

  private static Map<String, @Nullable Object> data(Verified verified) {
    Map<String, @Nullable Object> data = new TreeMap<>();
    data.put("group", verified.group().name().value());
    data.put("application", verified.application().name().value());
    data.put("chart", verified.chart().name());
    data.put("version", verified.chart().version());
    data.put("exact", verified.exact());
    data.put("objects", (long) verified.objects());
    data.put("parts", verified.parts().stream().map(VerifySplit::data).toList());
    data.put(
        "differences",
        verified.split().refusals().stream().map(SplitChart.Refusal::message).toList());
    data.put("notices", verified.split().notices());
    return data;
  }

  private static Map<String, @Nullable Object> data(Part part) {
    Map<String, @Nullable Object> data = new TreeMap<>();
    data.put("subchart", part.name());
    data.put("after", part.after());
    data.put("objects", part.objects().map(Integer::longValue).orElse(null));
    return data;
  }
}
