{{- define "three" -}}of shop{{- end }}
