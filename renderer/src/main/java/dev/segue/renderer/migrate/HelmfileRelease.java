// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.migrate.Helmfile.Surroundings;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One release of a Helmfile. */
final class HelmfileRelease {
  private static final Set<String> READ =
      Set.of(
          "name",
          "namespace",
          "chart",
          "version",
          "needs",
          "installed",
          "values",
          "set",
          "secrets",
          "wait",
          "waitForJobs",
          "timeout",
          "atomic",
          "cleanupOnFail",
          "force",
          "createNamespace",
          "historyMax",
          "disableOpenAPIValidation",
          "condition",
          "missingFileHandler");

  private static final Set<String> DEFAULTS =
      Set.of(
          "wait",
          "waitForJobs",
          "timeout",
          "atomic",
          "cleanupOnFail",
          "force",
          "createNamespace",
          "historyMax",
          "disableOpenAPIValidation");

  /** They are about how Helmfile gets at charts, and change nothing of what is released. */
  private static final Set<String> HARMLESS =
      Set.of("skipDeps", "verify", "disableValidation", "disableValidationOnInstall");

  private final YamlNode node;
  private final String path;
  private final Surroundings around;

  HelmfileRelease(YamlNode node, String path, Surroundings around) {
    this.node = node;
    this.path = path;
    this.around = around;
    for (YamlNode.Entry entry : Nodes.entries(node)) {
      boolean known = READ.contains(entry.key()) || HARMLESS.contains(entry.key());
      if (!known && !Nodes.isEmpty(entry.value())) {
        boolean inherits = entry.key().equals("inherit") || entry.key().endsWith("Template");
        if (inherits) {
          problem(
              entry.line(),
              ProblemCode.MIGRATION_TEMPLATE,
              entry.key(),
              "must be resolved",
              "Give the output of `helmfile build --embed-values` instead.");
        } else {
          around.lost(
              entry.line(), path + "." + entry.key(), "has no counterpart and is left out", "");
        }
      }
    }
    if (!isInstalled()) {
      around.lost(
          node.line(),
          path,
          "is not installed (`installed: false`): " + Findings.quote(name()) + " is left out",
          "");
    }
  }

  /** Tells what of {@code helmDefaults} has no counterpart; what is off or 0 says nothing. */
  static void tellDefaults(Surroundings around) {
    for (YamlNode.Entry entry : Nodes.entries(around.defaults())) {
      boolean known = DEFAULTS.contains(entry.key()) || HARMLESS.contains(entry.key());
      if (!known && !Nodes.isEmpty(entry.value())) {
        around.lost(
            entry.line(), "helmDefaults." + entry.key(), "has no counterpart and is left out", "");
      }
    }
  }

  String name() {
    return Nodes.text(get("name"));
  }

  String path() {
    return path;
  }

  Surroundings around() {
    return around;
  }

  boolean isInstalled() {
    return !Nodes.isFalse(get("installed"));
  }

  boolean isIn(String namespace) {
    return namespace().equals(namespace);
  }

  List<YamlNode> needs() {
    return Nodes.items(get("needs"));
  }

  private String namespace() {
    return around.namespace().isEmpty() ? Nodes.text(get("namespace")) : around.namespace();
  }

  private @Nullable YamlNode get(String key) {
    return Nodes.get(node, key);
  }

  private int line(String key) {
    return Nodes.entries(node).stream()
        .filter(entry -> entry.key().equals(key))
        .map(YamlNode.Entry::line)
        .findFirst()
        .orElse(node.line());
  }

  private void problem(int line, ProblemCode code, String field, String message, String remedy) {
    around.problems().add(line, code, path + "." + field, message, remedy);
  }

  /** What it says, else what the file's defaults say; null when neither does. */
  private @Nullable YamlNode setting(String key) {
    YamlNode own = get(key);
    YamlNode other = Nodes.get(around.defaults(), key);
    return own == null && !Nodes.isEmpty(other) ? other : own;
  }

  GroupFile.App application(List<String> dependencies) {
    GroupFile.App app = new GroupFile.App();
    app.fields.put("name", name());
    if (!dependencies.isEmpty()) {
      app.fields.put("dependencies", dependencies);
    }
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put(
        "chart",
        new HelmfileChart(Nodes.text(get("chart")), line("chart"), path, around)
            .reference(Nodes.text(get("version"))));
    spec.put("release", release());
    app.fields.put("spec", spec);
    return app;
  }

  private Map<String, @Nullable Object> release() {
    Map<String, @Nullable Object> release = new LinkedHashMap<>();
    if (namespace().isEmpty()) {
      around.changed(
          node.line(),
          path + ".namespace",
          "is not given: Helmfile takes that of the kubeconfig, the new file says \"default\"",
          "Write it where it is another one.");
    }
    release.put("targetNamespace", namespace().isEmpty() ? "default" : namespace());
    String timeout = Nodes.text(setting("timeout"));
    if (timeout.matches("[1-9][0-9]{0,8}")) {
      release.put("timeout", timeout + "s");
    }
    Map<String, @Nullable Object> values = new HelmfileValues(path, around).of(node);
    if (!values.isEmpty()) {
      release.put("values", new Values(values).tree());
      List<String> secrets = new ArrayList<>();
      SecretLooks.without(values, secrets);
      if (!secrets.isEmpty()) {
        around.changed(
            line("values"),
            path + ".values",
            "are written with what looks secret: " + String.join(", ", secrets),
            "Put that into a Secret, and name it in `valuesFrom`.");
      }
    }
    operations(release);
    if (!Nodes.text(get("condition")).isEmpty()) {
      around.changed(
          line("condition"),
          path + ".condition",
          "is not looked at: the release is taken as installed",
          "Take the application out where it is not.");
    }
    YamlNode atomic = get("atomic");
    if (Nodes.isFalse(atomic)) {
      around.changed(
          line("atomic"),
          path + ".atomic",
          "has no counterpart for one release: a group goes back as a whole",
          "Write `onFailure: hold` for the group where nothing is to go back.");
    }
    return release;
  }

  private void operations(Map<String, @Nullable Object> release) {
    Map<String, @Nullable Object> install = new LinkedHashMap<>();
    Map<String, @Nullable Object> upgrade = new LinkedHashMap<>();
    if (Nodes.isFalse(get("wait"))) { // Helmfile's own default is not to wait: that is not kept
      install.put("disableWait", true);
      upgrade.put("disableWait", true);
    }
    if (Nodes.isFalse(get("waitForJobs"))) {
      install.put("disableWaitForJobs", true);
      upgrade.put("disableWaitForJobs", true);
    }
    if (Nodes.isFalse(setting("createNamespace"))) {
      install.put("createNamespace", false);
    }
    if (Nodes.isTrue(setting("disableOpenAPIValidation"))) {
      install.put("disableOpenAPIValidation", true);
      upgrade.put("disableOpenAPIValidation", true);
    }
    if (Nodes.isTrue(setting("cleanupOnFail"))) {
      upgrade.put("cleanupOnFail", true);
    }
    if (Nodes.isTrue(setting("force"))) {
      upgrade.put("force", true);
    }
    if (!install.isEmpty()) {
      release.put("install", install);
    }
    if (!upgrade.isEmpty()) {
      release.put("upgrade", upgrade);
    }
    String history = Nodes.text(setting("historyMax"));
    if (history.matches("[0-9]{1,6}")) {
      release.put("maxHistory", Long.valueOf(history));
    }
  }
}
