{{- define "db.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 }}{{ end }}
{{- end }}
{{- define "db.labels" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
