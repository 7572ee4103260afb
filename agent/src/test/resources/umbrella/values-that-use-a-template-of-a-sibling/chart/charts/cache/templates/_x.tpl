{{- define "cache.x" -}}x of {{ .Release.Name }}{{- end }}
