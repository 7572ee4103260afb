// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.parse.Field;
import dev.segue.renderer.parse.FieldReader;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code segue.yaml} as strictly as a group's file. */
final class ConfigFile {
  /** A value and the field that it was read from. */
  record Entry(ConfigValue value, Field field) {}

  private static final String TENANCY = "tenancy.";

  private final String name;
  private final Findings findings;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private List<Tenant> tenants = List.of();

  /**
   * What a file says.
   *
   * @param settings by key
   */
  record Content(Map<String, Entry> settings, List<Tenant> tenants) {}

  private ConfigFile(String name, Findings findings) {
    this.name = name;
    this.findings = findings;
  }

  /** Returns what {@code text} says; what is wrong goes to {@code findings}. */
  static Content read(String name, String text, Findings findings) {
    ConfigFile file = new ConfigFile(name, findings);
    YamlStream stream = YamlReader.read(text);
    stream.faults().forEach(findings::add);
    if (stream.documents().size() > 1) {
      findings.add(
          stream.documents().get(1).line(),
          ProblemCode.CONFIG_INVALID,
          "",
          "the file must have one document",
          "");
    }
    if (!stream.documents().isEmpty()) {
      FieldReader.of(stream.documents().get(0), file.findings)
          .ifPresent(root -> file.read(root, ""));
    }
    return new Content(file.entries, file.tenants);
  }

  private void read(FieldReader reader, String prefix) {
    Set<String> steps =
        Setting.ALL.stream()
            .map(Setting::key)
            .filter(key -> key.startsWith(prefix))
            .map(key -> key.substring(prefix.length()).split("\\.", 2)[0])
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Map<String, Setting> leaves =
        Setting.ALL.stream().collect(Collectors.toMap(Setting::key, setting -> setting));
    for (String step : steps) {
      Setting leaf = leaves.get(prefix + step);
      if (leaf == null) {
        reader.object(step).ifPresent(below -> read(below, prefix + step + "."));
      } else {
        reader.find(step).ifPresent(field -> readLeaf(leaf, field));
      }
    }
    if (prefix.equals(TENANCY)) {
      tenants = reader.find("tenants").map(TenantsReader::read).orElse(tenants);
    }
    reader.finish();
  }

  private void readLeaf(Setting setting, Field field) {
    List<String> texts =
        switch (setting.kind()) {
          case GLOBS -> several(field, "pattern");
          case LABELS -> several(field, "namespace");
          case DURATION -> list(field.duration().map(GoDuration::format));
          case COUNT, POSITIVE_COUNT ->
              list(field.number(0, Integer.MAX_VALUE).map(number -> number.toString()));
          case FLAG -> list(field.flag().map(flag -> flag.toString()));
          case SIZE ->
              field.data() instanceof Long number ? List.of(number.toString()) : list(field.text());
          default -> list(field.text());
        };
    if (!texts.isEmpty()) {
      ConfigValue value = new ConfigValue(texts, ConfigValue.Layer.FILE, name + ":" + field.line());
      entries.put(setting.key(), new Entry(value, field));
    }
  }

  private static List<String> several(Field field, String what) {
    if (field.isList() && field.items().isEmpty()) {
      field.report(ProblemCode.CONFIG_INVALID, "must have at least one " + what, "");
    }
    return field.texts();
  }

  private static List<String> list(Optional<String> text) {
    return text.stream().toList();
  }
}
