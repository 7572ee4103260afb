{{- define "shop.deep" -}}{{ .Chart.Name }}{{- end }}
