// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.LocalCharts.Looked;
import dev.segue.agent.LocalCharts.Rendered;
import dev.segue.agent.charts.RenderEngine;
import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.operate.Json;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.validate.Check;
import dev.segue.agent.validate.Finding;
import dev.segue.agent.validate.JsonReport;
import dev.segue.agent.validate.JunitReport;
import dev.segue.agent.validate.ObjectSchemas;
import dev.segue.agent.validate.Rules;
import dev.segue.agent.validate.SarifReport;
import dev.segue.agent.validate.Validation;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.tenancy.TenantRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says everything that is wrong with files of a work tree, before anything is committed. */
final class Validate {
  private final Console console;
  private final Actions.Checks checks;
  private final Set<Finding> findings = new TreeSet<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Looked> looked = new TreeMap<>();

  /** Helm's, started before it is known what it is for; null when it is for nothing. */
  private @Nullable RenderEngine engine;

  Validate(Console console, Actions.Checks checks) {
    this.console = console;
    this.checks = checks;
  }

  /** Prints what it finds. Returns 0 when there is no problem, 1 when there is one. */
  int run(List<Path> paths, LocalRender.Configuration configuration) {
    Optional<String> wrong = LocalRender.noRepository(checks.repository());
    if (wrong.isPresent()) {
      console.err().println(ProblemCode.CONFIG_INVALID.id() + ": " + wrong.get());
      return Actions.USAGE;
    }
    if (checks.charts() == Actions.Charts.NONE) {
      return validate(paths, configuration);
    }
    engine = configuration.ahead().map(LocalStore::engine).orElse(null);
    try {
      return validate(paths, configuration);
    } finally {
      if (engine != null) {
        engine.leave();
      }
    }
  }

  private int validate(List<Path> paths, LocalRender.Configuration configuration) {
    LocalDeclarations declarations = LocalDeclarations.read(paths, null);
    Reading reading = GroupReader.read(declarations.files());
    LocalRender.problems(declarations, reading).stream()
        .map(Finding::ofFile)
        .forEach(findings::add);
    Map<String, ApplicationGroup> groups = new TreeMap<>();
    reading.valid().stream()
        .filter(group -> Resolver.unsupported(group).isEmpty())
        .forEach(group -> groups.put(group.name().value(), group));
    int code = 0;
    if (checks.charts() == Actions.Charts.NONE) {
      note("charts were not looked at");
    } else {
      if (!groups.isEmpty()) {
        code = lookAtCharts(paths, declarations, reading, groups, configuration);
      }
      note(passedOver(reading, groups));
    }
    tell(new Validation(names(declarations), seen(declarations, reading), all(), notes), paths);
    return code != 0 ? code : findings.stream().anyMatch(Finding::isError) ? 1 : 0;
  }

  /** Which groups' charts nobody looked at because of what is wrong with the file; "" for none. */
  private static String passedOver(Reading reading, Map<String, ApplicationGroup> groups) {
    Set<String> names = new TreeSet<>();
    reading.valid().forEach(group -> names.add(group.name().value()));
    for (Parsed parsed : reading.groups()) {
      if (parsed instanceof Parsed.Invalid invalid && invalid.name() != null) {
        names.add(invalid.name().value());
      }
    }
    names.removeAll(groups.keySet());
    return names.isEmpty()
        ? ""
        : "the charts of "
            + String.join(", ", names)
            + " were not looked at, because of what is wrong with the file";
  }

  private static String names(List<ApplicationGroup> groups) {
    return groups.stream().map(group -> group.name().value()).collect(Collectors.joining(", "));
  }

  private List<Finding> all() {
    return List.copyOf(findings);
  }

  private static List<String> names(LocalDeclarations declarations) {
    return declarations.files().stream().map(file -> declarations.nameOf(file.path())).toList();
  }

  /** Returns 0, or what to end with when that cannot be done at all. */
  private int lookAtCharts(
      List<Path> paths,
      LocalDeclarations declarations,
      Reading reading,
      Map<String, ApplicationGroup> groups,
      LocalRender.Configuration configuration) {
    Map<Path, List<Path>> byRepository = new LinkedHashMap<>();
    for (Path path : paths) {
      if (Files.exists(path)) {
        Path root =
            paths.size() == 1 && checks.repository() == null
                ? LocalRepository.find(path, reading.valid())
                : LocalRender.root(List.of(path), checks.repository());
        byRepository.computeIfAbsent(root, unused -> new ArrayList<>()).add(path);
      }
    }
    for (Map.Entry<Path, List<Path>> repository : byRepository.entrySet()) {
      Path root = repository.getKey();
      LocalDeclarations inRoot = LocalDeclarations.read(repository.getValue(), root);
      List<ApplicationGroup> readable = inRoot.ofThese(declarations, reading.valid());
      int code =
          configuration.with(root, config -> lookAtCharts(root, inRoot, readable, groups, config));
      if (code != 0) {
        return code;
      }
    }
    note(LocalCharts.leftOut(checks.charts(), groups));
    return 0;
  }

