import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallParts } from '../../src/app/analysis.js';
import { deadLetter } from '../../src/app/dead-letters.js';
import { workerOptionsOf } from '../../src/app/options.js';
import { busTopicsOf } from '../../src/app/topics.js';
import {
  type Bus,
  type BusRecord,
  createMemoryBus,
  type PartitionReader,
  type ResultRecord,
} from '../../src/bus/index.js';
import { CallWorker, type CallWorkerOptions, oneModel } from '../../src/calls/index.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { UndertoneError } from '../../src/errors.js';
import {
  type AudioChunk,
  type AudioLogRecord,
  decodeAudioRecord,
  encodeAudioRecord,
} from '../../src/ingest/index.js';
import { buzz } from '../support/buzz.js';
import {
  chunkAt,
  ENDED,
  FAKE_BUNDLE,
  lost,
  PAUSED,
  resultsOf,
  resumed,
  START,
} from '../support/call-bench.js';
import { collectEvents } from '../support/collected-events.js';
import { fakeClassifier } from '../support/fake-classifier.js';
import { ManualClock } from '../support/manual-clock.js';

const RULES = [
  { kind: 'long-silence', name: 'quiet', severity: 'info', silentMs: 500 },
  {
    kind: 'sustained-emotion',
    name: 'any',
    severity: 'info',
    labels: ['angry'],
    minProbability: 0.15,
    forMs: 3000,
  },
];
const ROOMY = { maxRecordsPerPartition: 100_000, maxBytesPerPartition: 100_000_000 };
const CONFIG: Config = configSchema.parse({
  alerts: { rules: RULES },
  bus: { partitions: 1, topics: { audio: ROOMY, emotions: ROOMY, calls: ROOMY, alerts: ROOMY } },
});
const { audio, emotions, calls, alerts, deadLetters } = CONFIG.bus.topics;
const RESULT_TOPICS = [emotions.name, calls.name, alerts.name, deadLetters.name];

/** What becomes of a worker at one of its commits. */
type Fate = 'lives' | 'dies before it' | 'dies after it';

/** A bus whose commits go as fate has it; a worker that died commits nothing more. */
function fateful(bus: Bus, fates: Iterator<Fate>): Bus {
  return {
    ...bound(bus),
    subscribe: (topic, group, listener) =>
      bus.subscribe(topic, group, {
        onAssigned: (reader) => listener.onAssigned(doomed(reader, fates)),
        onRevoked: (partition) => listener.onRevoked(partition),
      }),
  };
}

function bound(bus: Bus): Bus {
  return {
    start: () => bus.start(),
    close: () => bus.close(),
    partitionCount: (topic) => bus.partitionCount(topic),
    partitionOf: (topic, key) => bus.partitionOf(topic, key),
    append: (topic, record) => bus.append(topic, record),
    subscribe: (topic, group, listener) => bus.subscribe(topic, group, listener),
    follow: (topic, sinceMs, listener) => bus.follow(topic, sinceMs, listener),
    scan: (topic, partition, sinceMs, onRecords) => bus.scan(topic, partition, sinceMs, onRecords),
  };
}

function doomed(reader: PartitionReader, fates: Iterator<Fate>): PartitionReader {
  return {
    topic: reader.topic,
    partition: reader.partition,
    get position() {
      return reader.position;
    },
    endOffset: () => reader.endOffset(),
    read: (maxRecords) => reader.read(maxRecords),
    async commit(nextOffset: number, results?: readonly ResultRecord[]) {
      const fate = fates.next().value ?? 'lives';
      if (fate !== 'dies before it') await reader.commit(nextOffset, results);
      if (fate !== 'lives') throw new UndertoneError('UT_BUS_FENCED', `it ${fate}.`);
    },
    abandon: (error) => reader.abandon(error),
  };
}

/** Records that are appended as the workers come to the end of those before. */
class Arrivals {
  arrived = 0;

  constructor(
    readonly bus: Bus,
    readonly records: readonly AudioLogRecord[],
    readonly portion: number,
  ) {}

