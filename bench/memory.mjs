import { callTableOptionsOf, createCallParts } from '../dist/app/analysis.js';
import { resultTopicsOf } from '../dist/app/topics.js';
import { encodeG711 } from '../dist/audio/index.js';
import { BatchOutbox, CallTable, oneModel } from '../dist/calls/index.js';
import { configSchema } from '../dist/config/index.js';
import { benchSpeech } from './signal.mjs';

const LEGS = 1000;

/** Memory that one leg holds once it runs, beyond the shared model. Needs `--expose-gc`. */
export async function benchMemory(bundle) {
  const config = configSchema.parse({});
  const classifier = {
    classify: async () => Float32Array.from(bundle.labels, () => 1 / bundle.labels.length),
  };
  const outbox = new BatchOutbox();
  const results = { topics: resultTopicsOf(config), model: bundle.modelId, nowMs: () => 0, observer: {} };
  const parts = createCallParts(config, bundle, classifier, results);
  const table = new CallTable(oneModel(parts), callTableOptionsOf(config), outbox, 'audio/0');
  const speech = encodeG711('mulaw', benchSpeech(6));
  await beginCalls(table, outbox, 10, speech, 'warm-up');
  const before = usedBytes();
  await beginCalls(table, outbox, LEGS, speech, 'call');
  return { legs: LEGS, kibPerLeg: Math.round(((usedBytes() - before) / LEGS / 1024) * 10) / 10 };
}

async function beginCalls(table, outbox, count, speech, name) {
  const context = { skipDue: false, arrivedAtMs: 0, nowMs: 0, offset: 0 };
  for (let i = 0; i < count; i++) {
    const of = { callId: `${name}-${i}`, tenant: 'bench', feedId: 'bench' };
    const { call } = table.take(
      { ...of, type: 'call.started', live: false, notice: 'given', legs: ['customer'], feed: 'bench' },
      { ...context, offset: context.offset++ },
    );
    for (let at = 0; at < speech.length; at += 160) {
      const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 };
      const bytes = speech.subarray(at, at + 160);
      table.take(
        { ...of, ...format, type: 'audio.chunk', leg: 'customer', seq: at / 160, offsetSamples: at, bytes },
        { ...context, offset: context.offset++ },
      );
    }
    await call.settled();
    outbox.take();
  }
}

function usedBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
}
