import { createCallParts, legOptionsOf } from '../../src/app/analysis.js';
import { resultTopicsOf } from '../../src/app/topics.js';
import type { Bus } from '../../src/bus/index.js';
import { CallTable } from '../../src/calls/index.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { DEFAULT_FRONT_END, fingerprintOf } from '../../src/features/index.js';
import { type Bundle, type Classifier, EMOTIONS } from '../../src/inference/index.js';
import type { AudioChunk, AudioLogRecord, CallStarted } from '../../src/ingest/index.js';
import { ResultWriter } from '../../src/sink/index.js';
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

const SWALLOWING_BUS = { append: async () => ({ partition: 0, offset: 0 }) } as unknown as Bus;

/** A table of calls with everything behind it but the model and, unless given, the bus. */
export function createTable(
  config: Config = configSchema.parse({}),
  events: CollectedEvents = collectEvents(),
  bus: Bus = SWALLOWING_BUS,
  classifier: Classifier = fakeClassifier(),
): { table: CallTable; events: CollectedEvents } {
  const results = {
    bus,
    topics: resultTopicsOf(config),
    model: FAKE_BUNDLE.modelId,
    nowMs: () => 0,
    observer: events,
  };
  const parts = createCallParts(config, FAKE_BUNDLE, classifier, (call) => new ResultWriter(call, results));
  return { table: new CallTable(parts, legOptionsOf(config)), events };
}

/** Plays records into a fresh table and returns all events once the last is written. */
export async function play(records: readonly AudioLogRecord[], skipDue = false): Promise<CollectedEvents> {
  const { table, events } = createTable();
  for (const record of records) {
    const { call } = table.take(record, { skipDue, arrivedAtMs: 0 });
    await call.settled();
  }
  return events;
}
