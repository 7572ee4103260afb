// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.operate.Format;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.rehearse.DagView;
import dev.segue.renderer.graph.Dot;
import dev.segue.renderer.graph.Drawn;
import dev.segue.renderer.graph.Mermaid;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Subchart;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.resolve.Expansion;
import dev.segue.renderer.split.SplitChart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Draws the order of the groups of a work tree. */
final class LocalGraph {
  private final Console console;
  private final Actions.Order order;

  LocalGraph(Console console, Actions.Order order) {
    this.console = console;
    this.order = order;
  }

  /** Returns 0 when everything was drawn, 1 when something is wrong. */
  int run(LocalRender.Configuration configuration) {
    Optional<String> wrong = LocalRender.noRepository(order.repository());
    if (wrong.isPresent()) {
      console.err().println(ProblemCode.CONFIG_INVALID.id() + ": " + wrong.get());
      return Actions.USAGE;
    }
    Path root = LocalRender.root(order.paths(), order.repository());
    LocalDeclarations declarations = LocalDeclarations.read(order.paths(), root);
    Reading reading = GroupReader.read(declarations.files());
    List<Problem> problems = LocalRender.problems(declarations, reading, List.of());
    if (!problems.isEmpty()) {
      return tell(problems);
    }
    if (reading.valid().stream().noneMatch(LocalGraph::hasParts)) {
      return draw(reading.valid());
    }
    return configuration.with(root, config -> drawParts(root, declarations, reading, config));
  }

  private int tell(List<Problem> problems) {
    problems.forEach(problem -> console.err().println(problem));
    return problems.isEmpty() ? 0 : 1;
  }

  private static boolean hasParts(ApplicationGroup group) {
    return group.applications().stream().anyMatch(app -> !app.subcharts().isEmpty());
  }

  /** Only charts that are released in parts are looked for; nothing else is in an order. */
  private int drawParts(
      Path root, LocalDeclarations declarations, Reading reading, AgentConfig config) {
    List<ApplicationGroup> groups = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    try (LocalStore store = LocalStore.open(root, declarations, reading.valid(), config)) {
      for (ApplicationGroup group : reading.valid()) {
        Expansion expansion = Expansion.of(group, splits(group, store, config));
        problems.addAll(expansion.problems());
        groups.add(expansion.group());
      }
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    }
    return Math.max(draw(groups), tell(declarations.named(problems)));
  }

  /** Of what can be had; of what cannot it is said that it is drawn as one release. */
  private Map<ReleaseName, SplitChart> splits(
      ApplicationGroup group, LocalStore store, AgentConfig config) {
    Map<ReleaseName, SplitChart> splits = new HashMap<>();
    for (Application application : group.applications()) {
      if (!application.subcharts().isEmpty()) {
        try {
          ResolvedChart chart = store.charts().resolve(application.chart(), store.commit());
          splits.put(
              application.name(), store.charts().split(request(group, application, chart, config)));
        } catch (ChartException e) {
          console
              .err()
              .println(
                  group.name()
                      + ": \""
                      + application.name()
                      + "\" is drawn as one release, since its chart cannot be had: "
                      + e.code().id()
                      + ": "
                      + e.getMessage());
        }
      }
    }
    return splits;
  }

  private static SplitRequest request(
      ApplicationGroup group, Application application, ResolvedChart chart, AgentConfig config) {
    return new SplitRequest(
        chart,
        group.name(),
        application.name(),
        application.release().targetNamespace(),
        LocalStore.kubeVersion(config),
        application.release().values(),
        application.subcharts().stream()
            .filter(subchart -> !subchart.staged())
            .map(Subchart::name)
            .toList());
  }

  private int draw(List<ApplicationGroup> groups) {
    List<GroupOrder> orders =
        groups.stream().map(group -> GroupOrder.of(group, order.failing())).toList();
    TreeSet<ReleaseName> unknown = new TreeSet<>(order.failing());
    orders.forEach(known -> unknown.removeAll(known.graph().order()));
    if (!unknown.isEmpty()) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": `--fail` must name a release that is drawn; got \""
                  + unknown.first()
                  + "\"");
      return Actions.USAGE;
    }
    switch (order.drawing()) {
      case TEXT -> text(orders);
      case MERMAID -> {
        return mermaid(orders.stream().map(GroupOrder::drawn).toList());
      }
      case DOT ->
          console.out().print(Dot.digraphs(orders.stream().map(GroupOrder::drawn).toList()));
      case JSON -> console.out().print(Format.JSON.write(data(orders)));
      case YAML -> console.out().print(Format.YAML.write(data(orders)));
    }
    return 0;
  }

  private void text(List<GroupOrder> orders) {
    DagView.Style style =
        DagView.Style.of(console.redraws(), console.coloured(), console.environment());
    OrderText text = new OrderText(style, TerminalSize.columns(console));
    String separator = "";
    for (GroupOrder one : orders) {
      console.out().print(separator + text.of(one));
      separator = "\n";
    }
  }

  private int mermaid(List<Drawn> groups) {
    Optional<String> chart = Mermaid.flowchart(groups);
    if (chart.isEmpty()) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": "
                  + Mermaid.leftOut(groups)
                  + " Name fewer groups, or take `-o dot`");
      return 1;
    }
    console.out().print(chart.get());
    return 0;
  }

  private static Map<String, @Nullable Object> data(List<GroupOrder> orders) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("groups", orders.stream().map(GroupOrder::data).toList());
    return data;
  }
}
