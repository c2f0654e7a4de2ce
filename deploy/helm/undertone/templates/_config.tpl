{{/* What the chart adds to the configuration of the values; roles and instanceId are variables of the pods. */}}
{{- define "undertone.config" -}}
{{- include "undertone.checks" . -}}
{{- $config := deepCopy .Values.config -}}
{{- $own := dict "http" (dict "host" "0.0.0.0" "port" 8080) "bus" (dict "kind" "kafka") -}}
{{- with .Values.ingress.consoleHost -}}
{{- $hosts := append (dig "allowedHosts" (list) $.Values.config.console) . | uniq -}}
{{- $_ := set $own "console" (dict "allowedHosts" $hosts) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $config $own) -}}
{{- end }}

{{/* Seconds that Undertone may need from SIGTERM to its end: it ends itself five seconds after the drain. */}}
{{- define "undertone.neededSeconds" -}}
{{- $drainMs := dig "shutdown" "drainMs" 10000 .Values.config | float64 -}}
{{ add (divf $drainMs 1000 | ceil | int) 5 .Values.preStopSeconds }}
{{- end }}

{{- define "undertone.graceSeconds" -}}
{{ .Values.terminationGracePeriodSeconds | default (add (include "undertone.neededSeconds" . | int) 5) | int }}
{{- end }}

{{/* What no schema can know. All of it at once. */}}
{{- define "undertone.checks" -}}
{{- $wrong := list -}}
{{- $bus := .Values.config.bus -}}
{{- $partitions := int $bus.partitions -}}
{{- $needed := include "undertone.neededSeconds" . | int -}}
{{- if not .Values.config.http.behindTlsProxy -}}
{{- $wrong = append $wrong "config.http.behindTlsProxy is false: audio and tokens would cross the network in the clear. Put a proxy that ends TLS in front and declare it with config.http.behindTlsProxy=true." -}}
{{- end -}}
{{- if not $bus.kafka.brokers -}}
{{- $wrong = append $wrong "config.bus.kafka.brokers is missing: name some brokers, as host:port." -}}
{{- end -}}
{{- if and .Values.terminationGracePeriodSeconds (lt (int .Values.terminationGracePeriodSeconds) $needed) -}}
{{- $wrong = append $wrong (printf "terminationGracePeriodSeconds is %d, but ending may take %d s (preStopSeconds, config.shutdown.drainMs and 5 s): pods would be killed while calls are worked off." (int .Values.terminationGracePeriodSeconds) $needed) -}}
{{- end -}}
{{- $scaling := .Values.worker.autoscaling -}}
{{- $workers := ternary .Values.worker.replicas $scaling.maxReplicas (eq $scaling.kind "none") | int -}}
{{- if gt $workers $partitions -}}
{{- $wrong = append $wrong (printf "config.bus.partitions is %d, fewer than the %d workers there may be: those beyond it would have nothing to do." $partitions $workers) -}}
{{- end -}}
{{- if and (eq $scaling.kind "keda") (not $scaling.keda.prometheus) -}}
{{- $wrong = append $wrong "worker.autoscaling.keda.prometheus is empty: KEDA needs the address of a Prometheus." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not (and .Values.ingress.gatewayHost .Values.ingress.consoleHost .Values.ingress.tlsSecret)) -}}
{{- $wrong = append $wrong "ingress.enabled is true, but one of gatewayHost, consoleHost and tlsSecret is missing." -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (printf "\n  - %s\n" (join "\n  - " $wrong)) -}}
{{- end -}}
{{- end }}
