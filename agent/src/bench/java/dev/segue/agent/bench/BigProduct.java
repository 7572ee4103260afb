// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a repository that declares many applications of ten charts: distinct values, and in
 * each group chains of ten with a soft dependency between two chains.
 *
 * @param groups how many groups, each in a file of its own
 * @param applications how many applications in each group
 * @param valuesBytes about so many bytes of values for each application, in one text
 */
record BigProduct(int groups, int applications, int valuesBytes) {
  static final int CHARTS = 10;
  private static final int CHAIN = 10;

  /** Returns the files. */
  SortedMap<RepoPath, byte[]> files() {
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    for (int chart = 0; chart < CHARTS; chart++) {
      addChart(files, "charts/c" + chart + "/", "c" + chart);
    }
    for (int group = 0; group < groups; group++) {
      put(files, file(group), group(group, 1));
    }
    return files;
  }

  /** Returns the files after one application of the first group has got another value. */
  SortedMap<RepoPath, byte[]> upgraded() {
    SortedMap<RepoPath, byte[]> files = files();
    put(files, file(0), group(0, 2));
    return files;
  }

  private static String file(int group) {
    return "products/group-" + group + ".yaml";
  }

  private String group(int group, int replicasOfFirst) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata: {name: group-%d}
            spec:
              applications:
            """
                .formatted(group));
    for (int app = 0; app < applications; app++) {
      text.append(application(group, app, app == 0 ? replicasOfFirst : 1 + app % 3));
    }
    return text.toString();
  }

  private String application(int group, int app, int replicas) {
    String hard = app % CHAIN == 0 ? "" : "app-%d-%d".formatted(group, app - 1);
    String soft = app < CHAIN || app % CHAIN != 0 ? "" : "app-%d-%d".formatted(group, app - CHAIN);
    return """
        - name: app-%1$d-%2$d
          dependencies: [%3$s]
          softDependencies: [%4$s]
          spec:
            chart: {path: charts/c%5$d}
            release:
              targetNamespace: group-%1$d
              values:
                replicaCount: %6$d
                message: "%7$s"
                settings: {LOG_LEVEL: info, NAME: app-%1$d-%2$d, UPSTREAM: "http://app-%1$d-0:8080"}
                resources: {limits: {cpu: 500m, memory: %8$dMi}, requests: {cpu: 10m, memory: 32Mi}}
    """
        .formatted(
            group,
            app,
            hard,
            soft,
            app % CHARTS,
            replicas,
            ("of " + group + " and " + app + "; ").repeat(1 + valuesBytes / 16),
            64 + app);
  }

  private static void addChart(SortedMap<RepoPath, byte[]> files, String folder, String name) {
    put(files, folder + "Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n");
    put(
        files,
        folder + "values.yaml",
        """
        replicaCount: 1
        image: registry.example.org/%s:1.0.0
        message: ""
        settings: {}
        resources: {}
        """
            .formatted(name));
    put(
        files,
        folder + "templates/_helpers.tpl",
        """
        {{- define "labels" -}}
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
        {{- end }}
        """);
    put(files, folder + "templates/objects.yaml", OBJECTS);
  }

  private static void put(SortedMap<RepoPath, byte[]> files, String path, String text) {
    files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8));
  }

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: {{ .Release.Name }}
        labels: {{- include "labels" . | nindent 4 }}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: {{ .Release.Name }}
        labels: {{- include "labels" . | nindent 4 }}
      data:
        message: {{ .Values.message | quote }}
        {{- range $key, $value := .Values.settings }}
        {{ $key }}: {{ $value | quote }}
        {{- end }}
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: {{ .Release.Name }}
        labels: {{- include "labels" . | nindent 4 }}
      spec:
        selector: {app.kubernetes.io/instance: {{ .Release.Name }}}
        ports: [{name: http, port: 8080}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: {{ .Release.Name }}
        labels: {{- include "labels" . | nindent 4 }}
      spec:
        replicas: {{ .Values.replicaCount }}
        selector: {matchLabels: {app.kubernetes.io/instance: {{ .Release.Name }}}}
        template:
          metadata:
            labels: {{- include "labels" . | nindent 8 }}
          spec:
            serviceAccountName: {{ .Release.Name }}
            containers:
              - name: main
                image: {{ .Values.image | quote }}
                envFrom: [{configMapRef: {name: {{ .Release.Name }}}}]
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {httpGet: {path: /ready, port: http}}
                resources: {{- toYaml .Values.resources | nindent 18 }}
      """;
}
