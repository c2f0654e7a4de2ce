import { expect, it } from 'vitest';
import { describeWith } from '../support/requirements.js';
import type { Fault } from './faults.js';
import { type ChaosOptions, DEFAULTS } from './options.js';
import { runChaos } from './run.js';

const LIMIT_MS = 300_000;
const SEED = process.env.CHAOS_SEED ?? String(Math.floor(Math.random() * 1e6));

const SHORT: ChaosOptions = {
  ...DEFAULTS,
  seed: SEED,
  seconds: 27,
  calls: 12,
  callSeconds: 16,
  workers: 2,
  partitions: 4,
  redis: true,
  idleTimeoutMs: 20_000,
};

/** Every kind once; who is stopped is away for longer than a session. */
const FAULTS: readonly Fault[] = [
  { atMs: 3_000, kind: 'worker-kill', target: 0, forMs: 0 },
  { atMs: 5_000, kind: 'redis-kill', target: 0, forMs: 2_000 },
  { atMs: 8_000, kind: 'worker-freeze', target: 1, forMs: 9_000 },
  { atMs: 15_000, kind: 'broker-kill', target: 0, forMs: 1_500 },
  { atMs: 26_000, kind: 'worker-term', target: 0, forMs: 0 },
];

/** `npm run chaos` is the long form. */
async function keepsItsPromises(driver: ChaosOptions['driver']): Promise<void> {
  const lines: string[] = [`chaos with ${driver}, CHAOS_SEED=${SEED}`];
  const passed = await runChaos({ ...SHORT, driver }, (line) => lines.push(line), FAULTS);
  console.log(passed ? lines[0] : lines.join('\n'));
  expect(passed).toBe(true);
}

const TITLE = 'writes every result once, whoever dies and whatever is away';

describeWith(['kafka', 'redis'], 'a group of workers on kafkajs', () => {
  it(TITLE, () => keepsItsPromises('kafkajs'), LIMIT_MS);
});

describeWith(['kafka', 'redis', 'rdkafka'], 'a group of workers on node-rdkafka', () => {
  it(TITLE, () => keepsItsPromises('node-rdkafka'), LIMIT_MS);
});
