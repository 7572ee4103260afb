{{- define "db.host" -}}{{ .Release.Name }}-db{{- end }}
