import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/index.js';
import { describeWith } from '../support/requirements.js';
import {
  complaintWithoutVariables,
  fileOf,
  loadProject,
  type Project,
  SECRETS,
  type Service,
} from './support/compose.js';

const CLOSE_GRACE_SECONDS = 5;
/** Services that end by themselves. */
const ONE_SHOT = ['topics', 'demo'];

function configurationOf({ environment }: Service) {
  const readFile = (path: string): string => {
    if (path !== '/etc/undertone/undertone.yaml') throw new Error(`no file ${path}`);
    return readFileSync(fileOf('undertone.yaml'), 'utf8');
  };
  return loadConfig({ environment: environment!, readFile }).config;
}

describeWith(['deploy-tools'], 'the Compose file', () => {
  let services: Project['services'];
  let undertone: readonly (readonly [string, Service])[];

  beforeAll(() => {
    services = loadProject().services;
    undertone = Object.entries(services).filter(([, { image }]) => image.startsWith('undertone:'));
  });

  it('is what the specification says, and has every part', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['console', 'demo', 'gateway', 'grafana', 'kafka', 'prometheus', 'redis', 'topics', 'worker'].sort(),
    );
  });

  it('refuses to start without its secrets, and says where to read', () => {
    const complaint = complaintWithoutVariables();
    for (const name of Object.keys(SECRETS)) expect(complaint).toContain(`${name} is missing a value`);
    expect(complaint).toContain('docs/install.md');
  });

  it('shows ports to this machine alone', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.length).toBe(4);
    expect(published.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  });

  it('bounds the memory of every service and looks after each that goes on', () => {
    for (const [name, service] of Object.entries(services)) {
      expect(service.mem_limit, name).toMatch(/^\d+[mg]$/);
      const hasOwnCheck = name in Object.fromEntries(undertone) && !ONE_SHOT.includes(name);
      if (!ONE_SHOT.includes(name)) expect(hasOwnCheck || service.healthcheck?.test, name).toBeTruthy();
    }
  });

  it('gives Undertone nothing to write to and no rights', () => {
    expect(undertone.map(([name]) => name).sort()).toEqual([
      'console',
      'demo',
      'gateway',
      'topics',
      'worker',
    ]);
    for (const [, service] of undertone)
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('lets Undertone take the configuration of every role, and drain', () => {
    for (const role of ['gateway', 'worker', 'console']) {
      const service = services[role]!;
      const { roles, bus, shutdown } = configurationOf(service);
      expect(roles).toEqual([role]);
      expect(bus.kafka.brokers).toEqual(['kafka:9092']);
      const seconds = Number(/^(\d+)s$/.exec(service.stop_grace_period!)![1]);
      expect(seconds).toBeGreaterThan(shutdown.drainMs / 1000 + CLOSE_GRACE_SECONDS);
    }
    expect(configurationOf(services.topics!).bus.kafka.replicationFactor).toBe(1);
  });

  it('waits for the topics before anything of Undertone starts', () => {
    for (const role of ['gateway', 'worker', 'console'])
      expect(services[role]!.depends_on).toMatchObject({
        topics: { condition: 'service_completed_successfully' },
      });
  });

  it('mounts what is there', () => {
    const binds = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter(({ type }) => type === 'bind'),
    );
    expect(binds.length).toBeGreaterThan(5);
    expect(binds.filter(({ source }) => !existsSync(source))).toEqual([]);
  });

  it('lets Prometheus measure each role, and Grafana ask Prometheus', () => {
    const scraped = parse(readFileSync(fileOf('prometheus.yaml'), 'utf8')).scrape_configs;
    const names = scraped.flatMap(
      (job: { dns_sd_configs: { names: string[] }[] }) => job.dns_sd_configs[0]!.names,
    );
    expect(names).toEqual(['gateway', 'worker', 'console']);
    const { datasources } = parse(readFileSync(fileOf('grafana/datasources/prometheus.yaml'), 'utf8'));
    expect(datasources[0].url).toBe('http://prometheus:9090');
    const { providers } = parse(readFileSync(fileOf('grafana/dashboards/undertone.yaml'), 'utf8'));
    const mounted = services.grafana!.volumes!.map(({ target }) => target);
    expect(mounted).toContain(providers[0].options.path);
  });
});