  /** @returns false where there is no more to come */
  async next(): Promise<boolean> {
    const from = this.arrived;
    this.arrived = Math.min(from + this.portion, this.records.length);
    for (let at = from; at < this.arrived; at++) {
      await this.bus.append(audio.name, encodeAudioRecord(this.records[at]!, { ordinal: at }));
    }
    return this.arrived > from;
  }
}

/** Plays the records of a partition through workers that die as told; returns every result in the log. */
async function play(
  records: readonly AudioLogRecord[],
  fates: readonly Fate[],
  options: Partial<CallWorkerOptions> = {},
  portion = records.length,
): Promise<BusRecord[]> {
  const clock = new ManualClock();
  const bus = createMemoryBus({ topics: busTopicsOf(CONFIG), clock });
  await bus.start();
  const arrivals = new Arrivals(bus, records, portion);
  await arrivals.next();
  const fatefulBus = fateful(bus, fates.values());
  for (;;) {
    const worker = await runWorker(fatefulBus, clock, options, arrivals);
    await worker.close();
    if (!worker.died) break;
  }
  const results: BusRecord[] = [];
  for (const topic of RESULT_TOPICS) {
    await bus.scan(topic, 0, Number.NEGATIVE_INFINITY, (found) => results.push(...found));
  }
  await bus.close();
  return results;
}

async function runWorker(
  bus: Bus,
  clock: ManualClock,
  options: Partial<CallWorkerOptions>,
  arrivals: Arrivals,
) {
  let died = false;
  let taken = 0;
  let over: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const goOn = async (): Promise<void> => {
    if (taken >= arrivals.arrived && !died && !(await arrivals.next())) over();
  };
  const worker = new CallWorker(
    {
      ...workerOptionsOf(CONFIG),
      takeOver: { calls: calls.name, others: [emotions.name, alerts.name, deadLetters.name] },
      maxDelayMs: null,
      ...options,
    },
    {
      bus: {
        ...bus,
        subscribe: (topic, group, listener) =>
          bus.subscribe(topic, group, {
            onRevoked: (partition) => listener.onRevoked(partition),
            onAssigned: (reader) => {
              taken = reader.position;
              listener.onAssigned(reader);
              void goOn();
            },
          }),
      },
      models: oneModel(
        createCallParts(CONFIG, FAKE_BUNDLE, fakeClassifier(), resultsOf(CONFIG, collectEvents())),
      ),
      decode: decodeAudioRecord,
      deadLetter: (record, error) => deadLetter(deadLetters.name, record, error),
      clock,
      observer: {
        onRecord: () => undefined,
        onBadRecord: () => undefined,
        onProgress: () => undefined,
        onCommitted(_partition, records) {
          taken += records;
          void goOn();
        },
        onTakenOver: () => undefined,
        onReleased: () => undefined,
        onUnreadableState(_partition, _callId, error) {
          throw error;
        },
        onAudioMissing: () => {
          throw new Error('audio is missing');
        },
        onPartitionLost() {
          died = true;
          over();
        },
        onFatal(error) {
          throw error;
        },
      },
    },
  );
  await worker.start();
  await ended;
  return { died, close: () => worker.close() };
}

/** A result without the wall clock and without what differs with the cut into batches. */
function essence({ headers, value }: BusRecord): string {
  const data = value === null ? null : JSON.parse(Buffer.from(value).toString('utf8'), dropClocks);
  return JSON.stringify([headers.ce_source, headers.ce_id, headers.reason, data]);
}

const dropClocks = (name: string, value: unknown) => (name.endsWith('At') ? undefined : value);

/** Live summaries are snapshots whose moments depend on the batches; the last one is not. */
const isSnapshot = ({ value, topic }: BusRecord): boolean =>
  topic === calls.name && value !== null && JSON.parse(Buffer.from(value).toString('utf8')).state === 'live';

const outcome = (results: readonly BusRecord[]): string[] =>
  results
    .filter((result) => !isSnapshot(result))
    .map((r) => essence(r).replace(/summary\/\d+/, 'summary/n'))
    .sort();

