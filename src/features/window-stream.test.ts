import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FRONT_END } from './front-end.js';
import { WindowStream } from './window-stream.js';

const signal = Float32Array.from({ length: 40_000 }, (_, n) => Math.sin(n * n * 1e-5) * 0.5);

/** Windows announced for the signal, by index, with [from, from + length) missing. */
function windowsOf(from: number, length: number): Map<number, string> {
  const stream = new WindowStream(DEFAULT_FRONT_END);
  const windows = new Map<number, string>();
  const out = new Float32Array(stream.windowLength);
  const keep = (index: number) => {
    stream.snapshot(index, out);
    windows.set(index, Buffer.from(out.buffer).toString('base64'));
  };
  stream.push(signal.subarray(0, from), keep);
  if (length >= 0) stream.skipTo(from + length);
  stream.push(signal.subarray(from + Math.max(0, length)), keep);
  return windows;
}

describe('WindowStream', () => {
  const whole = windowsOf(signal.length, -1);

  it('announces every window of an unbroken signal', () => {
    const stream = new WindowStream(DEFAULT_FRONT_END);
    expect([...whole.keys()]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stream.windowsEndingBy(signal.length)).toBe(6);
    expect(stream.windowsEndingBy(16_511)).toBe(0);
    expect(stream.windowsEndingBy(16_512)).toBe(1);
  });

  it('never lets a window touch a hole or span a pause of length 0, and changes no other window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 39_000 }), fc.integer({ min: 0, max: 9000 }), (from, length) => {
        const stream = new WindowStream(DEFAULT_FRONT_END);
        const untouched = [...whole].filter(([index]) => {
          const start = (stream.startMs(index) * 8000) / 1000;
          return start + 16_512 <= from || start >= from + length;
        });
        expect([...windowsOf(from, length)]).toEqual(untouched);
      }),
      { numRuns: 50 },
    );
  });

  it('pads what a short leg has with silence', () => {
    const stream = new WindowStream(DEFAULT_FRONT_END);
    stream.push(signal.subarray(0, 8000), () => expect.unreachable());
    const out = new Float32Array(stream.windowLength);
    stream.snapshotPartial(out);
    const frames = 1 + Math.floor((8000 - DEFAULT_FRONT_END.nFft) / DEFAULT_FRONT_END.hopLength);
    const padding = new Set(out.subarray(frames * DEFAULT_FRONT_END.nMels));
    expect(padding.size).toBe(1);
    expect([...padding][0]).toBe(Math.min(...out));
  });
});
