{{/*
What the services' sub-charts are made of. Each calls these with its own context, so that `.Chart` and `.Values` are the sub-chart's;
`.Release.Name` is the umbrella's, and by it the services find each other.
*/}}
{{- define "bookinfo.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What never changes in a release's life: selectors are immutable. */}}
{{- define "bookinfo.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bookinfo.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "bookinfo.selectorLabels" . }}
app.kubernetes.io/part-of: bookinfo
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "bookinfo.image" -}}
{{- $image := .Values.image.repository | default (printf "%s/examples-bookinfo-%s" .Values.global.registry .Values.image.name) -}}
{{- printf "%s:%s" $image (.Values.image.tag | default .Values.global.tag) -}}
{{- end -}}

{{- define "bookinfo.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "bookinfo.fullname" . }}
  labels:
    {{- include "bookinfo.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      {{- include "bookinfo.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "bookinfo.selectorLabels" . | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 5
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "bookinfo.image" . | quote }}
          imagePullPolicy: {{ .Values.global.pullPolicy }}
          env:
            {{- range $name, $service := .Values.services }}
            - name: {{ $name }}
              value: {{ printf "%s-%s" $.Release.Name $service | quote }}
            {{- end }}
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: 9080
              protocol: TCP
          readinessProbe:
            tcpSocket:
              port: http
            periodSeconds: 5
          livenessProbe:
            tcpSocket:
              port: http
            initialDelaySeconds: 5
            periodSeconds: 20
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            seccompProfile:
              type: RuntimeDefault
{{- end -}}

{{- define "bookinfo.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "bookinfo.fullname" . }}
  labels:
    {{- include "bookinfo.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "bookinfo.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: 9080
      targetPort: http
      protocol: TCP
{{- end -}}
