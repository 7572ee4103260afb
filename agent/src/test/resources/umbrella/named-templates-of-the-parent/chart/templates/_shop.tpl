{{- define "shop.label" -}}{{ .Release.Name }} {{ .Values.size }} {{ include "shop.deep" . }}{{- end }}
