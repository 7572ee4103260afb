// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.status.TenancyFile;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Prints settings as a file that reads back as the same, each with its origin. */
final class ConfigPrinter {
  private static final List<Setting.Kind> NO_STRINGS =
      List.of(Setting.Kind.COUNT, Setting.Kind.POSITIVE_COUNT, Setting.Kind.FLAG);

  private ConfigPrinter() {}

  static String print(Map<String, ConfigValue> values) {
    StringBuilder yaml = new StringBuilder();
    List<String> open = new ArrayList<>();
    for (Setting setting : Setting.ALL) {
      ConfigValue value = values.get(setting.key());
      if (value != null) {
        List<String> steps = List.of(setting.key().split("\\.", -1));
        openSections(yaml, open, steps);
        yaml.append("  ".repeat(steps.size() - 1)).append(steps.get(steps.size() - 1)).append(":");
        if (setting.kind().isList()) {
          printList(yaml, value, "  ".repeat(steps.size() - 1));
        } else {
          boolean bare = NO_STRINGS.contains(setting.kind());
          yaml.append(' ').append(bare ? value.text() : scalar(value.text()));
          yaml.append(comment(value));
        }
      }
    }
    return yaml.toString();
  }

  /** Prints the tenants as the last part of the section {@code tenancy}, if there are any. */
  static String printTenants(List<Tenant> tenants) {
    return tenants.isEmpty()
        ? ""
        : YamlWriter.write(Map.of("tenants", TenancyFile.tenants(tenants))).indent(2);
  }

  private static void openSections(StringBuilder yaml, List<String> open, List<String> steps) {
    List<String> sections = steps.subList(0, steps.size() - 1);
    for (int depth = 0; depth < sections.size(); depth++) {
      boolean isOpen =
          open.size() > depth
              && Objects.equals(open.subList(0, depth + 1), sections.subList(0, depth + 1));
      if (!isOpen) {
        yaml.append("  ".repeat(depth)).append(sections.get(depth)).append(":\n");
      }
    }
    open.clear();
    open.addAll(sections);
  }

  private static void printList(StringBuilder yaml, ConfigValue value, String indent) {
    yaml.append(comment(value));
    value
        .texts()
        .forEach(text -> yaml.append(indent).append("- ").append(scalar(text)).append('\n'));
  }

  private static String scalar(String text) {
    return YamlWriter.write(text).stripTrailing();
  }

  private static String comment(ConfigValue value) {
    return "  # " + value.origin().replaceAll("\\p{Cntrl}", " ") + "\n";
  }
}
