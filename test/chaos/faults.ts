import { Random } from '../../src/training/random.js';

export type FaultKind = 'worker-kill' | 'worker-term' | 'worker-freeze' | 'broker-kill' | 'redis-kill';

export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  /** Which worker or broker. */
  readonly target: number;
  /** How long it is away; kills of workers are mended by their supervisor. */
  readonly forMs: number;
}

export interface FaultOptions {
  readonly seed: string;
  readonly seconds: number;
  readonly workers: number;
  readonly brokers: number;
  readonly redis: boolean;
  readonly freezeSeconds: number;
}

const FIRST_AT_MS = 5000;
const WORKER_KINDS = ['worker-kill', 'worker-term', 'worker-freeze'] as const;

/** The faults of a run, in order: one worker after another, and the servers in between. */
export function planFaults(options: FaultOptions): readonly Fault[] {
  const servers = serverFaults(options, 'broker-kill', options.brokers, [35, 55]);
  const redis = options.redis ? serverFaults(options, 'redis-kill', 1, [25, 45]) : [];
  return [...workerFaults(options), ...servers, ...redis].sort((a, b) => a.atMs - b.atMs);
}

function workerFaults({ seed, seconds, workers, freezeSeconds }: FaultOptions): Fault[] {
  const random = new Random(`${seed}/faults/workers`);
  const faults: Fault[] = [];
  let bag: FaultKind[] = [];
  let atMs = FIRST_AT_MS;
  for (let n = 0; atMs < 1000 * seconds; n++) {
    if (bag.length === 0) bag = random.shuffle(WORKER_KINDS);
    const kind = bag.pop()!;
    const forMs = kind === 'worker-freeze' ? 1000 * freezeSeconds : 0;
    faults.push({ atMs, kind, target: n % workers, forMs });
    atMs += random.between(6000, 14_000);
  }
  return faults;
}

function serverFaults(
  { seed, seconds }: FaultOptions,
  kind: FaultKind,
  targets: number,
  everySeconds: readonly [number, number],
): Fault[] {
  const random = new Random(`${seed}/faults/${kind}`);
  const faults: Fault[] = [];
  let atMs = 1000 * Math.min(random.between(15, 30), seconds / 2);
  while (atMs < 1000 * seconds) {
    const target = random.integer(0, targets - 1);
    faults.push({ atMs, kind, target, forMs: random.between(500, 6000) });
    atMs += 1000 * random.between(...everySeconds);
  }
  return faults;
}
