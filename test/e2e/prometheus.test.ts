import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DASHBOARDS } from '../../deploy/source/dashboards/dashboards.js';
import { RULES } from '../../deploy/source/rules/rules.js';
import { replay } from '../../src/replay/index.js';
import { ROOT } from '../structure/project-files.js';
import { eventually } from '../support/api.js';
import { asAsked, expressionsOf } from '../support/dashboards.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { type PrometheusServer, startPrometheus } from '../support/prometheus-server.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

const CALL = join(ROOT, 'demo', 'lost-parcel.wav');
const MODEL = `model.bundle=${join(ROOT, 'models', 'vgg16-edge')}`;
const RULE_FILE = join(ROOT, 'deploy', 'prometheus', 'undertone.rules.yaml');
const START_LIMIT_MS = 180_000;
const LIMIT_MS = 90_000;

describeWith(['kafka', 'redis', 'prometheus'], 'a Prometheus beside Undertone under load', () => {
  let broker: KafkaBroker;
  let redis: RedisServer;
  let prometheus: PrometheusServer;
  const programs: RunningProgram[] = [];
  const calls = new AbortController();
  let load: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    [broker, redis] = await Promise.all([startBroker(), startRedis()]);
    const onServers = [
      'bus.kind=kafka',
      `bus.kafka.brokers=["${broker.bootstrap}"]`,
      'bus.kafka.replicationFactor=1',
      'redis.enabled=true',
      `redis.port=${redis.port}`,
      'console.source=redis',
      'model.threads=1',
      MODEL,
    ];
    const flags = onServers.flatMap((setting) => ['--set', setting]);
    expect((await runProgram(['topics', 'apply', ...flags])).code).toBe(0);
    programs.push(await startProgram(onServers), await startProgram(['model.threads=1', MODEL]));
    const targets = programs.map(({ url }) => new URL(url).host);
    prometheus = await startPrometheus({ targets, ruleFile: RULE_FILE });
    load = Promise.all(programs.map(({ url }) => playCalls(url)));
  }, START_LIMIT_MS);

  afterAll(async () => {
    calls.abort();
    await load;
    for (const { process } of programs) process.kill('SIGKILL');
    await Promise.all([prometheus?.stop(), redis?.stop(), broker?.stop()]);
  }, 60_000);

  /** Short calls one after another, much faster than they were spoken. */
  async function playCalls(url: string): Promise<void> {
    while (!calls.signal.aborted) {
      const { signal } = calls;
      const gateway = url.replace('http', 'ws');
      await replay({
        files: [CALL],
        feed: 'generic',
        url: gateway,
        speed: 8,
        legs: ['customer', 'agent'],
        signal,
      });
    }
  }

  /** Expressions that give no number now, by where they stand. */
  async function silent(expressions: readonly (readonly [place: string, expr: string])[]): Promise<string[]> {
    const answers = await Promise.all(
      expressions.map(async ([place, expr]) => {
        const series = await prometheus.query(asAsked(expr));
        return series.some(({ value }) => !Number.isNaN(value)) ? [] : [`${place}: ${expr}`];
      }),
    );
    return answers.flat();
  }

  const allSpeak = async (expressions: readonly (readonly [string, string])[]): Promise<void> => {
    expect(expressions.length).toBeGreaterThan(10);
    await eventually(
      () => silent(expressions),
      (left) => left.length === 0,
      LIMIT_MS,
    );
  };

  it.each(Object.entries(DASHBOARDS))(
    'answers every question of %s',
    async (_, board) => allSpeak(expressionsOf(board).map(({ title, expr }) => [title, expr] as const)),
    LIMIT_MS + 10_000,
  );

  it(
    'records every objective, and understands every rule',
    async () => {
      const records = RULES.groups.flatMap(({ rules }) =>
        rules.flatMap((rule) => ('record' in rule ? rule.record : [])),
      );
      await allSpeak(records.map((record) => [record, record] as const));
      const broken = (await prometheus.rules()).filter(({ health }) => health !== 'ok');
      expect(broken).toEqual([]);
    },
    LIMIT_MS + 10_000,
  );

  it('sees what happens: calls on both buses, every part ready, nothing to alert about', async () => {
    const one = async (expr: string) => (await prometheus.query(expr))[0]!.value;
    expect(await one('sum(undertone_feeds_opened_total)')).toBeGreaterThanOrEqual(2);
    expect(await one('count(undertone_windows_total{outcome="classified"} > 0)')).toBe(2);
    expect(await one('sum(undertone_part_ready)')).toBe(6);
    expect(await prometheus.query('ALERTS{alertname=~"UndertoneNoWorker|UndertoneRedisDown"}')).toEqual([]);
  });
});
