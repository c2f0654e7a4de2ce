import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { replay } from '../../src/replay/index.js';
import type { Point } from '../../src/timeline/index.js';
import { endedCall, eventually, pointsOf } from '../support/api.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';
import { freePorts } from '../support/servers/free-ports.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CALL = fileURLToPath(new URL('../../demo/lost-parcel.wav', import.meta.url));

const onKafka = (bootstrap: string, ...more: string[]): string[] => [
  'bus.kind=kafka',
  `bus.kafka.brokers=["${bootstrap}"]`,
  'bus.kafka.replicationFactor=1',
  ...more,
];
const flags = (settings: readonly string[]) => settings.flatMap((setting) => ['--set', setting]);

/** Starts a worker without waiting for it to be ready. */
async function launch(bootstrap: string) {
  const [port] = await freePorts(1);
  const settings = onKafka(bootstrap, `http.port=${port}`, 'roles=["worker"]');
  const child = spawn(process.execPath, [MAIN, 'start', ...flags(settings)], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return { url: `http://127.0.0.1:${port}`, output: () => output, child };
}

const readiness = async (url: string): Promise<number> =>
  (await fetch(`${url}/health/ready`).catch(() => ({ status: 0 }))).status;

/** Ends a process as an operator does. @returns its exit code */
function ended(child: ChildProcess): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return exit;
}

describeWith(['kafka'], 'Undertone on Kafka', () => {
  let broker: KafkaBroker;
  const programs: RunningProgram[] = [];

  beforeAll(async () => {
    broker = await startBroker();
  }, 120_000);
  afterAll(async () => {
    for (const { process } of programs) process.kill('SIGKILL');
    await broker?.stop();
  });

  const start = async (role: string, ...settings: string[]): Promise<RunningProgram> => {
    const program = await startProgram(onKafka(broker.bootstrap, `roles=["${role}"]`, ...settings));
    programs.push(program);
    return program;
  };

  /** Plays a call into a gateway and gives the points that a console shows of it, but for the wall clock. */
  const pointsThrough = async (gateway: string, console: string): Promise<string[]> => {
    const [result] = await replay({
      files: [CALL],
      feed: 'generic',
      speed: 0,
      url: gateway.replace('http', 'ws'),
      legs: ['customer', 'agent'],
    });
    expect(result!.error).toBeUndefined();
    await endedCall(console, result!.callId, 60_000);
    const { points } = await pointsOf(console, result!.callId);
    return points.map((point: Point) => JSON.stringify({ ...point, callId: '', emittedAt: '' }));
  };

  it('says what is missing before its topics exist, and goes on once they do', async () => {
    const settings = flags(onKafka(broker.bootstrap));
    const { url, output, child } = await launch(broker.bootstrap);
    await eventually(
      async () => output(),
      (said) => said.includes('undertone topics apply'),
      60_000,
    );
    expect(await readiness(url)).toBe(503);
    expect((await runProgram(['topics', 'diff', ...settings])).code).toBe(1);
    expect((await runProgram(['topics', 'apply', ...settings])).code).toBe(0);
    expect((await runProgram(['topics', 'diff', ...settings])).code).toBe(0);
    await eventually(
      () => readiness(url),
      (status) => status === 200,
      60_000,
    );
    expect(await ended(child)).toBe(0);
  }, 180_000);

  it('makes the same points with gateway, worker and console apart as in one process', async () => {
    const [gateway, console] = await Promise.all([start('gateway'), start('console')]);
    await start('worker');
    const apart = await pointsThrough(gateway.url, console.url);
    const alone = await startProgram(['worker.overload.maxDelayMs=60000']);
    programs.push(alone);
    expect(apart.length).toBeGreaterThan(50);
    expect(apart).toEqual(await pointsThrough(alone.url, alone.url));
    for (const program of programs) expect(await program.stop()).toBe(0);
  }, 180_000);
});

describeWith(['kafka'], 'Undertone before its broker', () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await startBroker();
    const settings = flags(onKafka(broker.bootstrap));
    expect((await runProgram(['topics', 'apply', ...settings])).code).toBe(0);
    await broker.kill();
  }, 120_000);
  afterAll(async () => {
    await broker?.stop();
  });

  it('is alive but not ready, says why, and ends at once when told to', async () => {
    const { url, output, child } = await launch(broker.bootstrap);
    await eventually(
      async () => output(),
      (said) => said.includes('UT_KAFKA_UNREACHABLE'),
      60_000,
    );
    expect(await readiness(url)).toBe(503);
    expect(await ended(child)).toBe(0);
  }, 90_000);

  it('is ready once the broker is there', async () => {
    const { url, output } = await launch(broker.bootstrap);
    await eventually(
      async () => output(),
      (said) => said.includes('UT_KAFKA_UNREACHABLE'),
      60_000,
    );
    await broker.start();
    expect(
      await eventually(
        () => readiness(url),
        (status) => status === 200,
        60_000,
      ),
    ).toBe(200);
  }, 150_000);
});
