import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  inputLengthOf,
  LogMel,
  toModelInput,
} from '../../src/features/index.js';
import { GOLDEN_CASES, GOLDEN_FOLDER, goldenName, readGolden, worstError } from './golden-file.js';
import { goldenSignal } from './log-mel-signal.js';

/** Of full scale, the range of the reference values (design §3). */
const TOLERANCE = 1e-4;

function framesOf(frontEnd: FrontEnd, samples: Float32Array): number[][] {
  const logMel = new LogMel(frontEnd);
  const frames: number[][] = [];
  const keep = (_index: number, frame: Float32Array) => {
    frames.push([...frame]);
  };
  logMel.push(samples, keep);
  logMel.flush(keep);
  return frames;
}

describe.each(GOLDEN_CASES)('the front end "%s" against librosa', (name) => {
  const golden = readGolden(new URL(goldenName(name), GOLDEN_FOLDER));
  const { frontEnd } = golden;
  const samples = goldenSignal(golden.seconds, frontEnd.sampleRateHz);

  it('hears the same signal', () => {
    expect(samples.reduce((sum, x) => sum + Math.abs(x) * 32768, 0)).toBe(golden.checksum);
  });

  it('makes the same frames', () => {
    const frames = framesOf(frontEnd, samples);
    expect(frames.length).toBe(golden.frames.length);
    expect(worstError(frames.flat(), golden.frames.flat())).toBeLessThan(TOLERANCE);
  });

  it('makes the same window', () => {
    const window = Float32Array.from(framesOf(frontEnd, samples).slice(0, frontEnd.windowFrames).flat());
    const input = new Float32Array(inputLengthOf(frontEnd));
    toModelInput(frontEnd, window, input);
    expect(input.length).toBe(golden.window.flat().length);
    expect(worstError(input, golden.window.flat())).toBeLessThan(TOLERANCE);
  });
});

it('the case "default" is the default front end', () => {
  expect(readGolden(new URL(goldenName('default'), GOLDEN_FOLDER)).frontEnd).toEqual(DEFAULT_FRONT_END);
});
