import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallPlan } from './call-plan.js';
import { Feeder } from './feeder.js';
import { type Gap, gapsOf, longestPerCall } from './gaps.js';
import { Journal } from './journal.js';
import { createWorker, type OwnWays } from './launch.js';
import { type ChaosOptions, DEFAULTS } from './options.js';
import { readResults } from './results.js';
import { setStage, troupe } from './stage.js';
import { makeVoices } from './voice.js';
import type { WorkerProcess } from './worker-process.js';

/** How long calls waited for their next point, over all calls, in media that runs as fast as time. */
export interface Wait {
  readonly calls: number;
  readonly medianMs: number;
  readonly worstMs: number;
}

export interface TakeoverFigures {
  readonly driver: ChaosOptions['driver'];
  readonly sessionTimeoutMs: number;
  /** From kill -9 to the next point, for the calls of the worker that died. */
  readonly kills: readonly Wait[];
  /** Longest time between two points while each worker in turn was stopped (SIGTERM) and started again. */
  readonly rollingRestart: Wait;
  /** The same while nothing happened. */
  readonly undisturbed: Wait;
}

type Acts = (workers: readonly WorkerProcess[], note: (what: string) => void) => Promise<void>;

const CALLS = 36;
const WORKERS = 3;
const SETTLE_MS = 8000;
/** Points come every 512 ms of media: who waits for longer than two of them has waited for a new owner. */
const MOVED_MS = 1100;

/** 36 live calls on 12 partitions and three workers, without the model's own time. */
export async function measureTakeover(
  driver: ChaosOptions['driver'],
  print: (line: string) => void,
): Promise<TakeoverFigures> {
  const options: ChaosOptions = {
    ...DEFAULTS,
    driver,
    workers: WORKERS,
    engine: 'drop',
    seed: 'takeover',
    speed: 1,
  };
  const killed = await observe(options, 70, killEach(options.sessionTimeoutMs), print, () => ({
    restartMs: 2 * options.sessionTimeoutMs,
  }));
  const rolled = await observe(options, 60, rollingRestart, print, (name) => ({
    restartMs: 0,
    settings: driver === 'node-rdkafka' ? [`bus.kafka.instanceId=${name}`] : [],
  }));
  const { fromAt, toAt } = rolled.times[0]!;
  return {
    driver,
    sessionTimeoutMs: options.sessionTimeoutMs,
    kills: killed.times.map(({ fromAt: killedAt }) => afterKill(killed.gaps, killedAt)),
    rollingRestart: waitOf(longestPerCall(rolled.gaps, fromAt, toAt)),
    undisturbed: waitOf(longestPerCall(rolled.gaps, fromAt - SETTLE_MS / 2, fromAt - 1000)),
  };
}

/** One after another; each comes back when the others have long taken over. */
function killEach(sessionTimeoutMs: number): Acts {
  return async (workers, note) => {
    for (const worker of workers) {
      note('begin');
      await worker.kill();
      await sleep(2.5 * sessionTimeoutMs);
      await worker.ready();
      note('end');
      await sleep(SETTLE_MS / 4);
    }
  };
}

const rollingRestart: Acts = async (workers, note) => {
  note('begin');
  for (const worker of workers) {
    await worker.terminate();
    await sleep(100);
    await worker.ready();
    await sleep(SETTLE_MS / 2);
  }
  note('end');
};

/** Lets calls run on a fresh broker while something is done to the workers. */
async function observe(
  options: ChaosOptions,
  seconds: number,
  acts: Acts,
  print: (line: string) => void,
  waysOf: (name: string) => OwnWays,
): Promise<{ gaps: readonly Gap[]; times: readonly { fromAt: number; toAt: number }[] }> {
  const journal = new Journal(join(options.runsFolder, `takeover-${options.driver}-${Date.now()}`), print);
  const group = troupe('takeover');
  const stage = await setStage(options, [group]);
  try {
    const names = Array.from({ length: options.workers }, (_, n) => `worker-${n}`);
    const workers = names.map((name) => createWorker(options, stage, group, name, journal, waysOf(name)));
    for (const worker of workers) worker.start();
    await Promise.all(workers.map((worker) => worker.ready()));
    const { bootstrap } = stage.cluster;
    const feeder = new Feeder({ ...options, bootstrap, topic: group.topics.audio }, journal);
    const plans = steadyCalls(seconds);
    const feeding = feeder.feed(plans);
    await sleep(SETTLE_MS);
    const notes: number[] = [];
    await acts(workers, (what) => notes.push(journal.note(what).at));
    await feeding;
    await Promise.all(workers.map((worker) => worker.retire()));
    const complaints = workers.flatMap((worker) => worker.complaints);
    if (complaints.length > 0) throw new Error(complaints.join('; '));
    const results = await readResults(stage.cluster.admin, group);
    const gaps = gapsOf(
      results.filter(({ kind }) => kind === 'point'),
      plans,
    );
    return { gaps, times: pairs(notes) };
  } finally {
    await stage.close();
  }
}

function steadyCalls(seconds: number): readonly CallPlan[] {
  const [voice] = makeVoices('takeover');
  return Array.from({ length: CALLS }, (_, n) => ({
    callId: `steady-${n}`,
    seed: `takeover/${n}`,
    voice: voice!,
    chunkMs: 20,
    agent: false,
    startsAtMs: 37 * n,
    speed: 1,
    passages: [{ kind: 'speech', ms: 1000 * seconds }],
    end: 'completed',
    late: false,
  }));
}

function pairs(notes: readonly number[]): { fromAt: number; toAt: number }[] {
  return Array.from({ length: notes.length / 2 }, (_, n) => ({
    fromAt: notes[2 * n]!,
    toAt: notes[2 * n + 1]!,
  }));
}

function afterKill(gaps: readonly Gap[], killedAt: number): Wait {
  const struck = gaps.filter(({ fromAt, toAt }) => fromAt <= killedAt && toAt > killedAt);
  const waits = struck.map(({ toAt }) => toAt - killedAt).filter((waitMs) => waitMs > MOVED_MS);
  return waitOf(waits.sort((a, b) => a - b));
}

function waitOf(sorted: readonly number[]): Wait {
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { calls: sorted.length, medianMs, worstMs: sorted.at(-1) ?? 0 };
}
