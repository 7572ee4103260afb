// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An umbrella chart whose sub-charts {@code s0}, {@code s1} … have such features. Each object is
 * named after the template that gives it, and so after its sub-chart.
 */
record RandomUmbrella(List<Set<Feature>> subcharts) {
  /** What a sub-chart may have or do. */
  enum Feature {
    CONDITION,
    OFF,
    TAG,
    ALIAS,
    TWICE,
    UNDECLARED,
    UNSTAGED,
    INNER,
    HOOK,
    CRD,
    IMPORTED,
    INTO_THE_NEXT,
    DEFAULTS_OF_THE_PARENT,
    GLOBAL_DEFAULT,
    TEMPLATE_OF_THE_PARENT,
    TEMPLATE_OF_THE_NEXT,
    SHARED_NAME,
    SCHEMA,
    EVALUATED
  }

  RandomUmbrella {
    subcharts = List.copyOf(subcharts);
  }

  /** The names and aliases under which Helm has it in the chart. */
  private static List<String> names(int index, Set<Feature> features) {
    String name = "s" + index;
    if (features.contains(Feature.UNDECLARED)) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>();
    names.add(features.contains(Feature.ALIAS) ? "a" + index : name);
    if (features.contains(Feature.TWICE)) {
      names.add("b" + index);
    }
    return names;
  }

  private static boolean isOn(Set<Feature> features) {
    boolean switched =
        !features.contains(Feature.UNDECLARED)
            && (features.contains(Feature.CONDITION) || features.contains(Feature.TAG));
    return !(switched && features.contains(Feature.OFF));
  }

  /** The sub-charts that are released, by name or alias. */
  SortedSet<String> staged() {
    SortedSet<String> staged = new TreeSet<>();
    for (int i = 0; i < subcharts.size(); i++) {
      if (isOn(subcharts.get(i)) && !subcharts.get(i).contains(Feature.UNSTAGED)) {
        staged.addAll(names(i, subcharts.get(i)));
      }
    }
    return staged;
  }

  List<String> unstaged() {
    List<String> unstaged = new ArrayList<>();
    for (int i = 0; i < subcharts.size(); i++) {
      if (subcharts.get(i).contains(Feature.UNSTAGED)) {
        unstaged.addAll(names(i, subcharts.get(i)));
      }
    }
    return unstaged;
  }

  /** The application's values: {@code size} reaches the sub-charts that it is given for. */
  Map<String, Object> values(int size, Set<Integer> given) {
    Map<String, Object> values = new TreeMap<>();
    for (int i : given) {
      for (String name : i < subcharts.size() ? names(i, subcharts.get(i)) : List.<String>of()) {
        values.put(name, Map.of("size", (long) size));
      }
    }
    return values;
  }

  SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    StringBuilder chart = new StringBuilder("apiVersion: v2\nname: umbrella\nversion: 1.0.0\n");
    StringBuilder values =
        new StringBuilder("size: 0\nglobal: {zone: a}\nswitch: {active: false}\n");
    StringBuilder tags = new StringBuilder();
    chart.append("dependencies:\n");
    for (int i = 0; i < subcharts.size(); i++) {
      Set<Feature> has = subcharts.get(i);
      int next = (i + 1) % subcharts.size();
      if (!has.contains(Feature.UNDECLARED)) {
        for (String name : names(i, has)) {
          chart.append("- name: s%d\n  version: 1.0.0\n".formatted(i));
          chart.append(name.equals("s" + i) ? "" : "  alias: " + name + "\n");
          dependency(chart, i, has, names(next, subcharts.get(next)).get(0));
        }
      }
      if (has.contains(Feature.TAG)) {
        tags.append("  t%d: %s\n".formatted(i, !has.contains(Feature.OFF)));
      }
      if (has.contains(Feature.DEFAULTS_OF_THE_PARENT)) {
        names(i, has).forEach(name -> values.append(name).append(": {size: 5, more: {a: 1}}\n"));
      }
      subchart(files, i, has, next);
    }
    values.append(tags.isEmpty() ? "" : "tags:\n" + tags);
    files.put(
        "Chart.yaml",
        subcharts.isEmpty() ? chart.toString().replace("dependencies:\n", "") : chart.toString());
    files.put("values.yaml", values.toString());
    files.put(
        "templates/_parent.tpl",
        "{{- define \"parent\" }}{{ .Chart.Name }} {{ .Values.size }} {{ .Release.Name }}{{ end }}"
            + "{{- define \"shared\" }}of the parent{{ end }}");
    files.put("templates/own.yaml", object("all: {{ .Values | toJson | quote }}"));
    return files;
  }

  private static void dependency(StringBuilder chart, int index, Set<Feature> has, String next) {
    if (has.contains(Feature.CONDITION)) {
      chart.append(
          has.contains(Feature.OFF) ? "  condition: switch.active\n" : "  condition: none.such\n");
    }
    if (has.contains(Feature.TAG)) {
      chart.append("  tags: [t%d]\n".formatted(index));
    }
    if (has.contains(Feature.IMPORTED) || has.contains(Feature.INTO_THE_NEXT)) {
      chart.append("  import-values:\n");
      chart.append(has.contains(Feature.IMPORTED) ? "  - shared\n" : "");
      chart.append(
          has.contains(Feature.INTO_THE_NEXT)
              ? "  - {child: net, parent: %s.net%d}\n".formatted(next, index)
              : "");
    }
  }

  private void subchart(SortedMap<String, String> files, int index, Set<Feature> has, int next) {
    String folder = "charts/s" + index + "/";
    boolean inner = has.contains(Feature.INNER);
    files.put(
        folder + "Chart.yaml",
        "apiVersion: v2\nname: s%d\nversion: 1.0.0\n".formatted(index)
            + (inner
                // Helm gives an alias inside to the first of two only; see the corpus
                ? "dependencies:\n- {name: inner, version: 1.0.0%s}\n"
                    .formatted(has.contains(Feature.TWICE) ? "" : ", alias: deep")
                : ""));
    files.put(
        folder + "values.yaml",
        "size: 1\nnet: {port: %d}\nexports: {shared: {from%d: true}}\n".formatted(index, index)
            + (has.contains(Feature.GLOBAL_DEFAULT)
                ? "global: {disk: d%d}\n".formatted(index)
                : ""));
    String shared =
        has.contains(Feature.SHARED_NAME)
            ? "{{ define \"shared\" }}of s" + index + "{{ end }}"
            : "";
    files.put(
        folder + "templates/_own.tpl",
        "{{ define \"s%d\" }}{{ .Chart.Name }} {{ .Release.Name }}{{ end }}".formatted(index)
            + shared);
    List<String> data = new ArrayList<>(List.of("all: {{ .Values | toJson | quote }}"));
    data.add("shared: {{ include \"shared\" . }}");
    if (has.contains(Feature.TEMPLATE_OF_THE_PARENT)) {
      data.add("parent: {{ include \"parent\" . }}");
    }
    if (has.contains(Feature.TEMPLATE_OF_THE_NEXT) && isOn(subcharts.get(next))) {
      data.add("next: {{ include \"s%d\" . }}".formatted(next));
    }
    if (has.contains(Feature.EVALUATED)) {
      data.add("evaluated: {{ tpl \"{{ .Release.Name }} {{ include \\\"parent\\\" . }}\" . }}");
    }
    files.put(folder + "templates/own.yaml", object(String.join("\n  ", data)));
    if (has.contains(Feature.HOOK)) {
      files.put(
          folder + "templates/hook.yaml",
          object("a: b").replace("\ndata:", "\n  annotations: {helm.sh/hook: pre-install}\ndata:"));
    }
    if (has.contains(Feature.CRD)) {
      files.put(
          folder + "crds/crd.yaml",
          "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: web-umbrella-charts-s%d-crd\n"
              .formatted(index));
    }
    if (has.contains(Feature.SCHEMA)) {
      files.put(
          folder + "values.schema.json",
          "{\"type\": \"object\", \"required\": [\"size\"], \"properties\": {\"size\": {\"type\": \"integer\"}}}\n");
    }
    if (inner) {
      files.put(
          folder + "charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 1.0.0\n");
      files.put(folder + "charts/inner/values.yaml", "depth: 2\n");
      files.put(
          folder + "charts/inner/templates/own.yaml",
          object("all: {{ .Values | toJson | quote }}\n  shared: {{ include \"shared\" . }}"));
    }
  }

  private static String object(String data) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-{{ .Template.Name | replace "/" "-" | trimSuffix ".yaml" }}
        data:
          DATA
        """
        .replace("DATA", data);
  }
}
