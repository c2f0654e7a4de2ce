{{/* What the containers of every role share. Takes (list $ "worker"). */}}
{{- define "undertone.container" -}}
{{- $top := first . -}}
image: {{ include "undertone.image" $top }}
imagePullPolicy: {{ $top.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: config
    mountPath: /etc/undertone
    readOnly: true
  - name: secrets
    mountPath: /run/secrets/undertone
    readOnly: true
{{- end }}

{{/* Takes (list $ "name of the ConfigMap"). */}}
{{- define "undertone.volumes" -}}
{{- $top := first . -}}
- name: config
  configMap:
    name: {{ last . }}
- name: secrets
  secret:
    secretName: {{ $top.Values.existingSecret }}
    defaultMode: 0440
{{- end }}

{{- define "undertone.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "undertone.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The template of a role's pods. Takes (list $ "worker"). */}}
{{- define "undertone.pod" -}}
{{- $top := first . -}}
{{- $role := last . -}}
{{- $values := get $top.Values $role -}}
metadata:
  labels:
    {{- include "undertone.labels" . | nindent 4 }}
  annotations:
    checksum/config: {{ include "undertone.config" $top | sha256sum }}
spec:
  serviceAccountName: {{ include "undertone.serviceAccount" $top }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- include "undertone.pullSecrets" $top | nindent 2 }}
  terminationGracePeriodSeconds: {{ include "undertone.graceSeconds" $top }}
  securityContext:
    {{- include "undertone.podSecurity" . | nindent 4 }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "undertone.selector" . | nindent 10 }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ $role }}
      args: [start]
      {{- include "undertone.container" . | nindent 6 }}
      env:
        {{- include "undertone.environment" . | nindent 8 }}
      ports:
        - name: http
          containerPort: 8080
      startupProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /health/ready, port: http }
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 2
      {{- if and (ne $role "worker") (gt (int $top.Values.preStopSeconds) 0) }}
      lifecycle:
        preStop:
          exec:
            command: [sleep, {{ $top.Values.preStopSeconds | quote }}]
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
  volumes:
    {{- include "undertone.volumes" (list $top (include "undertone.name" $top)) | nindent 4 }}
{{- end }}

{{/*
A worker of the native driver keeps its partitions over a restart, under the name of its pod. Each open transaction of that
driver occupies a thread of libuv, and a worker may own all partitions for a while.
*/}}
{{- define "undertone.environment" -}}
{{- $top := first . -}}
{{- $role := last . -}}
- name: UNDERTONE_CONFIG
  value: /etc/undertone/undertone.yaml
- name: UNDERTONE_ROLES
  value: {{ printf "[%s]" $role | quote }}
{{- if and (eq $role "worker") (eq (include "undertone.driver" $top) "node-rdkafka") }}
- name: UNDERTONE_BUS_KAFKA_INSTANCE_ID
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: UV_THREADPOOL_SIZE
  value: {{ min 1024 (add (int $top.Values.config.bus.partitions) 4) | quote }}
{{- end }}
{{- end }}
