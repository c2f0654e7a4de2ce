import { encodeG711 } from '../../src/audio/index.js';
import { Random } from '../../src/training/random.js';

/** Bytes of a leg as a feed sends them, as long as wanted: the signal begins anew where it ends. */
export interface Voice {
  readonly encoding: 'mulaw' | 's16le';
  readonly sampleRateHz: number;
  /** `samples` samples of speech, or of a quiet line, from `at` on. */
  bytes(at: number, samples: number, speaks: boolean): Uint8Array;
}

const SIGNAL_SECONDS = 30;
const HARMONICS = 6;

/** Voices that sound different to the model; made once, shared by all calls. */
export function makeVoices(seed: string): readonly Voice[] {
  return Array.from({ length: 6 }, (_, n) => {
    const random = new Random(`${seed}/voice/${n}`);
    // Every sixth call comes in wide band, so that resamplers move, too.
    const sampleRateHz = n === 5 ? 16_000 : 8000;
    const encode = n === 5 ? toS16le : (samples: Float32Array) => encodeG711('mulaw', samples);
    const speech = encode(speak(random, sampleRateHz));
    const quiet = encode(hiss(random, sampleRateHz));
    const sampleBytes = n === 5 ? 2 : 1;
    return {
      encoding: n === 5 ? 's16le' : 'mulaw',
      sampleRateHz,
      bytes: (at, samples, speaks) => cut(speaks ? speech : quiet, at * sampleBytes, samples * sampleBytes),
    };
  });
}

function cut(signal: Uint8Array, at: number, length: number): Uint8Array {
  const from = at % (signal.length - length);
  return signal.subarray(from - (from % 2), from - (from % 2) + length);
}

/** Syllables of a gliding buzz with pauses between them, over faint noise; mood and loudness change every few seconds. */
function speak(random: Random, rateHz: number): Float32Array {
  const signal = hiss(random, rateHz);
  let phase = 0;
  for (let at = 0; at < signal.length; ) {
    const syllables = random.integer(8, 20);
    const pitchHz = random.between(90, 300);
    const level = random.between(0.05, 0.5);
    const brightness = random.between(0.4, 1.4);
    for (let n = 0; n < syllables && at < signal.length; n++) {
      const length = Math.round(rateHz * random.between(0.12, 0.45));
      const glide = random.between(-0.3, 0.3);
      for (let i = 0; i < length && at + i < signal.length; i++) {
        const share = i / length;
        phase += (2 * Math.PI * pitchHz * (1 + glide * share)) / rateHz;
        let sum = 0;
        for (let h = 1; h <= HARMONICS; h++) sum += Math.sin(phase * h) / h ** brightness;
        signal[at + i]! += level * Math.sin(Math.PI * share) * sum * 0.4;
      }
      at += length + Math.round(rateHz * random.between(0.02, 0.3));
    }
  }
  return signal.map((sample) => Math.max(-1, Math.min(1, sample)));
}

function hiss(random: Random, rateHz: number): Float32Array {
  return Float32Array.from({ length: SIGNAL_SECONDS * rateHz }, () => random.between(-0.001, 0.001));
}

function toS16le(samples: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(2 * samples.length);
  for (const [n, sample] of samples.entries()) bytes.writeInt16LE(Math.round(sample * 32_767), 2 * n);
  return bytes;
}
