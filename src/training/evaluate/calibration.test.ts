import { describe, expect, it } from 'vitest';
import { calibrate } from '../../timeline/index.js';
import { Random } from '../random.js';
import { chooseThreshold, fitTemperature, type JudgedWindow } from './calibration.js';
import { meanNll, meanProbabilities, softmax } from './clip-predictions.js';

/** Windows whose true class is drawn by softmax(logits), while the model claims softmax(logits · sharpness). */
function windowsOf(sharpness: number): JudgedWindow[] {
  const random = new Random('windows');
  return Array.from({ length: 4000 }, () => {
    const logits = [0, 1, 2].map(() => random.between(-2, 2));
    const truth = softmax(logits);
    const drawn = random.next();
    const actual = drawn < truth[0]! ? 0 : drawn < truth[0]! + truth[1]! ? 1 : 2;
    return { actual, probabilities: softmax(logits.map((logit) => logit * sharpness)) };
  });
}

describe('temperature', () => {
  it.each([0.5, 1, 3])('undoes a sharpness of %f', (sharpness) => {
    const temperature = fitTemperature(windowsOf(sharpness));
    expect(temperature / sharpness).toBeGreaterThan(0.9);
    expect(temperature / sharpness).toBeLessThan(1.1);
  });

  it('never makes the likelihood worse than leaving it', () => {
    const windows = windowsOf(2);
    const at = (temperature: number) =>
      meanNll(
        windows.map(({ actual, probabilities }) => ({
          actual,
          probabilities: [...calibrate(probabilities, temperature)],
        })),
      );
    expect(at(fitTemperature(windows))).toBeLessThan(at(1));
  });
});

describe('the threshold of uncertainty', () => {
  /** `right` of 40 windows at each confidence. */
  const at = (confidence: number, right: number): JudgedWindow[] =>
    Array.from({ length: 40 }, (_, i) => ({
      actual: i < right ? 0 : 1,
      probabilities: [confidence, 1 - confidence],
    }));

  it('is the lowest that reaches the precision', () => {
    const windows = [...at(0.9, 40), ...at(0.8, 32), ...at(0.7, 24), ...at(0.6, 10)];
    const chosen = chooseThreshold(windows, 0.8);
    expect(chosen).toEqual({ threshold: 0.7, precision: 0.8, coverage: 0.75 });
  });

  it('is the most precise one where none reaches it, with enough windows left to judge by', () => {
    const chosen = chooseThreshold([...at(0.9, 20), ...at(0.6, 4)], 0.99);
    expect(chosen.threshold).toBe(0.9);
    expect(chosen.coverage).toBeGreaterThanOrEqual(30 / 80);
  });
});

it('a network that gives no numbers has no threshold, and says so', () => {
  const broken = [{ actual: 0, probabilities: [Number.NaN, Number.NaN] }];
  expect(() => chooseThreshold(broken, 0.8)).toThrow(/UT_TRAINING_BAD_OPTIONS at --learning-rate/);
});

describe('probabilities', () => {
  it('of a clip are the mean of its windows', () => {
    const mean = meanProbabilities([
      [0.2, 0.8],
      [0.6, 0.4],
    ]);
    expect(mean[0]).toBeCloseTo(0.4, 12);
    expect(mean[1]).toBeCloseTo(0.6, 12);
  });

  it('by softmax survive large logits', () => {
    expect(softmax([1000, 0])).toEqual([1, 0]);
    expect(softmax([0, Math.log(3)])[1]).toBeCloseTo(0.75, 12);
  });
});
