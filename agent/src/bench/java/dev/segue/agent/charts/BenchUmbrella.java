// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Umbrella charts of 100 sub-charts of ten templates. */
final class BenchUmbrella {
  static final int SUBCHARTS = 100;

  static final List<String> KINDS =
        List.of(
            "v1 ServiceAccount",
            "v1 Service",
            "v1 ConfigMap",
            "v1 Secret",
            "rbac.authorization.k8s.io/v1 Role",
            "rbac.authorization.k8s.io/v1 RoleBinding",
            "networking.k8s.io/v1 NetworkPolicy",
            "policy/v1 PodDisruptionBudget",
            "autoscaling/v2 HorizontalPodAutoscaler");

  private BenchUmbrella() {}

  /** How their templates are written. */
  enum Style {
    INCLUDED("labels by `include`"),
    EVALUATED("labels by `include`, annotations by `tpl`"),
    LIBRARY("names, labels and annotations by a library chart that uses `tpl`, checksums");

    private final String shown;

    Style(String shown) {
      this.shown = shown;
    }

    String shown() {
      return shown;
    }

    /** Returns the files; another seed, another chart. */
      SortedMap<String, String> umbrella(int seed) {
      SortedMap<String, String> files = new TreeMap<>();
      StringBuilder chart = new StringBuilder("apiVersion: v2\nname: umbrella\nversion: 1.0.0\n");
      StringBuilder values = new StringBuilder("global: {zone: a}\n");
      chart.append("dependencies:\n");
      for (int i = 0; i < SUBCHARTS; i++) {
        String name = "c" + i;
        chart.append("- {name: %s, version: 1.0.0, condition: %s.enabled}\n".formatted(name, name));
        values.append("%s: {enabled: true, replicas: %d}\n".formatted(name, i % 5));
        subchart(files, name, seed);
      }
      files.put("Chart.yaml", chart.toString());
      files.put("values.yaml", values.toString());
      files.put(
          "templates/umbrella.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}-umbrella'}\n");
      return files;
    }

    private void subchart(SortedMap<String, String> files, String name, int seed) {
      if (this == LIBRARY) {
        BenchLibrary.subchart(files, name, seed);
        return;
      }
      String folder = "charts/" + name + "/";
      files.put(folder + "Chart.yaml", "apiVersion: v2\nname: %s\nversion: 1.0.0\n".formatted(name));
      files.put(
          folder + "values.yaml",
          """
          enabled: true
          replicas: 1
          image: {repository: example.org/%s, tag: "%d", pullPolicy: IfNotPresent}
          annotations: {owner: '{{ .Release.Name }}', kind: plain}
          service: {type: ClusterIP, port: 80}
          resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 100m, memory: 128Mi}}
          """
              .formatted(name, seed));
      files.put(
          folder + "templates/_helpers.tpl",
          """
          {{- define "NAME.fullname" -}}
          {{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 }}
          {{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
          {{- end }}
          {{- define "NAME.selector" -}}
          app.kubernetes.io/name: {{ .Chart.Name }}
          app.kubernetes.io/instance: {{ .Release.Name }}
          {{- end }}
          {{- define "NAME.labels" -}}
          helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
          {{ include "NAME.selector" . }}
          app.kubernetes.io/managed-by: {{ .Release.Service }}
          {{- end }}
          """
              .replace("NAME", name));
      String head =
          """
          apiVersion: VERSION
          kind: KIND
          metadata:
            name: {{ include "NAME.fullname" . }}
            labels:
              {{- include "NAME.labels" . | nindent 4 }}
            annotations:
              ANNOTATIONS
          """
              .replace("NAME", name)
              .replace(
                  "ANNOTATIONS",
                  this == EVALUATED
                      ? "{{- tpl (toYaml .Values.annotations) . | nindent 4 }}"
                      : "{{- toYaml .Values.annotations | nindent 4 }}");
      for (String kind : KINDS) {
        String[] words = kind.split(" ", -1);
        files.put(
            folder + "templates/" + words[1].toLowerCase(java.util.Locale.ROOT) + ".yaml",
            head.replace("VERSION", words[0]).replace("KIND", words[1])
                + "spec:\n  replicas: {{ .Values.replicas }}\n  service:\n    {{- toYaml .Values.service"
                + " | nindent 4 }}\n  selector:\n    {{- include \"%s.selector\" . | nindent 4 }}\n"
                    .formatted(name));
      }
      files.put(
          folder + "templates/deployment.yaml",
          head.replace("VERSION", "apps/v1").replace("KIND", "Deployment")
              + """
              spec:
                replicas: {{ .Values.replicas }}
                selector:
                  matchLabels:
                    {{- include "NAME.selector" . | nindent 6 }}
                template:
                  metadata:
                    labels:
                      {{- include "NAME.labels" . | nindent 8 }}
                  spec:
                    serviceAccountName: {{ include "NAME.fullname" . }}
                    containers:
                    - name: {{ .Chart.Name }}
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      imagePullPolicy: {{ .Values.image.pullPolicy }}
                      ports:
                      - {name: http, containerPort: {{ .Values.service.port }}, protocol: TCP}
                      livenessProbe: {httpGet: {path: /, port: http}}
                      readinessProbe: {httpGet: {path: /, port: http}}
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
              """
                  .replace("NAME", name));
    }
  }
}
