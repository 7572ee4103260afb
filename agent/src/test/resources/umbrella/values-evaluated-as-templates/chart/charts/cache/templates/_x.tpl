{{- define "db.x" -}}x of {{ .Release.Name }}{{- end }}
