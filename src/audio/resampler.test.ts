import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UndertoneError } from '../errors.js';
import { Resampler, resampleClip } from './resampler.js';

const RATES = [8000, 11025, 16000, 22050, 24414, 44100, 48000, 96000, 192000] as const;
const FRONT_END_RATES = [8000, 16000, 22050] as const;

function sine(frequencyHz: number, rateHz: number, seconds: number): Float32Array {
  const step = (2 * Math.PI * frequencyHz) / rateHz;
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, i) => 0.5 * Math.sin(step * i));
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

/** The middle half, away from the edges, where the silence before and after the clip is heard. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(samples.length >> 2, (3 * samples.length) >> 2);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
}

function inPieces(samples: Float32Array, cuts: readonly number[], from: number, to: number): Float32Array {
  const resampler = new Resampler(from, to);
  const pieces: number[] = [];
  let at = 0;
  for (const cut of [...cuts, samples.length]) {
    pieces.push(...resampler.push(samples.subarray(at, Math.min(at + cut, samples.length))));
    at = Math.min(at + cut, samples.length);
  }
  pieces.push(...resampler.flush());
  return Float32Array.from(pieces);
}

const pairs = RATES.flatMap((from) =>
  FRONT_END_RATES.filter((to) => to !== from).map((to) => [from, to] as const),
);

describe.each(pairs)('%i Hz to %i Hz', (from, to) => {
  const nyquist = Math.min(from, to) / 2;

  it.each([0.05, 0.45, 0.9])('keeps the level and the instant of a sine at %f of the band', (share) => {
    const input = sine(share * nyquist, from, 0.2);
    const output = resampleClip(input, from, to);
    expect(output.length).toBe(Math.ceil((input.length * to) / from));
    const expected = middle(sine(share * nyquist, to, 0.3).subarray(0, output.length));
    const error = middle(output).map((x, i) => x - expected[i]!);
    expect(decibels(rms(error) / rms(expected))).toBeLessThan(-60);
    expect(Math.abs(decibels(rms(middle(output)) / rms(expected)))).toBeLessThan(0.1);
  });

  it('keeps a constant', () => {
    const output = middle(resampleClip(new Float32Array(from / 5).fill(0.25), from, to));
    for (const x of output) expect(Math.abs(x - 0.25)).toBeLessThan(1e-5);
  });

  if (from > to) {
    it.each([1.0, 1.3, from / to - 0.05])('suppresses a sine at %f of the new band', (share) => {
      const output = resampleClip(sine(Math.min(share * nyquist, 0.499 * from), from, 0.2), from, to);
      expect(decibels(rms(middle(output)) / rms(sine(440, to, 1)))).toBeLessThan(-70);
    });
  } else {
    it('leaves no image of a sine above the old band', () => {
      const output = resampleClip(sine(0.8 * nyquist, from, 0.2), from, to);
      const expected = sine(0.8 * nyquist, to, 0.2).subarray(0, output.length);
      const images = middle(output.map((x, i) => x - expected[i]!));
      expect(decibels(rms(images) / rms(expected))).toBeLessThan(-70);
    });
  }
});

describe('cutting the input', () => {
  it('never changes a bit of the output', () => {
    const samples = fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 0, maxLength: 4000 });
    const cuts = fc.array(fc.integer({ min: 0, max: 2500 }), { maxLength: 12 });
    const property = fc.property(samples, cuts, fc.constantFrom(...pairs), (input, lengths, [from, to]) => {
      expect(inPieces(input, lengths, from, to)).toEqual(resampleClip(input, from, to).slice());
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('one sample at a time gives what one push gives', () => {
    const input = sine(700, 44100, 0.1);
    const singles = Array.from(input, () => 1);
    expect(inPieces(input, singles, 44100, 8000)).toEqual(resampleClip(input, 44100, 8000));
  });
});

describe('a beginning in mid-signal', () => {
  it('gives the same outputs from settlingSamples on, at the same instants', () => {
    const input = sine(700, 16_000, 0.5);
    const begins = fc.nat({ max: 6000 });
    const property = fc.property(begins, fc.constantFrom(...pairs), (unheard, [from, to]) => {
      const whole = new Resampler(from, to);
      const given = whole.push(input.subarray(0, unheard)).length;
      const expected = [...whole.push(input.subarray(unheard)), ...whole.flush()];
      const late = new Resampler(from, to, unheard);
      const output = [...late.push(input.subarray(unheard)), ...late.flush()];
      expect(given + output.length).toBe(Math.ceil((input.length * to) / from));
      expect(output.slice(late.settlingSamples)).toEqual(expected.slice(late.settlingSamples));
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('a stream', () => {
  it('runs delaySamples behind its input', () => {
    const resampler = new Resampler(16000, 8000);
    const given = resampler.push(new Float32Array(16000)).length;
    expect(given).toBe(Math.ceil((16000 - resampler.delaySamples) / 2));
  });

  it('is as new after a flush', () => {
    const input = sine(300, 16000, 0.05);
    const resampler = new Resampler(16000, 8000);
    const once = [...resampler.push(input), ...resampler.flush()];
    expect([...resampler.push(input), ...resampler.flush()]).toEqual(once);
  });

  it('takes its output room once', () => {
    const resampler = new Resampler(16000, 8000);
    const chunk = new Float32Array(320);
    const first = resampler.push(chunk).buffer;
    for (let i = 0; i < 50; i++) expect(resampler.push(chunk).buffer).toBe(first);
  });

  it('gives the input itself where nothing is to be done', () => {
    const input = Float32Array.of(1, 2, 3);
    const resampler = new Resampler(8000, 8000);
    expect(resampler.push(input)).toBe(input);
    expect(resampler.flush().length).toBe(0);
    expect(resampleClip(input, 8000, 8000)).toBe(input);
  });
});

describe('a rate that cannot be', () => {
  it.each([0, -8000, 3999, 192001, 8000.5, Number.NaN])('%d Hz is refused', (rate) => {
    expect(() => new Resampler(rate, 8000)).toThrow(UndertoneError);
    expect(() => new Resampler(8000, rate)).toThrow(/UT_AUDIO_RATE/);
  });
});
