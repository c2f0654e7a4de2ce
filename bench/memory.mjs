import { createCallParts, legOptionsOf } from '../dist/app/analysis.js';
import { encodeG711 } from '../dist/audio/index.js';
import { CallTable } from '../dist/calls/index.js';
import { configSchema } from '../dist/config/index.js';
import { benchSpeech } from './signal.mjs';

const LEGS = 1000;

/** Memory that one leg holds once it runs, beyond the shared model. Needs `--expose-gc`. */
export async function benchMemory(bundle) {
  const config = configSchema.parse({});
  const classifier = {
    classify: async () => Float32Array.from(bundle.labels, () => 1 / bundle.labels.length),
  };
  const nothing = async () => {};
  const listener = { point: nothing, hole: nothing, alert: nothing, summary: nothing };
  const table = new CallTable(
    createCallParts(config, bundle, classifier, () => listener),
    legOptionsOf(config),
  );
  const speech = encodeG711('mulaw', benchSpeech(6));
  await beginCalls(table, 10, speech, 'warm-up');
  const before = usedBytes();
  await beginCalls(table, LEGS, speech, 'call');
  return { legs: LEGS, kibPerLeg: Math.round(((usedBytes() - before) / LEGS / 1024) * 10) / 10 };
}

async function beginCalls(table, count, speech, name) {
  const context = { skipDue: false, arrivedAtMs: 0 };
  for (let i = 0; i < count; i++) {
    const of = { callId: `${name}-${i}`, tenant: 'bench', feedId: 'bench' };
    const { call } = table.take(
      { ...of, type: 'call.started', live: false, notice: 'given', legs: ['customer'], feed: 'bench' },
      context,
    );
    for (let at = 0; at < speech.length; at += 160) {
      const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 };
      const bytes = speech.subarray(at, at + 160);
      table.take(
        { ...of, ...format, type: 'audio.chunk', leg: 'customer', seq: at / 160, offsetSamples: at, bytes },
        context,
      );
    }
    await call.settled();
  }
}

function usedBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
}
