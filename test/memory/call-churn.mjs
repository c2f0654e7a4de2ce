// Child of memory.test.ts: runs with --expose-gc on the built program and prints one JSON line.
import { createCallParts } from '../../dist/app/analysis.js';
import { deadLetter } from '../../dist/app/dead-letters.js';
import { workerOptionsOf } from '../../dist/app/options.js';
import { busTopicsOf, resultTopicsOf } from '../../dist/app/topics.js';
import { encodeG711 } from '../../dist/audio/index.js';
import { createMemoryBus } from '../../dist/bus/index.js';
import { CallWorker, oneModel } from '../../dist/calls/index.js';
import { systemClock } from '../../dist/clock.js';
import { configSchema } from '../../dist/config/index.js';
import { createOnnxClassifier, loadBundle } from '../../dist/inference/index.js';
import { decodeAudioRecord, encodeAudioRecord } from '../../dist/ingest/index.js';

const [bundleDir, calls] = process.argv.slice(2);
const bundle = await loadBundle(bundleDir);
const classifier = createOnnxClassifier({ bundle, threads: 1 });
await classifier.start();
const short = { maxRecordsPerPartition: 50 };
const config = configSchema.parse({ bus: { topics: { audio: short, emotions: short, calls: short } } });
const bus = createMemoryBus({ topics: busTopicsOf(config), clock: systemClock });
await bus.start();
let points = 0;
let ended = 0;
const nothing = () => {};
const observer = {
  point: () => points++,
  hole: nothing,
  alert: nothing,
  erased: nothing,
  summary: (s) => (ended += s.state === 'ended' ? 1 : 0),
};
const results = {
  topics: resultTopicsOf(config),
  model: bundle.modelId,
  nowMs: () => Date.now(),
  observer,
};
const fail = (error) => {
  console.error(error);
  process.exit(1);
};
const worker = new CallWorker(workerOptionsOf(config), {
  bus,
  models: oneModel(createCallParts(config, bundle, classifier, results)),
  decode: decodeAudioRecord,
  deadLetter: (record, error) => deadLetter(config.bus.topics.deadLetters.name, record, error),
  clock: systemClock,
  observer: {
    onRecord: nothing,
    onProgress: nothing,
    onCommitted: nothing,
    onReleased: nothing,
    onBadRecord: (_, error) => fail(error),
    onFatal: fail,
  },
});
await worker.start();

const speech = encodeG711(
  'mulaw',
  Float32Array.from({ length: 24_000 }, (_, n) => 0.3 * Math.sin(0.1 * n) * Math.sin(0.004 * n)),
);
let ordinal = 0;
const append = (record) =>
  bus.append(config.bus.topics.audio.name, encodeAudioRecord(record, { ordinal: ordinal++ }));

async function oneCall(callId) {
  const of = { callId, tenant: 'memory', feedId: callId };
  await append({
    ...of,
    type: 'call.started',
    live: false,
    notice: 'given',
    legs: ['customer'],
    feed: 'test',
  });
  for (let at = 0, seq = 0; at < speech.length; at += 800, seq++) {
    const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 };
    const bytes = speech.subarray(at, at + 800);
    await append({ ...of, ...format, type: 'audio.chunk', leg: 'customer', seq, offsetSamples: at, bytes });
  }
  await append({ ...of, type: 'call.ended', reason: 'completed' });
}

/** Bytes in use once everything that can be collected is gone. */
async function settle() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rssBytes: rss, heldBytes: heapUsed + arrayBuffers };
}

const samples = [];
for (let i = 1; i <= Number(calls); i++) {
  await oneCall(`call-${i}`);
  if (i % (Number(calls) / 5) === 0) samples.push({ calls: i, ...(await settle()) });
}
await worker.close();
await bus.close();
await classifier.close();
console.log(JSON.stringify({ samples, points, ended }));
