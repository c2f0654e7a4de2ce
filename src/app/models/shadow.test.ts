import { describe, expect, it } from 'vitest';
import { type ErrorCode, UndertoneError } from '../../errors.js';
import type { Comparison } from './comparison.js';
import { besideIt, type Side } from './shadow.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const WINDOW = Float32Array.of(1, 2, 3);

function side(answer: () => Promise<number[]>, queueDepth = 0): Side & { asked: number } {
  const its = {
    labels: ['angry', 'sad'],
    temperature: 1,
    asked: 0,
    classifier: {
      labels: ['angry', 'sad'],
      queueDepth,
      threads: 1,
      start: async () => {},
      close: async () => {},
      classify: async (_window: Float32Array, onComputed?: (ms: number) => void) => {
        its.asked++;
        onComputed?.(its.asked);
        return Float32Array.from(await answer());
      },
    },
  };
  return its;
}

function bench(model: Side, shadow: Side) {
  const seen: string[] = [];
  const observer = {
    onCompared: ({ agree, distance }: Comparison) =>
      void seen.push(`${agree ? 'agree' : 'differ'} ${distance.toFixed(2)}`),
    onMissed: (outcome: string) => void seen.push(outcome),
  };
  return { seen, classifier: besideIt(model, shadow, 2, observer) };
}

const angry = async () => [0.9, 0.1];
const sad = async () => [0.2, 0.8];
const fails = (code: ErrorCode) => () => Promise.reject(new UndertoneError(code, 'as asked for.'));

describe('a model on trial', () => {
  it('is compared with the model, whose answer is given as it is', async () => {
    const { classifier, seen } = bench(side(angry), side(sad));
    expect([...(await classifier.classify(WINDOW))]).toEqual([...Float32Array.of(0.9, 0.1)]);
    await settled();
    expect(seen).toEqual(['differ 0.70']);
  });

  it('leaves it to the model to say how long it computed', async () => {
    const { classifier } = bench(side(angry), side(sad));
    const told: number[] = [];
    await classifier.classify(WINDOW, (ms) => told.push(ms));
    expect(told).toEqual([1]);
  });

  it('does not hold the answer back, however long it takes', async () => {
    const { classifier, seen } = bench(
      side(angry),
      side(() => new Promise(() => {})),
    );
    expect((await classifier.classify(WINDOW)).length).toBe(2);
    expect(seen).toEqual([]);
  });

  it('that fails, or has no room, is counted, and nobody else hears of it', async () => {
    const broken = bench(side(angry), side(fails('UT_INFERENCE_THREAD')));
    await broken.classifier.classify(WINDOW);
    const full = bench(side(angry), side(fails('UT_INFERENCE_OVERLOADED')));
    await full.classifier.classify(WINDOW);
    await settled();
    expect([...broken.seen, ...full.seen]).toEqual(['failed', 'dropped']);
  });

  it('gets no window while the model has more to do than the trial may wait for', async () => {
    const shadow = side(sad);
    const { classifier, seen } = bench(side(angry, 3), shadow);
    await classifier.classify(WINDOW);
    expect([shadow.asked, seen]).toEqual([0, ['dropped']]);
  });

  it('is compared with nothing where the model itself fails, which is told as ever', async () => {
    const { classifier, seen } = bench(side(fails('UT_INFERENCE_WINDOW_LOST')), side(sad));
    await expect(classifier.classify(WINDOW)).rejects.toThrow('UT_INFERENCE_WINDOW_LOST');
    await settled();
    expect(seen).toEqual([]);
  });
});
