import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel, type ModelDeps } from '../../src/app/models/load-model.js';
import { resultTopicsOf } from '../../src/app/topics.js';
import { BatchOutbox } from '../../src/calls/index.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { DEFAULT_FRONT_END } from '../../src/features/index.js';
import { createEventLog, createLogger } from '../../src/telemetry/index.js';
import { writeTestBundle } from '../support/bundle.js';
import { START } from '../support/call-bench.js';
import { collectEvents, timeless } from '../support/collected-events.js';
import { noise } from '../support/noise.js';

const BELOW_NORMAL = 10;
const WINDOWS = 12;
/** Threads start slowly where a machine has more to do. */
const LONG_MS = 120_000;

/** Nice values of the threads of this process. */
async function niceValues(): Promise<number[]> {
  const stats = (await readdir('/proc/self/task')).map((id) =>
    readFile(`/proc/self/task/${id}/stat`, 'utf8').catch(() => ''),
  );
  // The name in brackets may hold spaces; the nice value is the 17th field after it.
  return (await Promise.all(stats)).map((stat) =>
    Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]),
  );
}

describe('a model on trial', { timeout: LONG_MS }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-shadow-'));
    await writeTestBundle(join(folder, 'a'), 1);
    await writeTestBundle(join(folder, 'b'), 2);
    await writeTestBundle(join(folder, 'other'), 1, { ...DEFAULT_FRONT_END, topDb: 70 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const configOf = (shadow: object): Config =>
    configSchema.parse({ model: { bundle: join(folder, 'a'), threads: 1, shadow } });

  /** Loads what a section has, and has it hear the windows of one call. */
  async function hear(shadow: object, whileRunning: () => Promise<void> = async () => {}) {
    const config = configOf(shadow);
    const events = collectEvents();
    const seen: string[] = [];
    const nothing = () => undefined;
    const silent = { onInference: nothing, onWorkerRestart: nothing, onThreadGivenUp: nothing };
    const deps: ModelDeps = {
      config,
      maxWaiting: 100,
      results: { topics: resultTopicsOf(config), nowMs: () => 0, observer: events },
      metrics: silent,
      traces: undefined,
      shadow: {
        ...silent,
        onCompared: ({ agree }) => seen.push(agree ? 'agree' : 'differ'),
        onMissed: (outcome) => seen.push(outcome),
      },
      events: createEventLog(createLogger({ level: 'silent' })),
    };
    const model = await loadModel(config.model, deps);
    await model.start();
    const outbox = new BatchOutbox();
    const analysis = model.parts.createAnalysis(START, 'audio/0/0', outbox);
    for (let windowIndex = 0; windowIndex < WINDOWS; windowIndex++) {
      const times = { startMs: windowIndex, endMs: windowIndex + 1, arrivedAtMs: 0, release: nothing };
      const heard = { loudnessDbfs: -20, voicedShare: 1, partial: false };
      const input = noise(model.parts.createWindows().windowLength, windowIndex);
      analysis.window('customer', { windowIndex, ...times, ...heard, input });
      await analysis.settled();
    }
    outbox.take().announce();
    await whileRunning();
    await model.close();
    return { points: events.points.map(timeless), seen };
  }

  it('hears the windows of calls in its share, and changes nothing of what is said of them', async () => {
    const alone = await hear({});
    const beside = await hear({ bundle: join(folder, 'b'), share: 1, maxQueuedWindows: WINDOWS });
    expect(beside.points).toEqual(alone.points);
    expect([alone.seen.length, beside.seen.length]).toEqual([0, WINDOWS]);
    expect(new Set([...beside.seen, 'agree', 'differ'])).toEqual(new Set(['agree', 'differ']));
    const outside = await hear({ bundle: join(folder, 'b'), share: 0 });
    expect(outside.seen).toEqual([]);
  });

  it('agrees with itself', async () => {
    const { seen } = await hear({ bundle: join(folder, 'a'), share: 1, maxQueuedWindows: WINDOWS });
    expect(seen).toEqual(Array.from({ length: WINDOWS }, () => 'agree'));
  });

  it.runIf(process.platform === 'linux')('gives way to others, in one thread', async () => {
    const givingWay = async () => (await niceValues()).filter((nice) => nice === BELOW_NORMAL).length;
    const counts: number[] = [];
    const count = async () => {
      counts.push(await givingWay());
    };
    await hear({ bundle: join(folder, 'b'), share: 1 }, count);
    await hear({}, count);
    expect(counts[0]! - counts[1]!).toBeGreaterThan(0);
  });

  it('is refused where its front end is another', async () => {
    await expect(hear({ bundle: join(folder, 'other'), share: 1 })).rejects.toThrow(
      'UT_INFERENCE_SHADOW_FRONT_END',
    );
  });
});