  private void note(String note) {
    if (!note.isEmpty() && !notes.contains(note)) {
      notes.add(note);
    }
  }

  /** Returns null when none are given. */
  private @Nullable ObjectSchemas schemas(AgentConfig config) {
    return checks.schemas().isEmpty() && checks.crds().isEmpty()
        ? null
        : new ObjectSchemas(
            checks.schemas(), checks.crds(), LocalStore.kubeVersion(config), Json::write);
  }

  private int lookAtCharts(
      Path root,
      LocalDeclarations declarations,
      List<ApplicationGroup> valid,
      Map<String, ApplicationGroup> known,
      AgentConfig config) {
    ObjectSchemas schemas = schemas(config);
    LocalCharts charts = new LocalCharts(checks, schemas);
    declarations.problems().stream().map(Finding::ofFile).forEach(findings::add);
    List<ApplicationGroup> readable =
        valid.stream().filter(group -> known.containsKey(group.name().value())).toList();
    readable.stream()
        .flatMap(group -> refused(group, config).stream())
        .map(problem -> Finding.ofFile(declarations.named(problem)))
        .forEach(findings::add);
    List<ApplicationGroup> groups =
        readable.stream().filter(group -> !charts.wanted(group).isEmpty()).toList();
    if (groups.isEmpty()) {
      return 0;
    }
    boolean missing = false;
    try (Progress progress = Progress.on(console);
        LocalStore store = LocalStore.open(root, declarations, groups, config, engine)) {
      note(store.notice());
      progress.say("rendering the charts of " + names(groups));
      for (Rendered rendered : charts.render(groups, store.firstReleases(config))) {
        if (rendered.failure() != null) {
          throw rendered.failure();
        }
        Looked found = charts.look(rendered);
        looked.put(rendered.group().name().value(), found);
        found.findings().stream()
            .map(finding -> finding.with(declarations.named(finding.problem())))
            .forEach(findings::add);
        missing |=
            found.findings().stream()
                .anyMatch(f -> f.problem().code() == ProblemCode.CHART_NOT_FOUND);
      }
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    }
    if (missing) {
      note("chart paths are relative to " + root);
    }
    if (schemas != null) {
      findings.addAll(schemas.unusable());
      note(schemas.withoutSchema());
    }
    return 0;
  }

  private static List<Problem> refused(ApplicationGroup group, AgentConfig config) {
    return TenantRules.declared(
        group,
        config.tenancy(),
        config.cluster().namespace(),
        config.cluster().workflowServiceAccount());
  }

  private List<Validation.Group> seen(LocalDeclarations declarations, Reading reading) {
    List<Validation.Group> groups = new ArrayList<>();
    for (Parsed parsed : reading.groups()) {
      if (parsed instanceof Parsed.Valid valid) {
        ApplicationGroup group = valid.group();
        Looked found = looked.get(group.name().value());
        int releases = found == null ? 0 : found.releases();
        Set<Check> checked = found == null ? Set.of() : found.looked();
        groups.add(seen(declarations, group.origin(), group.name().value(), releases, checked));
      } else if (parsed instanceof Parsed.Invalid invalid) {
        String name = invalid.name() == null ? "" : invalid.name().value();
        invalid
            .origins()
            .forEach(origin -> groups.add(seen(declarations, origin, name, 0, Set.of())));
      }
    }
    return groups;
  }

  private static Validation.Group seen(
      LocalDeclarations declarations,
      Origin origin,
      String name,
      int releases,
      Set<Check> checked) {
    return new Validation.Group(
        declarations.nameOf(origin.file()), origin.line(), name, releases, checked);
  }

  private void tell(Validation validation, List<Path> paths) {
    String text =
        switch (checks.report()) {
          case TEXT -> validation.text();
          case JSON -> Json.write(JsonReport.of(validation));
          case JUNIT -> JunitReport.of(validation);
          case SARIF -> Json.write(sarif(validation, paths));
        };
    console.out().print(text);
    console.out().flush();
    console.err().println(validation.summary());
    validation.notes().forEach(note -> console.err().println(note));
  }

  private static Map<String, @Nullable Object> sarif(Validation validation, List<Path> paths) {
    String version = Main.class.getPackage().getImplementationVersion();
    return SarifReport.of(
        validation, workTree(paths.get(0)), Rules.read(), Objects.requireNonNullElse(version, ""));
  }

  /** The Git work tree around the path; the working folder where there is none. */
  private static Path workTree(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    while (folder != null && !Files.exists(folder.resolve(".git"))) {
      folder = folder.getParent();
    }
    return folder == null ? Path.of("").toAbsolutePath() : folder;
  }
}
