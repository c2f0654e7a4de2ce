import { callTableOptionsOf, createCallParts } from '../../src/app/analysis.js';
import { resultTopicsOf } from '../../src/app/topics.js';
import type { ResultRecord } from '../../src/bus/index.js';
import { BatchOutbox, type Call, CallTable, oneModel, type RecordContext } from '../../src/calls/index.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { UndertoneError } from '../../src/errors.js';
import { DEFAULT_FRONT_END, fingerprintOf } from '../../src/features/index.js';
import { type Bundle, type Classifier, EMOTIONS } from '../../src/inference/index.js';
import type { AudioChunk, AudioLogRecord, CallStarted } from '../../src/ingest/index.js';
import type { ResultObserver, ResultWriterDeps } from '../../src/sink/index.js';
import { type CollectedEvents, collectEvents } from './collected-events.js';
import { fakeClassifier } from './fake-classifier.js';

const OF_CALL = { callId: 'call-1', tenant: 'acme', feedId: 'feed-1' };

export const START: CallStarted = {
  ...OF_CALL,
  type: 'call.started',
  live: false,
  notice: 'given',
  legs: ['customer'],
  feed: 'test',
};

/** A µ-law chunk of the customer's leg at 8 kHz. */
export function chunkAt(offsetSamples: number, bytes: Uint8Array): AudioChunk {
  const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 } as const;
  return { ...OF_CALL, ...format, type: 'audio.chunk', leg: 'customer', seq: 0, offsetSamples, bytes };
}

export const lost = (offsetMs: number, durationMs: number): AudioLogRecord => ({
  ...OF_CALL,
  type: 'audio.lost',
  leg: 'customer',
  offsetMs,
  durationMs,
});
export const PAUSED: AudioLogRecord = { ...OF_CALL, type: 'call.paused' };
export const resumed = (durationMs: number): AudioLogRecord => ({
  ...OF_CALL,
  type: 'call.resumed',
  durationMs,
});
export const ENDED: AudioLogRecord = { ...OF_CALL, type: 'call.ended', reason: 'completed' };

/** What the path needs to know of a bundle, without a network. */
export const FAKE_BUNDLE = {
  name: 'fake',
  modelId: 'fake@000000000000',
  labels: EMOTIONS,
  frontEnd: DEFAULT_FRONT_END,
  frontEndFingerprint: fingerprintOf(DEFAULT_FRONT_END),
  calibration: { temperature: 1.2 },
  thresholds: { uncertain: 0.3 },
} as unknown as Bundle;

/** A table of calls with everything behind it but the model and the bus. */
export interface CallBench {
  readonly table: CallTable;
  readonly events: CollectedEvents;
  /** Every result of the call, as it would be written. */
  readonly results: ResultRecord[];
  /** Hands one record to the table; offsets count from 0. */
  take(record: AudioLogRecord, context?: Partial<RecordContext>): Call | null;
  /** Resolves once all that was taken is told to {@link events}. */
  settle(): Promise<void>;
}

export function createBench(
  config: Config = configSchema.parse({}),
  classifier: Classifier = fakeClassifier(),
): CallBench {
  const events = collectEvents();
  const outbox = new BatchOutbox();
  const results: ResultRecord[] = [];
  const table = new CallTable(
    oneModel(createCallParts(config, FAKE_BUNDLE, classifier, resultsOf(config, events))),
    callTableOptionsOf(config),
    outbox,
    'audio/0',
  );
  const touched = new Set<Call>();
  let offset = 0;
  return {
    table,
    events,
    results,
    take(record, context = {}) {
      const { call } = table.take(record, { ...NOW, offset: offset++, ...context });
      if (call !== null) touched.add(call);
      return call;
    },
    async settle() {
      await Promise.all([...touched].map((call) => call.settled()));
      const content = outbox.take();
      results.push(...content.results);
      content.announce();
    },
  };
}

export function resultsOf(config: Config, observer: ResultObserver): ResultWriterDeps {
  return { topics: resultTopicsOf(config), model: FAKE_BUNDLE.modelId, nowMs: () => 0, observer };
}

const NOW: RecordContext = { skipDue: false, arrivedAtMs: 0, offset: 0, nowMs: 0 };

/** Plays records into a fresh table and returns all events once the last is told; what is refused is left out. */
export async function play(records: readonly AudioLogRecord[], skipDue = false): Promise<CollectedEvents> {
  const bench = createBench();
  for (const record of records) {
    try {
      bench.take(record, { skipDue });
    } catch (error) {
      if (!(error instanceof UndertoneError)) throw error;
    }
    await bench.settle();
  }
  return bench.events;
}
