// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.parse.Findings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lays options over the environment over the file over the defaults. */
final class ConfigReader {
  private static final String FILE_NAME = "segue.yaml";
  private static final String FILE_VARIABLE = "SEGUE_CONFIG";
  private static final long MAX_FILE_BYTES = 1024 * 1024;
  private static final Pattern OF_SERVICE =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP).*)?)");

  private final Map<String, String> environment;
  private final Path folder;
  private final TreeSet<Problem> problems = new TreeSet<>();
  private final Map<String, ConfigValue> values = new TreeMap<>();
  private List<Tenant> tenants = List.of();
  private String name = "";

  private ConfigReader(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /**
   * Reads as {@link AgentConfig#read}.
   *
   * @param fallbacks by dotted key; anything else wins over them
   */
  static ConfigReading read(
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> options,
      Map<String, String> fallbacks,
      Path folder) {
    return readFile(file, environment, options, fallbacks, folder).reading();
  }

  /** As {@link #read}, with where each setting was said. */
  static ReadConfig readFile(
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> options,
      Map<String, String> fallbacks,
      Path folder) {
    ConfigReader reader = new ConfigReader(environment, folder);
    reader.readFile(file);
    reader.readEnvironment();
    reader.readOptions(options);
    fallbacks.forEach((key, text) -> reader.values.putIfAbsent(key, ConfigValue.ofDefault(text)));
    Map<String, ConfigValue> effective =
        new ConfigDefaults(reader.values, environment, folder).complete();
    reader.problems.addAll(ConfigConsistency.check(reader.values, effective, reader.tenants));
    Optional<AgentConfig> config =
        reader.problems.isEmpty()
            ? Optional.of(ConfigAssembly.assemble(effective, reader.tenants))
            : Optional.empty();
    return new ReadConfig(
        reader.name, effective, new ConfigReading(config, List.copyOf(reader.problems)));
  }

  private void readFile(@Nullable Path given) {
    String variable = environment.getOrDefault(FILE_VARIABLE, "");
    Path named = given != null ? given : variable.isEmpty() ? null : Path.of(variable);
    Path file = folder.resolve(named == null ? Path.of(FILE_NAME) : named);
    if (named == null && !Files.exists(file)) {
      return;
    }
    name = named == null ? FILE_NAME : named.toString();
    String text;
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
        problems.add(
            new Problem(ProblemCode.TOO_LARGE, name, 0, "", "must have at most 1 MiB", ""));
        return;
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      problems.add(
          Problem.of(
              ProblemCode.CONFIG_FILE_NOT_FOUND,
              "the configuration file " + Findings.quote(name) + " must be a readable text file",
              "Name it with `--config` or " + FILE_VARIABLE + "."));
      return;
    }
    Findings findings = new Findings(name);
    ConfigFile.Content content = ConfigFile.read(name, text, findings);
    tenants = content.tenants();
    content
        .settings()
        .forEach(
            (key, entry) ->
                put(
                    setting(key),
                    entry.value(),
                    file.toAbsolutePath().getParent(),
                    message -> entry.field().report(ProblemCode.CONFIG_INVALID, message, "")));
    problems.addAll(findings.problems());
  }

  private void readEnvironment() {
    Map<String, Setting> byVariable = new TreeMap<>();
    Setting.ALL.forEach(setting -> byVariable.put(setting.variable(), setting));
    Set<String> sections =
        byVariable.keySet().stream()
            .map(variable -> variable.substring(0, variable.indexOf('_', "SEGUE_".length()) + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              Setting setting = byVariable.get(variable);
              if (setting != null && !text.isEmpty()) {
                putText(
                    setting,
                    text,
                    ConfigValue.Layer.ENVIRONMENT,
                    variable,
                    "the variable `" + variable + "` ");
              } else if (setting == null
                  && sections.stream().anyMatch(variable::startsWith)
                  && !OF_SERVICE.matcher(variable).matches()) {
                report(
                    "the variable `" + variable + "` is not known",
                    Findings.didYouMean(variable, byVariable.keySet(), ""));
              }
            });
  }

  private void readOptions(Map<String, String> options) {
    Set<String> keys = Setting.ALL.stream().map(Setting::key).collect(Collectors.toSet());
    new TreeMap<>(options)
        .forEach(
            (key, text) -> {
              if (keys.contains(key)) {
                putText(
                    setting(key),
                    text,
                    ConfigValue.Layer.OPTION,
                    "option",
                    "the option `" + key + "` ");
              } else {
                report("the option `" + key + "` is not known", Findings.didYouMean(key, keys, ""));
              }
            });
  }

  private void putText(
      Setting setting, String text, ConfigValue.Layer layer, String origin, String subject) {
    List<String> texts =
        setting.kind().isList() ? List.of(text.split("\\s*,\\s*", -1)) : List.of(text);
    put(
        setting,
        new ConfigValue(texts, layer, origin),
        folder.toAbsolutePath(),
        message -> report(subject + message, ""));
  }

  private interface Report {
    void accept(String message);
  }

  private void put(Setting setting, ConfigValue value, @Nullable Path base, Report report) {
    List<String> texts = new ArrayList<>();
    for (String text : value.texts()) {
      try {
        SettingCheck.check(setting.kind(), text);
        texts.add(setting.kind() == Setting.Kind.FILE ? absolute(text, base) : text);
      } catch (IllegalArgumentException e) {
        report.accept(predicate(e));
      }
    }
    // Even a bad value displaces the weaker one: what follows must not be judged by that.
    values.put(
        setting.key(),
        new ConfigValue(
            texts.size() == value.texts().size() ? texts : value.texts(),
            value.layer(),
            value.origin()));
  }

  private static String predicate(IllegalArgumentException e) {
    String message = e.getMessage() == null ? "must be another text" : e.getMessage();
    int must = message.indexOf("must ");
    return must < 0 ? message : message.substring(must);
  }

  private String absolute(String text, @Nullable Path base) {
    String home = ConfigDefaults.home(environment);
    Path path = text.startsWith("~/") ? Path.of(home, text.substring(2)) : Path.of(text);
    return (base == null ? path : base.resolve(path)).normalize().toString();
  }

  private void report(String message, String remedy) {
    problems.add(Problem.of(ProblemCode.CONFIG_INVALID, message, remedy));
  }

  private static Setting setting(String key) {
    return Setting.ALL.stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
  }
}
