import { describe, expect, it } from 'vitest';
import { calibrate } from '../../timeline/index.js';
import { Random } from '../random.js';
import { chooseThreshold, fitTemperature, type Judged, learnCalibration } from './calibration.js';
import { meanNll, meanProbabilities, softmax } from './clip-predictions.js';
import { type HeardClip, pointsOf } from './points.js';
import { reliabilityOf } from './reliability.js';

/** Clips of one window whose true class is drawn by softmax(logits), while the model claims softmax(logits · sharpness). */
function clipsOf(sharpness: number): HeardClip[] {
  const random = new Random('windows');
  return Array.from({ length: 4000 }, () => {
    const logits = [0, 1, 2].map(() => random.between(-2, 2));
    const truth = softmax(logits);
    const drawn = random.next();
    const actual = drawn < truth[0]! ? 0 : drawn < truth[0]! + truth[1]! ? 1 : 2;
    return { actual, windows: [softmax(logits.map((logit) => logit * sharpness))] };
  });
}

/** Clips of six windows, each of which knows a little of the class by itself. */
function longClips(): HeardClip[] {
  const random = new Random('clips');
  return Array.from({ length: 1000 }, () => {
    const actual = random.integer(0, 2);
    const windows = Array.from({ length: 6 }, () =>
      softmax([0, 1, 2].map((c) => (c === actual ? 0.8 : 0) + random.between(-1.5, 1.5))),
    );
    return { actual, windows };
  });
}

describe('temperature', () => {
  it.each([0.5, 1, 3])('undoes a sharpness of %f', (sharpness) => {
    const temperature = fitTemperature(clipsOf(sharpness));
    expect(temperature / sharpness).toBeGreaterThan(0.9);
    expect(temperature / sharpness).toBeLessThan(1.1);
  });

  it('never makes the likelihood worse than leaving it', () => {
    const clips = clipsOf(2);
    const at = (temperature: number) =>
      meanNll(
        clips.map(({ actual, windows }) => ({
          actual,
          probabilities: [...calibrate(windows[0]!, temperature)],
        })),
      );
    expect(at(fitTemperature(clips))).toBeLessThan(at(1));
  });

  it('is that of what is published: smoothing makes points less sure, so windows are made surer', () => {
    const clips = longClips();
    const pointwise = fitTemperature(clips);
    const single = fitTemperature(
      clips.flatMap(({ actual, windows }) => windows.map((window) => ({ actual, windows: [window] }))),
    );
    const eceAt = (temperature: number) =>
      reliabilityOf(
        clips.flatMap(({ actual, windows }) =>
          pointsOf(windows, temperature).map((probabilities) => ({ actual, probabilities })),
        ),
      ).ece;
    expect(pointwise).toBeLessThan(single);
    expect(eceAt(pointwise)).toBeLessThan(eceAt(single));
  });
});

describe('the threshold of uncertainty', () => {
  /** `right` of 40 windows at each confidence. */
  const at = (confidence: number, right: number): Judged[] =>
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

it('the threshold is one of points: its precision is that of what smoothing leaves', () => {
  const clips = longClips();
  const { temperature, points, uncertain } = learnCalibration(clips, 0.9);
  const sure = clips
    .flatMap(({ actual, windows }) => pointsOf(windows, temperature).map((point) => ({ actual, point })))
    .filter(({ point }) => Math.max(...point) >= uncertain.threshold);
  const right = sure.filter(({ actual, point }) => point.indexOf(Math.max(...point)) === actual);
  expect(points).toBe(6000);
  expect(right.length / sure.length).toBeCloseTo(uncertain.precision, 10);
  expect(uncertain.precision).toBeGreaterThanOrEqual(0.9);
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
