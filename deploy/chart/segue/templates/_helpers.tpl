{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{- define "segue.labels" -}}
app.kubernetes.io/part-of: segue
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "segue.selector" -}}
app.kubernetes.io/name: {{ .Values.name }}
app.kubernetes.io/component: agent
{{- end }}

{{/* segue.yaml: what is given, and what follows from the release. */}}
{{- define "segue.config" -}}
{{- $config := deepCopy .Values.config }}
{{- $cluster := dict "namespace" .Release.Namespace }}
{{- if ne .Values.name "segue" }}
{{- $_ := set $cluster "workflowServiceAccount" (printf "%s-workflow" .Values.name) }}
{{- $_ := set $config "highAvailability" (merge (dict) (default (dict) $config.highAvailability) (dict "leaseName" .Values.name)) }}
{{- end }}
{{- $_ := set $config "cluster" (merge (dict) (default (dict) $config.cluster) $cluster) }}
{{- toYaml $config }}
{{- end }}

{{- define "segue.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end }}

{{- define "segue.port" -}}
{{ regexFind "[0-9]+$" .Values.config.web.listen }}
{{- end }}

{{- define "segue.probe" -}}
{{- if .Values.config.web.health -}}
port: health
{{- else -}}
port: web
{{- if not .Values.config.web.plainHttp }}
scheme: HTTPS
{{- end }}
{{- end }}
{{- end }}

{{/*
Accounts and rights, which stand in files/ as in deploy/base: of (dict "root" . "file" … "namespace" …). The Leases in the agent's
Role are those of its configuration.
*/}}
{{- define "segue.rights" -}}
{{- $root := .root }}
{{- $namespace := .namespace }}
{{- range splitList "\n---\n" ($root.Files.Get .file) }}
{{- $object := fromYaml . }}
{{- $name := $object.metadata.name | replace "segue" $root.Values.name }}
---
apiVersion: {{ $object.apiVersion }}
kind: {{ $object.kind }}
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
  labels:
    {{- include "segue.labels" $root | nindent 4 }}
{{- if $object.rules }}
rules:
  {{- range $object.rules }}
  {{- if .resourceNames }}
  {{- $_ := set . "resourceNames" (include "segue.leases" $root | fromYamlArray) }}
  {{- end }}
  - {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- if $object.roleRef }}
roleRef:
  apiGroup: {{ $object.roleRef.apiGroup }}
  kind: {{ $object.roleRef.kind }}
  name: {{ $name }}
subjects:
  {{- range $object.subjects }}
  - kind: {{ .kind }}
    name: {{ .name | replace "segue" $root.Values.name }}
    namespace: {{ ternary $root.Release.Namespace $namespace (hasKey . "namespace") }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "segue.leases" -}}
{{- $settings := default (dict) .Values.config.highAvailability }}
{{- $name := default .Values.name $settings.leaseName }}
- {{ $name }}
{{- range $shard := untilStep 1 (int (default 1 $settings.shards)) 1 }}
- {{ $name }}-{{ $shard }}
{{- end }}
{{- end }}
