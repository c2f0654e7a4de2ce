import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kafkaOptionsOf } from '../../src/app/kafka-options.js';
import { type BusRecord, createKafkaBus } from '../../src/bus/index.js';
import { systemClock as clock } from '../../src/clock.js';
import { configSchema } from '../../src/config/index.js';
import { replay } from '../../src/replay/index.js';
import { endedCall } from '../support/api.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';
import { CALL_TREE, pathsOf } from '../support/span-tree.js';
import { TraceReceiver } from '../support/trace-receiver.js';

const CALL = fileURLToPath(new URL('../../demo/lost-parcel.wav', import.meta.url));
const LIMIT_MS = 60_000;

describeWith(['kafka'], 'traces of gateway and worker apart', () => {
  let broker: KafkaBroker;
  let receiver: TraceReceiver;
  const programs: RunningProgram[] = [];
  const settings = (): string[] => [
    'bus.kind=kafka',
    `bus.kafka.brokers=["${broker.bootstrap}"]`,
    'bus.kafka.replicationFactor=1',
    'telemetry.traces.enabled=true',
    'telemetry.traces.share=1',
    `telemetry.traces.endpoint=${receiver.endpoint}`,
  ];
  const start = async (role: string): Promise<RunningProgram> => {
    const program = await startProgram([...settings(), `roles=["${role}"]`]);
    programs.push(program);
    return program;
  };
  /** Everything on a topic. */
  async function recordsOf(topic: 'audio' | 'emotions'): Promise<readonly BusRecord[]> {
    const config = configSchema.parse({
      bus: { kind: 'kafka', kafka: { brokers: [broker.bootstrap], replicationFactor: 1 } },
    });
    const bus = await createKafkaBus({ ...kafkaOptionsOf(config), clock });
    await bus.start();
    const { name } = config.bus.topics[topic];
    const records: BusRecord[] = [];
    for (let partition = 0; partition < bus.partitionCount(name); partition++)
      await bus.scan(name, partition, Number.NEGATIVE_INFINITY, (more) => void records.push(...more));
    await bus.close();
    return records;
  }

  beforeAll(async () => {
    receiver = await new TraceReceiver().start();
    broker = await startBroker();
    const flags = settings().flatMap((setting) => ['--set', setting]);
    expect((await runProgram(['topics', 'apply', ...flags])).code).toBe(0);
  }, 120_000);
  afterAll(async () => {
    for (const { process } of programs) process.kill('SIGKILL');
    receiver?.stop();
    await broker?.stop();
  });

  it('are one, from the feed to the point and beyond', { timeout: 180_000 }, async () => {
    const [gateway, console] = await Promise.all([start('gateway'), start('console')]);
    await start('worker');
    const [result] = await replay({
      files: [CALL],
      feed: 'generic',
      speed: 4,
      url: gateway.url.replace('http', 'ws'),
      legs: ['customer', 'agent'],
    });
    await endedCall(console.url, result!.callId, LIMIT_MS);
    for (const program of programs) expect(await program.stop()).toBe(0);

    const { spans } = receiver;
    const [traceId, ...others] = new Set(spans.map((span) => span.traceId));
    expect(others).toEqual([]);
    expect(pathsOf(spans.filter(({ name }) => name !== 'alert'))).toEqual(CALL_TREE);
    const services = (name: string) => [
      ...new Set(spans.filter((span) => span.name === name).map(({ service }) => service)),
    ];
    expect([services('send'), services('window')]).toEqual([['undertone-gateway'], ['undertone-worker']]);

    const windows = spans.filter(({ name }) => name === 'window');
    const points = (await recordsOf('emotions')).filter(
      ({ headers }) => headers.ce_type === 'undertone.point.v1',
    );
    expect(points.length).toBeGreaterThan(10);
    expect(points.map(({ headers }) => headers.traceparent).sort()).toEqual(
      windows.map(({ spanId }) => `00-${traceId}-${spanId}-01`).sort(),
    );
    for (const { headers } of await recordsOf('audio')) expect(headers.traceparent).toContain(traceId);
  });
});
