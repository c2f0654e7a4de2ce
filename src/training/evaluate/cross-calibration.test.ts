import { expect, it } from 'vitest';
import { calibrate } from '../../timeline/index.js';
import { Random } from '../random.js';
import { HEADLINE } from './conditions.js';
import { calibrationOf, crossCalibrate } from './cross-calibration.js';
import type { ClipJudgement } from './judgements.js';

const LABELS = ['angry', 'sad', 'happy'];

/** Judgements of a model whose probabilities are right, then made too sure by `temperature`. */
function fold(seed: string, temperature: number, condition = HEADLINE.name): ClipJudgement[] {
  const random = new Random(seed);
  return Array.from({ length: 400 }, (_, i) => {
    const raw = LABELS.map(() => random.next() + 0.05);
    const total = raw.reduce((sum, value) => sum + value, 0);
    const honest = raw.map((value) => value / total);
    const at = random.next();
    const actual = at < honest[0]! ? 0 : at < honest[0]! + honest[1]! ? 1 : 2;
    const windows = [[...calibrate(honest, temperature)]];
    const label = LABELS[actual]!;
    return { condition, corpus: 'c', clip: `${seed}-${i}`, speaker: seed, label, uncertainBelow: 0, windows };
  });
}

it('finds the temperature by which a model is too sure', () => {
  const { temperature, points } = calibrationOf([...fold('a', 0.5), ...fold('b', 0.5)], LABELS, 0.6);
  expect(points).toBe(800);
  expect(temperature).toBeGreaterThan(1.5);
  expect(temperature).toBeLessThan(2.7);
});

it('calibrates each fold by the others alone', () => {
  const [own, other] = [fold('a', 1), fold('b', 0.5)];
  const [calibrated] = crossCalibrate([own, other], LABELS, 0.6);
  const learnt = calibrationOf(other, LABELS, 0.6);
  const expected = calibrate(own[0]!.windows[0]!, learnt.temperature);
  calibrated![0]!.windows[0]!.forEach((probability, i) => {
    expect(probability).toBeCloseTo(expected[i]!, 5);
  });
  expect(calibrated![0]!.uncertainBelow).toBe(learnt.uncertain.threshold);
  const changed = fold('c', 0.7);
  expect(crossCalibrate([changed, other], LABELS, 0.6)[0]![0]!.uncertainBelow).toBe(
    learnt.uncertain.threshold,
  );
});

it('learns from the telephone line where it was judged, from nothing else beside it', () => {
  const line = fold('a', 0.5);
  const noisy = fold('b', 3, 'µ-law, rain at 0 dB');
  expect(calibrationOf([...line, ...noisy], LABELS, 0.6)).toEqual(calibrationOf(line, LABELS, 0.6));
});
