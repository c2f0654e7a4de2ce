import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelAfter, UNCERTAIN } from './hysteresis.js';

const options = { uncertainBelow: 0.4, hysteresisMargin: 0.1, minDurationWindows: 2 };
const of = (...p: number[]) => Float64Array.from(p);
const angry = of(0.7, 0.2, 0.1);
const happy = of(0.2, 0.7, 0.1);
const torn = of(0.35, 0.33, 0.32);

describe('labelAfter', () => {
  it('takes the first label at once', () => {
    expect(labelAfter([angry], options)).toBe(0);
    expect(labelAfter([torn], options)).toBe(UNCERTAIN);
  });

  it('takes a new label only when enough windows in a row agree on it', () => {
    expect(labelAfter([angry, happy], options)).toBe(0);
    expect(labelAfter([angry, happy, happy], options)).toBe(1);
    expect(labelAfter([angry, happy, angry, happy], options)).toBe(0);
  });

  it('keeps the standing label while another is not likelier by the margin', () => {
    const nearly = of(0.45, 0.5, 0.05);
    expect(labelAfter([angry, nearly, nearly, nearly], options)).toBe(0);
    expect(labelAfter([nearly, nearly], options)).toBe(1);
  });

  it('becomes uncertain when no class is sure enough, and stays so until one clearly is', () => {
    expect(labelAfter([angry, of(0.25, 0.38, 0.37), of(0.25, 0.38, 0.37)], options)).toBe(UNCERTAIN);
    const barely = of(0.42, 0.3, 0.28);
    expect(labelAfter([torn, barely, barely, barely], options)).toBe(UNCERTAIN);
    expect(labelAfter([torn, angry, angry], options)).toBe(0);
  });

  it('never changes on a single dissenting window, whatever came before', () => {
    const any = fc.constantFrom(angry, happy, torn);
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), any, (history, last) => {
        const steady = [...history, angry, angry, angry];
        expect(labelAfter([...steady, last], options)).toBe(labelAfter(steady, options));
      }),
    );
  });
});
