{{- define "undertone.name" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Of one release; with a role, of one role. Takes (list $ "gateway"). */}}
{{- define "undertone.selector" -}}
{{- $top := first . -}}
app.kubernetes.io/name: {{ $top.Chart.Name }}
app.kubernetes.io/instance: {{ $top.Release.Name }}
{{- with rest . | first }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "undertone.labels" -}}
{{- $top := first . -}}
{{ include "undertone.selector" . }}
app.kubernetes.io/version: {{ $top.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $top.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $top.Chart.Name $top.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "undertone.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "undertone.name" .) }}
{{- end }}

{{/* The driver decides which of the two images. */}}
{{- define "undertone.image" -}}
{{- $suffix := ternary "-rdkafka" "" (eq (include "undertone.driver" .) "node-rdkafka") -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default (printf "%s%s" .Chart.AppVersion $suffix) }}
{{- end }}

{{- define "undertone.driver" -}}
{{ .Values.config.bus.kafka.driver | default "kafkajs" }}
{{- end }}
