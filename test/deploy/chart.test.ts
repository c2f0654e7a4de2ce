import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/index.js';
import { describeWith } from '../support/requirements.js';
import {
  lintFindings,
  type Manifest,
  ofKind,
  refusal,
  render,
  VALUE_SETS,
  workloads,
} from './support/helm.js';
import { schemaFindings } from './support/kubernetes.js';

/** The oldest that the chart takes, and the newest whose schemas are at hand. */
const KUBERNETES_VERSIONS = ['1.27', '1.37'];
/** As the product has it: beyond the drain, src/cli/start/run-service.ts. */
const CLOSE_GRACE_SECONDS = 5;
const RULES = fileURLToPath(new URL('../../deploy/prometheus', import.meta.url));
const SLOW_MS = 120_000;

const podOf = (workload: Manifest) => workload.spec.template.spec;
const containerOf = (workload: Manifest) => podOf(workload).containers[0];
const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found;
};

/** The variables of a pod, with `undertone-worker-0` where Kubernetes puts the pod's name. */
function environmentOf(workload: Manifest): Record<string, string> {
  const variables = containerOf(workload).env as { name: string; value?: string; valueFrom?: unknown }[];
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => [
      name,
      valueFrom === undefined ? value! : 'undertone-worker-0',
    ]),
  );
}

/** What Undertone itself makes of the file that a pod is given; each secret is a file of its own. */
function configurationOf(workload: Manifest, manifests: readonly Manifest[]) {
  const { name } = podOf(workload).volumes[0].configMap;
  const { data } = named(manifests, 'ConfigMap', name);
  const readFile = (path: string): string =>
    path === '/etc/undertone/undertone.yaml' ? data['undertone.yaml'] : `the secret in ${path}`;
  return loadConfig({ environment: environmentOf(workload), readFile }).config;
}

