import { Random } from '../../src/training/random.js';
import type { Voice } from './voice.js';

/** A piece of a call, on the customer's leg. `lost` says so in a record, `jump` just goes on later. */
export interface Passage {
  readonly kind:
    | 'speech'
    | 'quiet'
    | 'lost'
    | 'jump'
    | 'pause'
    | 'frozen-pause'
    | 'repeat'
    | 'new-feed'
    | 'poison';
  readonly ms: number;
}

/** One call, before it is written out. */
export interface CallPlan {
  readonly callId: string;
  readonly seed: string;
  readonly voice: Voice;
  readonly chunkMs: number;
  readonly agent: boolean;
  /** Since the feed began. */
  readonly startsAtMs: number;
  readonly speed: number;
  readonly passages: readonly Passage[];
  /** How it ends: by a record, by nobody saying more, or by erasure half-way. */
  readonly end: 'completed' | 'idle' | 'erased';
  /** A chunk comes after the end. */
  readonly late: boolean;
}

export interface PlanOptions {
  readonly seed: string;
  readonly calls: number;
  readonly callSeconds: number;
  readonly speed: number;
  /** All audio has been sent by then. */
  readonly seconds: number;
  readonly idleTimeoutMs: number;
}

/** Nobody tells the end of such a share of the calls; such a share is erased. */
const IDLE_SHARE = 0.06;
const ERASED_SHARE = 0.04;
/** Such a share of the calls has nothing but sound in it: their points come without a break. */
const SMOOTH_SHARE = 0.4;
const AGAIN_SHARE = 0.05;

/** All calls of a run, in the order in which they begin. */
export function planCalls(options: PlanOptions, voices: readonly Voice[]): readonly CallPlan[] {
  const plans = Array.from({ length: options.calls }, (_, n) => planCall(n, options, voices));
  return plans.flatMap((plan) => [plan, ...again(plan, options)]).sort((a, b) => a.startsAtMs - b.startsAtMs);
}

function planCall(n: number, options: PlanOptions, voices: readonly Voice[]): CallPlan {
  const seed = `${options.seed}/call/${n}`;
  const random = new Random(seed);
  const seconds = options.callSeconds * random.between(0.6, 1.4);
  const smooth = random.chance(SMOOTH_SHARE);
  const passages = smooth ? smoothPassages(seconds) : roughPassages(random, seconds);
  const wallMs = lengthMs(passages) / options.speed;
  const lastStartMs = Math.max(0, 1000 * options.seconds - wallMs);
  const end = endOf(n, options.calls);
  return {
    callId: `call-${n}`,
    seed,
    voice: voices[n % voices.length]!,
    chunkMs: random.pick([20, 20, 40, 60, 100]),
    agent: random.chance(0.4),
    // Calls that nobody ends come first: their time to fall silent is then part of the run.
    startsAtMs: (end === 'idle' ? 0.2 : 1) * lastStartMs * random.next(),
    speed: options.speed,
    passages,
    end,
    late: end === 'completed' && random.chance(0.2),
  };
}

function endOf(n: number, calls: number): CallPlan['end'] {
  const idle = Math.ceil(calls * IDLE_SHARE);
  const erased = Math.ceil(calls * ERASED_SHARE);
  if (n < idle) return 'idle';
  return n < idle + erased ? 'erased' : 'completed';
}

/** Sometimes a second call has the id of one that is over. */
function again(plan: CallPlan, { seconds }: PlanOptions): readonly CallPlan[] {
  const random = new Random(`${plan.seed}/again`);
  const startsAtMs = plan.startsAtMs + lengthMs(plan.passages) / plan.speed + 2000;
  const passages = smoothPassages(Math.min(15, (seconds * 1000 - startsAtMs) / 1000 / plan.speed));
  if (plan.end !== 'completed' || lengthMs(passages) < 5000 || !random.chance(AGAIN_SHARE)) return [];
  return [{ ...plan, seed: `${plan.seed}/again`, startsAtMs, passages, late: false }];
}

function smoothPassages(seconds: number): Passage[] {
  return [{ kind: 'speech', ms: wholeChunks(1000 * seconds) }];
}

function roughPassages(random: Random, seconds: number): Passage[] {
  const passages: Passage[] = [];
  const between = ['quiet', 'lost', 'jump', 'pause', 'frozen-pause', 'repeat', 'new-feed', 'poison'] as const;
  for (let left = 1000 * seconds; left > 0; left -= 1000) {
    const ms = wholeChunks(random.between(1500, 12_000));
    passages.push({ kind: 'speech', ms });
    left -= ms;
    passages.push({ kind: random.pick(between), ms: wholeChunks(random.between(600, 5000)) });
  }
  return passages;
}

/** All lengths of chunks divide it. */
function wholeChunks(ms: number): number {
  return Math.max(0, Math.floor(ms / 600) * 600);
}

const TAKES_NO_TIME: readonly Passage['kind'][] = ['repeat', 'new-feed', 'poison'];

export function takesTime({ kind }: Passage): boolean {
  return !TAKES_NO_TIME.includes(kind);
}

function lengthMs(passages: readonly Passage[]): number {
  return passages.filter(takesTime).reduce((sum, { ms }) => sum + ms, 0);
}

/** Speech from end to end, so that a silence in its points has one cause only. */
export function isSmooth({ passages, end }: CallPlan): boolean {
  return end === 'completed' && passages.every(({ kind }) => kind === 'speech');
}
