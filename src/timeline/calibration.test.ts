import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibration.js';

const softmax = (logits: number[], temperature: number) => {
  const exps = logits.map((x) => Math.exp(x / temperature));
  return exps.map((x) => x / exps.reduce((a, b) => a + b));
};
const logits = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 7 });

describe('calibrate', () => {
  it('equals the softmax of the logits divided by the temperature', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.3, max: 5, noNaN: true }), (z, temperature) => {
        const calibrated = calibrate(softmax(z, 1), temperature);
        softmax(z, temperature).forEach((p, i) => {
          expect(calibrated[i]).toBeCloseTo(p, 6);
        });
      }),
    );
  });

  it('survives a probability of 0', () => {
    expect([...calibrate([1, 0], 2)].every(Number.isFinite)).toBe(true);
  });
});
