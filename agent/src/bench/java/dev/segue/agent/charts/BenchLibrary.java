// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.SortedMap;

/**
 * A sub-chart as charts of the field are: all its names, labels, annotations and images come of a
 * library chart that it carries, which evaluates what the values say; and its pods are replaced
 * when its configuration changes.
 */
final class BenchLibrary {
  private static final String KIT =
      """
      {{- define "kit.evaluate" -}}
      {{- $text := typeIs "string" .value | ternary .value (.value | toYaml) }}
      {{- if contains "{{" $text }}{{ tpl $text .context }}{{ else }}{{ $text }}{{ end }}
      {{- end }}
      {{- define "kit.name" -}}
      {{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
      {{- end }}
      {{- define "kit.fullname" -}}
      {{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
      {{- else }}
      {{- $name := include "kit.name" . }}
      {{- if contains $name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
      {{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}{{ end }}
      {{- end }}
      {{- end }}
      {{- define "kit.namespace" -}}
      {{- default .Release.Namespace .Values.namespaceOverride | trunc 63 | trimSuffix "-" }}
      {{- end }}
      """;
  private static final String LABELS =
      """
      {{- define "kit.match" -}}
      app.kubernetes.io/name: {{ include "kit.name" . }}
      app.kubernetes.io/instance: {{ .Release.Name }}
      {{- end }}
      {{- define "kit.labels" -}}
      helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
      {{ include "kit.match" . }}
      app.kubernetes.io/managed-by: {{ .Release.Service }}
      {{- with .Values.commonLabels }}
      {{ include "kit.evaluate" (dict "value" . "context" $) }}
      {{- end }}
      {{- end }}
      {{- define "kit.metadata" -}}
      metadata:
        name: {{ include "kit.fullname" . }}
        namespace: {{ include "kit.namespace" . | quote }}
        labels: {{- include "kit.labels" . | nindent 4 }}
        {{- with .Values.commonAnnotations }}
        annotations: {{- include "kit.evaluate" (dict "value" . "context" $) | nindent 4 }}
        {{- end }}
      {{- end }}
      """;
  private static final String IMAGES =
      """
      {{- define "kit.image" -}}
      {{- $registry := .global.registry | default .image.registry }}
      {{- printf "%s/%s:%s" $registry .image.repository .image.tag }}
      {{- end }}
      {{- define "kit.resources" -}}
      {{- include "kit.evaluate" (dict "value" .Values.resources "context" .) }}
      {{- end }}
      """;
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      {{ include "kit.metadata" . }}
      spec:
        replicas: {{ .Values.replicas }}
        selector:
          matchLabels: {{- include "kit.match" . | nindent 6 }}
        template:
          metadata:
            labels: {{- include "kit.labels" . | nindent 8 }}
            annotations:
              checksum/configuration: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
              checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}
              {{- include "kit.evaluate" (dict "value" .Values.podAnnotations "context" $) | nindent 8 }}
          spec:
            serviceAccountName: {{ include "kit.fullname" . }}
            affinity: {{- include "kit.evaluate" (dict "value" .Values.affinity "context" $) | nindent 8 }}
            containers:
            - name: {{ include "kit.name" . }}
              image: {{ include "kit.image" (dict "image" .Values.image "global" .Values.global) }}
              imagePullPolicy: {{ .Values.image.pullPolicy }}
              env: {{- include "kit.evaluate" (dict "value" .Values.env "context" $) | nindent 8 }}
              ports:
              - {name: http, containerPort: {{ .Values.service.port }}, protocol: TCP}
              livenessProbe: {httpGet: {path: /, port: http}}
              readinessProbe: {httpGet: {path: /, port: http}}
              resources: {{- include "kit.resources" . | nindent 10 }}
      """;
  private static final String VALUES =
      """
      enabled: true
      replicas: 1
      image: {registry: example.org, repository: NAME, tag: "SEED", pullPolicy: IfNotPresent}
      commonLabels: {product: '{{ .Release.Name }}', tier: back}
      commonAnnotations: {owner: '{{ .Release.Name }}', of: '{{ include "kit.name" . }}'}
      podAnnotations: {port: '{{ .Values.service.port }}'}
      env:
      - {name: SELF, value: '{{ include "kit.fullname" . }}'}
      - {name: ZONE, value: '{{ .Values.global.zone }}'}
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 1
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {app.kubernetes.io/name: '{{ include "kit.name" . }}'}}
      service: {type: ClusterIP, port: 80}
      configuration: |
        name = {{ include "kit.fullname" . }}
        port = {{ .Values.service.port }}
      resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 100m, memory: 128Mi}}
      """;

  private BenchLibrary() {}

  static void subchart(SortedMap<String, String> files, String name, int seed) {
    String folder = "charts/" + name + "/";
    files.put(
        folder + "Chart.yaml",
        "apiVersion: v2\nname: %s\nversion: 1.0.0\ndependencies: [{name: kit, version: 1.0.0}]\n"
            .formatted(name));
    files.put(folder + "values.yaml", VALUES.replace("NAME", name).replace("SEED", "" + seed));
    String kit = folder + "charts/kit/";
    files.put(kit + "Chart.yaml", "apiVersion: v2\nname: kit\nversion: 1.0.0\ntype: library\n");
    files.put(kit + "templates/_kit.tpl", KIT);
    files.put(kit + "templates/_labels.tpl", LABELS);
    files.put(kit + "templates/_images.tpl", IMAGES);
    files.put(folder + "templates/deployment.yaml", DEPLOYMENT);
    for (String kind : BenchUmbrella.KINDS) {
      String[] words = kind.split(" ", -1);
      files.put(
          folder + "templates/" + words[1].toLowerCase(java.util.Locale.ROOT) + ".yaml",
          "apiVersion: %s\nkind: %s\n{{ include \"kit.metadata\" . }}\n"
                  .formatted(words[0], words[1])
              + rest(words[1]));
    }
  }

  private static String rest(String kind) {
    return switch (kind) {
      case "ConfigMap", "Secret" -> """
          stringData:
            app.conf: {{- include "kit.evaluate" (dict "value" .Values.configuration "context" $) | toYaml | nindent 4 }}
          """;
      default -> """
          spec:
            replicas: {{ .Values.replicas }}
            service: {{- toYaml .Values.service | nindent 4 }}
            selector: {{- include "kit.match" . | nindent 4 }}
          """;
    };
  }
}
