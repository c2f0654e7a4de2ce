import { expect, it } from 'vitest';
import { createCallParts } from '../../src/app/analysis.js';
import { deadLetter } from '../../src/app/dead-letters.js';
import { workerOptionsOf } from '../../src/app/options.js';
import { busTopicsOf } from '../../src/app/topics.js';
import { createMemoryBus } from '../../src/bus/index.js';
import { CallWorker, oneModel } from '../../src/calls/index.js';
import { configSchema } from '../../src/config/index.js';
import { decodeAudioRecord, encodeAudioRecord } from '../../src/ingest/index.js';
import { buzz } from '../support/buzz.js';
import { chunkAt, ENDED, FAKE_BUNDLE, resultsOf, START } from '../support/call-bench.js';
import { collectEvents } from '../support/collected-events.js';
import { fakeClassifier } from '../support/fake-classifier.js';
import { ManualClock } from '../support/manual-clock.js';

const CONFIG = configSchema.parse({ bus: { partitions: 1 }, worker: { idleTimeoutMs: 10_000 } });
const { audio, deadLetters } = CONFIG.bus.topics;

it('does not take a call for silent whose audio stands unread, however long the worker was away', async () => {
  const clock = new ManualClock();
  const bus = createMemoryBus({ topics: busTopicsOf(CONFIG), clock });
  await bus.start();
  const speech = buzz(6);
  const chunks = Array.from({ length: 30 }, (_, n) =>
    chunkAt(n * 1600, speech.subarray(n * 1600, (n + 1) * 1600)),
  );
  const log = [START, ...chunks, ENDED];
  for (const [ordinal, record] of log.entries()) {
    await bus.append(audio.name, encodeAudioRecord(record, { ordinal }));
  }
  const events = collectEvents();
  let taken = 0;
  let done: () => void;
  const allTaken = new Promise<void>((resolve) => {
    done = resolve;
  });
  const nothing = () => undefined;
  const fail = (_: unknown, error: unknown) => {
    throw error;
  };
  const options = {
    ...workerOptionsOf(CONFIG),
    maxBatchRecords: 1,
    maxReadAheadRecords: 1,
    maxDelayMs: null,
  };
  const worker = new CallWorker(options, {
    bus,
    models: oneModel(createCallParts(CONFIG, FAKE_BUNDLE, fakeClassifier(), resultsOf(CONFIG, events))),
    decode: decodeAudioRecord,
    deadLetter: (record, error) => deadLetter(deadLetters.name, record, error),
    clock,
    observer: {
      // Frozen for longer than a silence may last, in the middle of the call: the timers run before the log is read.
      onRecord: () => void (++taken === 10 && clock.advance(60_000)),
      onCommitted: () => void (taken === log.length && done()),
      onBadRecord: fail,
      onFatal: (error) => fail(null, error),
      onProgress: nothing,
      onTakenOver: nothing,
      onAudioMissing: nothing,
      onPartitionLost: fail,
      onReleased: nothing,
      onUnreadableState: nothing,
    },
  });
  // The clock also moves while the batch is worked on.
  const nowMs = clock.nowMs.bind(clock);
  let lateMs = 0;
  clock.nowMs = () => nowMs() + lateMs;
  const read = events.points.push.bind(events.points);
  events.points.push = (...points) => {
    lateMs += 60_000;
    return read(...points);
  };
  await worker.start();
  await allTaken;
  await worker.close();
  await bus.close();
  expect(events.summaries.at(-1)).toMatchObject({ state: 'ended', endReason: 'completed' });
  expect(events.points.length).toBeGreaterThan(5);
});
