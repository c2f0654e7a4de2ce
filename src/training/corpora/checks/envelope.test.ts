import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noise } from '../../../../test/support/noise.js';
import { copiesAmong, envelopeOf } from './envelope.js';

/** Speech-like: noise whose level moves by some 20 dB, three times a second. @param gain 1 is −6 dBFS at its peaks */
function speech(seed: number, gain = 1, seconds = 2): Float32Array {
  const pace = 2 + (seed % 7) / 4;
  return noise(16000 * seconds, seed).map(
    (x, i) => (gain * x * 10 ** (Math.sin((2 * Math.PI * pace * i) / 16000) - 1)) / 4,
  );
}

const groups = (recordings: readonly Float32Array[]) =>
  copiesAmong(
    recordings.map((samples, name) => ({
      name,
      durationMs: samples.length / 16,
      envelope: envelopeOf(samples),
    })),
    (one) => one,
  ).map((group) => group.map(({ name }) => name));

/** As a conversion to 16 bits does it, with a dither of its own. */
const dithered = (samples: Float32Array, seed: number) => {
  const dither = noise(samples.length, seed);
  return samples.map((x, i) => Math.round(x * 32768 + dither[i]! / 4) / 32768);
};

describe('copies of a recording', () => {
  it('are known by their course, though not one sample is the same', () => {
    const [a, b] = [speech(1), speech(2)];
    expect(groups([dithered(a, 7), b, dithered(a, 8)])).toEqual([[0, 2]]);
  });

  it('are known where they are as quiet as the quietest speakers of a corpus', () => {
    const quiet = speech(1, 10 ** (-45 / 20));
    expect(groups([dithered(quiet, 7), dithered(quiet, 8)])).toEqual([[0, 1]]);
  });

  it('are not what has the same course by chance: other voices, tones, another level, silence', () => {
    const tone = (hz: number) =>
      Float32Array.from({ length: 16000 }, (_, i) => Math.sin((hz * i) / 2546) / 2);
    const silence = new Float32Array(16000);
    expect(groups([tone(300), tone(600), silence, silence, speech(3), speech(3, 0.9)])).toEqual([]);
    expect(groups(Array.from({ length: 40 }, (_, seed) => speech(seed + 100)))).toEqual([]);
  });

  it('are grouped whatever their order', () => {
    const takes = [1, 1, 2, 3, 3, 3].map((seed, i) => ({ seed, sound: dithered(speech(seed), 50 + i) }));
    const order = fc.shuffledSubarray(takes, { minLength: takes.length });
    void fc.assert(
      fc.property(order, (some) => {
        const found = groups(some.map(({ sound }) => sound)).map((group) => group.map((i) => some[i]!.seed));
        expect(found.map((seeds) => seeds.join('')).sort()).toEqual(['11', '333']);
      }),
      { numRuns: 10 },
    );
  });
});
