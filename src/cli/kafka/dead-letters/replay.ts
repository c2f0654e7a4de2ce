import type { Bus } from '../../../bus/index.js';
import {
  type DeadLetter,
  deadLetterOf,
  type LetterFilter,
  matches,
  originalHeaders,
  REPLAYED_FROM,
} from './letter.js';

/** Records that are under way to the broker at once. */
const BATCH = 200;

export interface ReplayPlan {
  readonly deadLetters: string;
  /** The topic that dead letters come from. */
  readonly audio: string;
  /** Its tombstones say which calls were erased. */
  readonly calls: string;
  readonly filter: LetterFilter;
  readonly limit: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** What becomes of a letter that matches, and what an operator reads of it. */
export const OUTCOMES = {
  replayed: 'replayed',
  superseded: 'left alone, because a copy was replayed before and failed again: that one stands for it',
  erased: 'left alone, because their call was erased',
  foreign: 'left alone, because they did not come from the audio topic',
  beyondLimit: 'left alone, because of --limit',
} as const;
export type ReplayCounts = Record<keyof typeof OUTCOMES, number>;

/**
 * Sends dead letters to the topic they came from, as they came: each partition's in their order, so that those of a
 * call keep theirs.
 */
export async function replayLetters(bus: Bus, plan: ReplayPlan): Promise<ReplayCounts> {
  const counts: ReplayCounts = { replayed: 0, superseded: 0, erased: 0, foreign: 0, beyondLimit: 0 };
  const erased = await erasedCalls(bus, plan);
  const superseded = await replayedBefore(bus, plan);
  /** What fails again while this runs comes back as a letter of a later partition. */
  const replayed = new Set<string>();
  const outcomeOf = ({ record, source, position, replayedFrom }: DeadLetter): keyof ReplayCounts => {
    if (!source.startsWith(`${plan.audio}/`)) return 'foreign';
    if (erased.has(record.key)) return 'erased';
    if (superseded.has(position) || replayed.has(replayedFrom)) return 'superseded';
    return counts.replayed < plan.limit ? 'replayed' : 'beyondLimit';
  };
  for (let partition = 0; partition < bus.partitionCount(plan.deadLetters); partition++) {
    const chosen: DeadLetter[] = [];
    await scanLetters(bus, plan, partition, (letter) => {
      if (!matches(letter, plan.filter)) return;
      const outcome = outcomeOf(letter);
      counts[outcome]++;
      if (outcome === 'replayed') chosen.push(letter);
    });
    for (const { position } of chosen) replayed.add(position);
    if (!plan.dryRun) await send(bus, plan.audio, chosen);
  }
  return counts;
}

function scanLetters(
  bus: Bus,
  { deadLetters, filter }: ReplayPlan,
  partition: number,
  take: (letter: DeadLetter) => void,
): Promise<void> {
  return bus.scan(deadLetters, partition, filter.sinceMs, (records) => {
    for (const record of records) take(deadLetterOf(record));
  });
}

async function send(bus: Bus, topic: string, letters: readonly DeadLetter[]): Promise<void> {
  for (let from = 0; from < letters.length; from += BATCH) {
    const batch = letters.slice(from, from + BATCH);
    await Promise.all(batch.map((letter) => bus.append(topic, recordOf(letter))));
  }
}

function recordOf(letter: DeadLetter) {
  const { key, value } = letter.record;
  return { key, value, headers: { ...originalHeaders(letter), [REPLAYED_FROM]: letter.position } };
}

/** Positions of letters of which a copy is among the letters. */
async function replayedBefore(bus: Bus, plan: ReplayPlan): Promise<ReadonlySet<string>> {
  const positions = new Set<string>();
  for (let partition = 0; partition < bus.partitionCount(plan.deadLetters); partition++) {
    await scanLetters(bus, plan, partition, ({ replayedFrom }) => positions.add(replayedFrom));
  }
  return positions;
}

/** Calls erased since the oldest letter that may be replayed; a worker that has just started may not know of them. */
async function erasedCalls(bus: Bus, { calls, filter }: ReplayPlan): Promise<ReadonlySet<string>> {
  const erased = new Set<string>();
  for (let partition = 0; partition < bus.partitionCount(calls); partition++) {
    await bus.scan(calls, partition, filter.sinceMs, (records) => {
      for (const { key, value } of records) if (value === null) erased.add(key);
    });
  }
  return erased;
}