describeWith(['deploy-tools', 'python'], 'the Helm chart', () => {
  const rendered = new Map<string, readonly Manifest[]>();
  beforeAll(() => {
    for (const values of VALUE_SETS) rendered.set(values, render(values));
  }, SLOW_MS);

  it('comes with value sets', () => {
    expect(VALUE_SETS.length).toBeGreaterThanOrEqual(3);
  });

  it.each(VALUE_SETS)('%s: the linter finds nothing', { timeout: SLOW_MS }, (values) => {
    expect(lintFindings(values)).toBe('');
  });

  it.each(KUBERNETES_VERSIONS)(
    'Kubernetes %s takes every manifest of every value set',
    { timeout: SLOW_MS },
    (version) => {
      const manifests = [...rendered.values()].flat();
      expect(manifests.length).toBeGreaterThan(40);
      expect(schemaFindings(manifests, version)).toBe('');
    },
  );

  it('would be found to be wrong', { timeout: SLOW_MS }, () => {
    const wrong = rendered.get('full-values.yaml')!.map((manifest) => {
      if (manifest.kind === 'StatefulSet')
        return { ...manifest, spec: { ...manifest.spec, replicas: 'two' } };
      if (manifest.kind === 'ScaledObject') return { ...manifest, spec: { ...manifest.spec, trigger: [] } };
      return manifest;
    });
    const findings = schemaFindings(wrong, '1.31');
    expect(findings).toContain("'two' is not of type 'integer'");
    expect(findings).toContain('keda.sh/v1alpha1 ScaledObject /spec must NOT have additional properties');
  });

  it.each(VALUE_SETS)('%s: Undertone takes the configuration of every pod', (values) => {
    const manifests = rendered.get(values)!;
    for (const role of ['gateway', 'worker', 'console'] as const) {
      const kind = role === 'worker' ? 'StatefulSet' : 'Deployment';
      const config = configurationOf(named(manifests, kind, `undertone-${role}`), manifests);
      expect(config.roles).toEqual([role]);
      expect(config.bus.kind).toBe('kafka');
      expect(config.http).toMatchObject({ host: '0.0.0.0', port: 8080 });
    }
    for (const job of ofKind(manifests, 'Job'))
      expect(configurationOf(job, manifests).bus.kind).toBe('kafka');
  });

  it.each(VALUE_SETS)('%s: no pod is killed while it drains', (values) => {
    const manifests = rendered.get(values)!;
    for (const workload of ofKind(manifests, 'Deployment', 'StatefulSet')) {
      const { terminationGracePeriodSeconds } = podOf(workload);
      const [, preStop = 0] = containerOf(workload).lifecycle?.preStop.exec.command ?? [];
      const { drainMs } = configurationOf(workload, manifests).shutdown;
      const needed = Number(preStop) + drainMs / 1000 + CLOSE_GRACE_SECONDS;
      expect(terminationGracePeriodSeconds, workload.metadata.name).toBeGreaterThan(needed);
    }
  });

  it.each(VALUE_SETS)('%s: no pod can do more than it has to', (values) => {
    for (const workload of workloads(rendered.get(values)!)) {
      expect(podOf(workload)).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(containerOf(workload)).toMatchObject({
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        resources: { limits: { memory: expect.any(String) } },
      });
    }
  });

  it.each(VALUE_SETS)('%s: selectors find the pods of one role each', (values) => {
    const manifests = rendered.get(values)!;
    const labels = ofKind(manifests, 'Deployment', 'StatefulSet').map(
      (each) => each.spec.template.metadata.labels,
    );
    const selectors = ofKind(manifests, 'Service', 'PodDisruptionBudget', 'NetworkPolicy').map(
      ({ spec }) => (spec.podSelector ?? spec.selector)?.matchLabels ?? spec.selector,
    );
    expect(selectors.length).toBeGreaterThanOrEqual(6);
    for (const selector of selectors) {
      const found = labels.filter((one) =>
        Object.entries(selector).every(([name, value]) => one[name] === value),
      );
      expect(found.length, JSON.stringify(selector)).toBe(1);
    }
  });

  it('gives a worker of the native driver its name, threads for its transactions, and the image that has the driver', () => {
    const manifests = rendered.get('full-values.yaml')!;
    const worker = named(manifests, 'StatefulSet', 'undertone-worker');
    const { instanceId } = configurationOf(worker, manifests).bus.kafka;
    expect(instanceId).toBe('undertone-worker-0');
    expect(environmentOf(worker).UV_THREADPOOL_SIZE).toBe('28');
    expect(containerOf(worker).image).toBe('registry.example.com/undertone:0.1.0-rdkafka');
    const plain = rendered.get('minimal-values.yaml')!;
    expect(containerOf(named(plain, 'StatefulSet', 'undertone-worker')).image).toBe('undertone:0.1.0');
  });

  it('leaves the number of replicas to whoever scales', () => {
    const replicas = (values: string) =>
      ofKind(rendered.get(values)!, 'Deployment', 'StatefulSet').map(({ spec }) => spec.replicas);
    expect(replicas('minimal-values.yaml')).toEqual([2, 2, 2]);
    expect(replicas('full-values.yaml')).toEqual([undefined, undefined, undefined]);
    expect(ofKind(rendered.get('full-values.yaml')!, 'ScaledObject')).toHaveLength(1);
    expect(ofKind(rendered.get('hpa-values.yaml')!, 'HorizontalPodAutoscaler')).toHaveLength(1);
  });

  it('adds workers by unread audio and by the load of the model', () => {
    const [scaled] = ofKind(rendered.get('full-values.yaml')!, 'ScaledObject');
    const selector = '{namespace="calls",service="undertone-worker"}';
    const triggers = scaled!.spec.triggers.map(
      ({ metadata }: { metadata: { query: string; threshold: string } }) => [
        metadata.query,
        Number(metadata.threshold),
      ],
    );
    expect(triggers).toEqual([
      [`sum(undertone_kafka_lag_records${selector})`, 200],
      [`sum(rate(undertone_inference_seconds_sum${selector}[1m]))`, expect.closeTo(2.1)],
    ]);
  });

  it('lets workers out to DNS, the ports of the brokers and Redis, and in to be measured alone', () => {
    const policy = named(rendered.get('full-values.yaml')!, 'NetworkPolicy', 'undertone-worker');
    const ports = policy.spec.egress.map((rule: Manifest) => rule.ports.map((each: Manifest) => each.port));
    expect(ports).toEqual([[53, 53], [9093, 9094], [6379], [4318]]);
    expect(policy.spec.ingress).toHaveLength(1);
    const open = named(rendered.get('hpa-values.yaml')!, 'NetworkPolicy', 'undertone-worker');
    expect(open.spec.egress[2].ports).toEqual([{ port: 6379 }, { port: 26379 }]);
  });

  it('brings the rules that stand in deploy/prometheus', () => {
    const [rule] = ofKind(rendered.get('full-values.yaml')!, 'PrometheusRule');
    const files = readdirSync(RULES).filter((file) => file.endsWith('.rules.yaml'));
    const groups = files.flatMap((file) => parse(readFileSync(join(RULES, file), 'utf8')).groups);
    expect(rule!.spec.groups).toEqual(groups);
  });

  it('makes the topics before anything else', () => {
    const hooks = rendered
      .get('minimal-values.yaml')!
      .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook']);
    expect(hooks.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Job']);
    expect(containerOf(hooks[1]!).args).toEqual(['topics', 'apply']);
    expect(ofKind(rendered.get('hpa-values.yaml')!, 'Job')).toEqual([]);
  });

  it.each([
    ['config.http.behindTlsProxy=false', 'behindTlsProxy is false'],
    ['config.bus.kafka.brokers=[]', 'minItems'],
    ['terminationGracePeriodSeconds=19', 'is 19, but ending may take 20 s'],
    ['config.shutdown={"drainMs":30000}', undefined],
    ['worker.replicas=13', 'fewer than the 13 workers'],
    ['worker.autoscaling.kind="keda"', 'keda.prometheus is empty'],
    ['ingress.enabled=true', 'tlsSecret is missing'],
    ['config.roles=["worker"]', "additional properties 'roles' not allowed"],
    ['config.bus.kafka.instanceId="w"', "additional properties 'instanceId' not allowed"],
    ['config.gatewai={}', "additional properties 'gatewai' not allowed"],
    ['config.gateway.maxStreams="many"', 'got string, want integer'],
    ['config.redis={"password":"plain text"}', 'redis/password'],
    ['config.console.tokens=["a token in plain text"]', 'console/tokens/0'],
    ['worker.autoscaling.kind="cpu"', "must be one of 'none', 'hpa', 'keda'"],
  ])('%s: %s', (setting, complaint) => {
    if (complaint === undefined) expect(() => render('minimal-values.yaml', setting)).not.toThrow();
    else expect(refusal('minimal-values.yaml', setting)).toContain(complaint);
  });

  it('says everything that is missing at once', () => {
    const said = refusal(undefined);
    expect(said).toContain('behindTlsProxy is false');
    expect(said).toContain('brokers is missing');
  });
});
