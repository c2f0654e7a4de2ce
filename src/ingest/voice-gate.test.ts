import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_VOICE_ACTIVITY } from '../audio/index.js';
import { VoiceGate } from './voice-gate.js';

const newGate = (sampleRateHz: number, offsetSamples: number) =>
  new VoiceGate('s16le', sampleRateHz, DEFAULT_VOICE_ACTIVITY, offsetSamples);

/** Blocks that end at or before a media position. */
const blocksBefore = (samples: number, rateHz: number): number =>
  Math.floor(samples / ((16 * rateHz) / 1000) + 1e-9);

it('covers all whole blocks from the first that begins after where it started, however the audio is cut', () => {
  const scenario = fc.record({
    rateHz: fc.constantFrom(8000, 16_000, 48_000),
    offset: fc.nat({ max: 5000 }),
    chunks: fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(scenario, ({ rateHz, offset, chunks }) => {
      const gate = newGate(rateHz, offset);
      for (const samples of chunks) gate.push(new Uint8Array(2 * samples));
      const end = offset + chunks.reduce((sum, samples) => sum + samples, 0);
      const firstBlock = Math.ceil(offset / ((16 * rateHz) / 1000));
      const count = Math.max(0, blocksBefore(end, rateHz) - firstBlock);
      expect(gate.take(0)).toEqual({ firstBlock, voiced: Array(count).fill(false) });
    }),
  );
});

it('gives nothing until enough blocks are there, and each block once', () => {
  const gate = newGate(8000, 0);
  gate.push(new Uint8Array(2 * 128 * 3));
  expect(gate.take(4)).toBeUndefined();
  expect(gate.take(3)).toEqual({ firstBlock: 0, voiced: [false, false, false] });
  expect(gate.take(1)).toBeUndefined();
  gate.push(new Uint8Array(2 * 128));
  expect(gate.take(1)).toEqual({ firstBlock: 3, voiced: [false] });
});
