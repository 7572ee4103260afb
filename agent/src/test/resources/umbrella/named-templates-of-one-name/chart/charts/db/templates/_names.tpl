{{- define "label" -}}of db{{- end }}{{- define "three" -}}of db{{- end }}
