import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GatheredAudio, RecordGatherer } from './record-gatherer.js';

/** Pushes messages of so many samples in a row, one byte a sample. @returns complete records, and what is left */
function gathered(gatherer: RecordGatherer, lengths: readonly number[], from = 0) {
  const records: GatheredAudio[] = [];
  let at = from;
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, (_, i) => (at + i) % 251);
    if (gatherer.push(bytes, at, length)) records.push(gatherer.take()!);
    at += length;
  }
  return { records, left: gatherer.take() };
}

const spans = (records: readonly GatheredAudio[]) =>
  records.map(({ offsetSamples, bytes }) => [offsetSamples, bytes.length]);

describe('messages of 20 ms at 8 kHz', () => {
  const MESSAGES = Array<number>(220).fill(160);

  it('become records of about 128 ms', () => {
    const { records, left } = gathered(new RecordGatherer(128, 8000), MESSAGES.slice(0, 15));
    expect(spans(records)).toEqual([
      [0, 160],
      [160, 1120],
      [1280, 960],
    ]);
    expect(spans([left!])).toEqual([[2240, 160]]);
  });

  it('are complete as soon as a window of a shipped model is', () => {
    const { records } = gathered(new RecordGatherer(128, 8000), MESSAGES);
    const ends = new Set(records.map(({ offsetSamples, bytes }) => offsetSamples + bytes.length));
    // 128 frames of 256 samples, 128 apart; a window every 32 frames.
    const windowEnds = [0, 1, 2, 3].map((window) => 128 * (32 * window + 127) + 256);
    for (const end of windowEnds) expect(ends).toContain(Math.ceil(end / 160) * 160);
  });
});

it('waits for what a resampler wants to hear of what follows', () => {
  const { records } = gathered(new RecordGatherer(128, 16_000), [256, 95, 1]);
  expect(spans(records)).toEqual([[0, 352]]);
});

it('makes a message that is longer a record by itself, unless something waits', () => {
  const { records, left } = gathered(new RecordGatherer(128, 8000), [3000, 100, 3000]);
  expect(spans(records)).toEqual([
    [0, 3000],
    [3000, 3100],
  ]);
  expect(left).toBeUndefined();
});

it('neither loses nor moves a sample, and holds less than a record', () => {
  const cases = fc.tuple(
    fc.integer({ min: 1, max: 1000 }),
    fc.constantFrom(8000, 11_025, 16_000, 44_100),
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 40 }),
  );
  fc.assert(
    fc.property(cases, ([recordMs, rateHz, from, lengths]) => {
      const { records, left } = gathered(new RecordGatherer(recordMs, rateHz), lengths, from);
      const all = left === undefined ? records : [...records, left];
      let at = from;
      for (const { offsetSamples, bytes } of all) {
        expect(offsetSamples).toBe(at);
        expect([...bytes]).toEqual(Array.from(bytes, (_, i) => (at + i) % 251));
        at += bytes.length;
      }
      expect(at).toBe(from + lengths.reduce((sum, length) => sum + length, 0));
      expect((1000 * (left?.bytes.length ?? 0)) / rateHz).toBeLessThan(recordMs);
    }),
    { numRuns: 60 },
  );
});
