import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Point } from '../../src/timeline/index.js';
import { endedCall, eventually, pointsOf } from '../support/api.js';
import { buzz } from '../support/buzz.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';

const SPOKEN_MS = 5000;
const CHUNK_MS = 20;
const CHUNK_SAMPLES = 8 * CHUNK_MS;
const SPEECH = buzz(SPOKEN_MS / 1000);
const format = { sampleRate: 8000, channels: 1, encoding: 'mulaw' };

/** A telephone system that speaks in real time: what it says can not run ahead of the clock. */
async function connected(gateway: string, callId: string): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.replace('http', 'ws')}/v1/feeds/generic`);
  socket.on('error', () => undefined);
  await new Promise((resolve, reject) =>
    socket
      .once('message', resolve)
      .once('close', reject)
      .once('open', () => {
        socket.send(JSON.stringify({ event: 'start', callId, ...format, legs: ['customer'] }));
      }),
  );
  return socket;
}

async function speak(socket: WebSocket): Promise<void> {
  const began = performance.now();
  for (let n = 0; n * CHUNK_SAMPLES < SPEECH.length; n++) {
    await sleep(Math.max(0, began + n * CHUNK_MS - performance.now()));
    socket.send(SPEECH.subarray(n * CHUNK_SAMPLES, (n + 1) * CHUNK_SAMPLES));
  }
}

describeWith(['kafka'], 'a live call whose gateway goes away', () => {
  let broker: KafkaBroker;
  let worker: RunningProgram;
  let console: RunningProgram;
  const programs: RunningProgram[] = [];

  const onKafka = () => [
    'bus.kind=kafka',
    `bus.kafka.brokers=["${broker.bootstrap}"]`,
    'bus.kafka.replicationFactor=1',
  ];

  const start = async (role: string): Promise<RunningProgram> => {
    const program = await startProgram([...onKafka(), `roles=["${role}"]`]);
    programs.push(program);
    return program;
  };

  beforeAll(async () => {
    broker = await startBroker();
    const { code } = await runProgram([
      'topics',
      'apply',
      ...onKafka().flatMap((setting) => ['--set', setting]),
    ]);
    expect(code).toBe(0);
    [worker, console] = await Promise.all([start('worker'), start('console')]);
  }, 180_000);
  afterAll(async () => {
    for (const { process } of programs) process.kill('SIGKILL');
    await broker?.stop();
  });

  it.each([
    ['killed', 'SIGKILL'],
    ['told to stop', 'SIGTERM'],
  ] as const)(
    'because it was %s: it goes on behind a hole, with nothing left out',
    async (_, signal) => {
      const callId = `through-${signal}`;
      const first = await start('gateway');
      const broken = await connected(first.url, callId);
      const closed = new Promise((resolve) => broken.once('close', resolve));
      await speak(broken);
      await eventually(
        () => pointsOf(console.url, callId).catch(() => ({ points: [] })),
        ({ points }) => points.length > 3,
        60_000,
      );
      expect(await first.stop(signal)).toBe(signal === 'SIGTERM' ? 0 : null);
      await closed;

      const second = await start('gateway');
      const again = await connected(second.url, callId);
      await speak(again);
      again.send(JSON.stringify({ event: 'stop' }));
      const { endReason, legs, durationMs } = await endedCall(console.url, callId, 60_000);

      expect(endReason).toBe('completed');
      const { mediaMs, lostMs } = legs.customer!;
      expect(durationMs).toBe(mediaMs);
      expect(lostMs).toBeGreaterThan(0);
      // What the first one had not written yet is heard by nobody: a record of 128 ms and what waits to be sent.
      expect(mediaMs - lostMs).toBeGreaterThan(2 * SPOKEN_MS - (signal === 'SIGTERM' ? 64 : 1000));
      const { points } = await pointsOf(console.url, callId);
      const windows = points.map(({ windowIndex }: Point) => windowIndex);
      const jumps = windows.filter((window, i) => i > 0 && window !== windows[i - 1]! + 1);
      expect(jumps).toHaveLength(1);
      expect(windows.filter((window) => window >= jumps[0]!).length).toBeGreaterThan(3);
      const metrics = await (await fetch(`${worker.url}/metrics`)).text();
      expect(metrics).not.toMatch(/^undertone_dead_letters_total\{.*\} [1-9]/m);
      expect(await second.stop()).toBe(0);
    },
    120_000,
  );
});
