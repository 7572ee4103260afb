{{- define "label" -}}of cache{{- end }}{{- define "three" -}}of cache{{- end }}
