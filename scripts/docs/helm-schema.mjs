import { z } from 'zod';
import { configSchema } from '../../dist/config/index.js';

/** What the chart says itself: a value for it would be taken back or would contradict. */
const SET_BY_CHART = ['roles', 'demo', 'http.host', 'http.port', 'bus.kind', 'bus.kafka.instanceId'];

const text = { type: 'string', minLength: 1 };
const optionalText = { type: ['string', 'null'] };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 1 };
const map = { type: 'object' };
const list = { type: 'array' };
const percent = { type: 'integer', minimum: 1, maximum: 100 };
const object = (properties) => ({ type: 'object', additionalProperties: false, properties });

/** A secret of the configuration: never the text itself, which would lie in the release and in a ConfigMap. */
const reference = {
  description: 'By reference alone: {file: /run/secrets/undertone/KEY}, a key of the existing secret.',
  type: 'object',
  additionalProperties: false,
  required: ['file'],
  properties: { file: text },
};

/** A JSON Schema of zod as the chart takes it: without defaults, which Undertone fills in, and with references for secrets. */
function forChart(schema) {
  if (Array.isArray(schema)) return schema.map(forChart);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema.secret === true) return reference;
  const { default: _, $schema: __, ...rest } = schema;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, forChart(value)]));
}

/** Takes the property at `a.b.c` out of a schema of objects. */
function takeOut(schema, path) {
  const names = path.split('.');
  const last = names.pop();
  const parent = names.reduce((place, name) => place.properties[name], schema);
  if (parent?.properties?.[last] === undefined) throw new Error(`${path} is no longer a setting`);
  delete parent.properties[last];
}

function configuration() {
  const schema = forChart(z.toJSONSchema(configSchema, { io: 'input' }));
  for (const path of SET_BY_CHART) takeOut(schema, path);
  return schema;
}

const role = (autoscaling) =>
  object({ replicas: count, autoscaling, resources: map, nodeSelector: map, tolerations: list });
const byCpu = object({ enabled: flag, minReplicas: count, maxReplicas: count, cpuPercent: percent });
const ofWorker = object({
  kind: { enum: ['none', 'hpa', 'keda'] },
  minReplicas: count,
  maxReplicas: count,
  cpuPercent: percent,
  keda: object({
    prometheus: { type: 'string' },
    selector: { type: 'string' },
    lagRecords: count,
    busyShare: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  }),
});

/** `values.schema.json` of the Helm chart: helm refuses values that it does not know, before anything is installed. */
export function helmValuesSchema() {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Values of the Undertone chart',
    ...object({
      global: map,
      config: configuration(),
      existingSecret: text,
      image: object({
        repository: text,
        tag: optionalText,
        pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
        pullSecrets: { type: 'array', items: text },
      }),
      gateway: role(byCpu),
      worker: role(ofWorker),
      console: role(byCpu),
      preStopSeconds: { type: 'integer', minimum: 0 },
      terminationGracePeriodSeconds: { type: ['integer', 'null'], minimum: 1 },
      ingress: object({
        enabled: flag,
        className: optionalText,
        annotations: map,
        gatewayHost: optionalText,
        consoleHost: optionalText,
        tlsSecret: optionalText,
      }),
      networkPolicy: object({
        enabled: flag,
        feedsFrom: list,
        consoleFrom: list,
        metricsFrom: list,
        kafkaTo: list,
        redisTo: list,
        tracesTo: list,
        extraEgress: list,
      }),
      topicsJob: object({ enabled: flag, activeDeadlineSeconds: count }),
      serviceMonitor: object({ enabled: flag, interval: text, labels: map }),
      prometheusRule: object({ enabled: flag, labels: map }),
      serviceAccount: object({ name: optionalText, annotations: map }),
    }),
  };
}
