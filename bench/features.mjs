import { DEFAULT_FRONT_END, WindowStream } from '../dist/features/index.js';
import { benchSpeech, medianSeconds } from './signal.mjs';

const SECONDS = 60;

/** Samples to normalised windows, in 20 ms chunks, on one core. */
export async function benchFeatures() {
  const signal = benchSpeech(SECONDS);
  const elapsed = await medianSeconds(9, () => play(signal));
  return { audioSeconds: SECONDS, medianSeconds: elapsed, timesRealTime: Math.round(SECONDS / elapsed) };
}

function play(signal) {
  const stream = new WindowStream(DEFAULT_FRONT_END);
  const out = new Float32Array(stream.windowLength);
  for (let at = 0; at < signal.length; at += 160) {
    stream.push(signal.subarray(at, at + 160), (index) => stream.snapshot(index, out));
  }
}