function ofCall(callId: string, records: readonly AudioLogRecord[]): AudioLogRecord[] {
  return records.map((record) => ({ ...record, callId, feedId: callId }));
}

const speech = buzz(14);

/** `seconds` in chunks of 100 ms. */
function spoken(seconds: number, from: number): AudioChunk[] {
  return Array.from({ length: seconds * 10 }, (_, n) => {
    const at = from + n * 800;
    return chunkAt(n * 800, speech.subarray(at % 90_000, (at % 90_000) + 800));
  });
}

/** A call with a hole and a pause in it. */
function script(callId: string, seconds: number, from: number): AudioLogRecord[] {
  const chunks = spoken(seconds, from);
  const third = Math.floor(chunks.length / 3);
  return ofCall(callId, [
    START,
    ...chunks.slice(0, third),
    lost(third * 100, 700),
    ...chunks.slice(third + 7, 2 * third),
    PAUSED,
    chunks[0]!,
    resumed(0),
    resumed(1),
    ...chunks.slice(2 * third),
    ENDED,
  ]);
}

/** A call whose feed breaks in a pause and goes on at another gateway, while the first still speaks of it. */
function movedScript(callId: string, seconds: number): AudioLogRecord[] {
  const [first, second] = [`${callId}-at-first`, `${callId}-at-second`];
  const by = (feedId: string, records: readonly AudioLogRecord[]) =>
    records.map((record) => ({ ...record, callId, feedId }));
  const chunks = spoken(seconds, 500);
  const half = Math.floor(chunks.length / 2);
  return [
    ...by(first, [{ ...START, live: true, firstFeed: first }, ...chunks.slice(0, half), PAUSED]),
    ...by(second, [{ ...START, live: true, firstFeed: second }, ...chunks.slice(0, 5)]),
    ...by(first, [chunks[half]!, resumed(5000), ENDED]),
    ...by(second, [...chunks.slice(5), ENDED]),
  ];
}

/** Records of several calls, taking turns as the seed has it. */
function mixed(scripts: readonly (readonly AudioLogRecord[])[], turns: readonly number[]): AudioLogRecord[] {
  const heads = scripts.map(() => 0);
  const log: AudioLogRecord[] = [];
  for (let turn = 0; log.length < scripts.reduce((sum, s) => sum + s.length, 0); turn++) {
    const wanted = turns[turn % turns.length]! % scripts.length;
    const which = scripts.findIndex((s, i) => i >= wanted && heads[i]! < s.length);
    const of = which >= 0 ? which : scripts.findIndex((s, i) => heads[i]! < s.length);
    log.push(scripts[of]![heads[of]!++]!);
  }
  return log;
}

const fate = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fate>('lives') },
  { weight: 1, arbitrary: fc.constant<Fate>('dies before it') },
  { weight: 1, arbitrary: fc.constant<Fate>('dies after it') },
);

describe('a partition whose owners die', () => {
  it('has every result of every call in its log exactly once, byte for byte those of an undisturbed worker', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(5), { minLength: 3, maxLength: 20 }),
        fc.integer({ min: 7, max: 90 }),
        fc.integer({ min: 20, max: 300 }),
        async (fates, turns, maxBatchRecords, portion) => {
          const scripts = [
            script('a', 12, 0),
            script('b', 9, 3000),
            script('a-2', 4, 777),
            movedScript('c', 8),
          ];
          const log = mixed(scripts, turns);
          const undisturbed = await play(log, []);
          const disturbed = await play(log, fates, { maxBatchRecords }, portion);
          expect(outcome(disturbed)).toEqual(outcome(undisturbed));
          const ids = disturbed.map(
            ({ headers }) => `${headers.ce_source} ${headers.ce_id} ${headers['source-position']}`,
          );
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('knows two calls of one id apart', async () => {
    const log = [...script('a', 5, 0), ...script('a', 5, 0)];
    const undisturbed = await play(log, []);
    const fates: Fate[] = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? 'lives' : 'dies after it'));
    expect(outcome(await play(log, fates, { maxBatchRecords: 11 }, 37))).toEqual(outcome(undisturbed));
  });
});
