import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { addNoise, applyGain, speechPower } from './level.js';
import { applyRecipe, DEFAULT_AUGMENTATION, drawRecipe, type Recipe } from './recipe.js';
import { readAtStep } from './resample.js';
import { limitToTelephoneBand } from './telephone-band.js';
import { stretchTime } from './time-stretch.js';

const RATE = 8000;

function tone(hz: number, seconds = 1, rate = RATE, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: rate * seconds },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rate),
  );
}

function noise(length: number, seed = 'noise'): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => random.between(-0.3, 0.3));
}

/** Frequency by counting upward zero crossings. */
function pitchOf(samples: Float32Array, rate = RATE): number {
  const middle = samples.subarray(Math.floor(samples.length * 0.1), Math.floor(samples.length * 0.9));
  let crossings = 0;
  for (let i = 1; i < middle.length; i++) if (middle[i - 1]! < 0 && middle[i]! >= 0) crossings++;
  return (crossings * rate) / middle.length;
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe('reading at another step', () => {
  it.each([0.5, 0.84, 1.3, 2])('at step %f a tone is as many times higher and shorter', (step) => {
    const read = readAtStep(tone(440), step);
    expect(read.length).toBe(Math.floor(RATE / step));
    expect(pitchOf(read)).toBeCloseTo(440 * step, -1);
  });

  it('gives the samples back at step 1', () => {
    const samples = noise(500);
    readAtStep(samples, 1).forEach((sample, i) => {
      expect(sample).toBeCloseTo(samples[i]!, 6);
    });
  });

  it('silences what would fold back', () => {
    const read = readAtStep(tone(3500), 2);
    expect(rms(read.subarray(100, -100))).toBeLessThan(0.005);
  });
});

describe('stretching time', () => {
  it('has the length that was asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.double({ min: 0.7, max: 1.4, noNaN: true }),
        (length, factor) => {
          expect(stretchTime(noise(length), factor, RATE).length).toBe(Math.round(length * factor));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([0.8, 1.25])('keeps pitch and level of a tone at factor %f', (factor) => {
    const stretched = stretchTime(tone(220), factor, RATE);
    expect(Math.abs(pitchOf(stretched) - 220)).toBeLessThan(6);
    expect(rms(stretched.subarray(400, -400))).toBeCloseTo(rms(tone(220)), 1);
  });
});

describe('levels', () => {
  it('gain changes the level by the decibels asked for and never leaves the range', () => {
    expect(rms(applyGain(tone(300), -6)) / rms(tone(300))).toBeCloseTo(10 ** (-6 / 20), 4);
    expect(Math.max(...applyGain(tone(300), 30))).toBe(1);
  });

  it('noise lies at the ratio asked for below the speech', () => {
    const speech = tone(300);
    const added = addNoise(speech, noise(2000), 700, 12, RATE).map((sample, i) => sample - speech[i]!);
    expect(10 * Math.log10(speechPower(speech, RATE) / rms(added) ** 2)).toBeCloseTo(12, 1);
  });

  it('silent noise adds nothing', () => {
    expect(addNoise(tone(300), new Float32Array(100), 0, 0, RATE)).toEqual(tone(300));
  });

  it('the level of speech is that of its loud half: silence around it does not count', () => {
    const padded = new Float32Array(2 * RATE);
    padded.set(tone(300), RATE / 2);
    expect(speechPower(padded, RATE)).toBeCloseTo(0.125, 2);
  });
});

describe('telephone band', () => {
  it.each([
    [100, 0.05, 0.2],
    [1000, 0.9, 1.05],
    [3900, 0, 0.5],
  ])('passes a tone of %i Hz by a factor of %f to %f', (hz, least, most) => {
    const factor = rms(limitToTelephoneBand(tone(hz), RATE).subarray(800)) / rms(tone(hz));
    expect(factor).toBeGreaterThanOrEqual(least);
    expect(factor).toBeLessThanOrEqual(most);
  });
});

describe('recipes', () => {
  const names = ['rain', 'traffic'];
  const draw = (seed: string) => drawRecipe(new Random(seed), DEFAULT_AUGMENTATION, names);
  const none: Recipe = {
    pitchSemitones: 0,
    speed: 1,
    noise: null,
    telephoneBand: false,
    gainDb: 0,
    mulaw: false,
    loss: null,
  };

  it('are the same from the same seed and stay within the options', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const recipe = draw(seed);
        expect(draw(seed)).toEqual(recipe);
        expect(Math.abs(recipe.pitchSemitones)).toBeLessThanOrEqual(3);
        expect(recipe.speed).toBeGreaterThanOrEqual(0.85);
        expect(recipe.speed).toBeLessThanOrEqual(1.15);
        expect(Math.abs(recipe.gainDb)).toBeLessThanOrEqual(10);
        if (recipe.noise !== null) expect(names).toContain(recipe.noise.name);
      }),
    );
  });

  it('without noise recordings add none', () => {
    const recipes = Array.from({ length: 50 }, (_, i) =>
      drawRecipe(new Random(`${i}`), DEFAULT_AUGMENTATION, []),
    );
    expect(recipes.every(({ noise }) => noise === null)).toBe(true);
  });

  it('that change nothing change nothing', () => {
    const samples = noise(1000);
    applyRecipe(none, samples, RATE, RATE, () => samples).forEach((sample, i) => {
      expect(sample).toBeCloseTo(samples[i]!, 6);
    });
  });

  it('pitch and speed are independent: three semitones up at 0.9 of the tempo', () => {
    const changed = applyRecipe(
      { ...none, pitchSemitones: 3, speed: 0.9 },
      tone(300, 1, 16000),
      16000,
      RATE,
      noise.bind(null, 1),
    );
    expect(Math.abs(changed.length - RATE / 0.9)).toBeLessThan(3);
    expect(Math.abs(pitchOf(changed) - 300 * 2 ** (3 / 12))).toBeLessThan(8);
  });

  it('µ-law leaves at most 255 values', () => {
    const changed = applyRecipe({ ...none, mulaw: true }, noise(20000), RATE, RATE, () => noise(1));
    expect(new Set(changed).size).toBeLessThanOrEqual(255);
  });
});
