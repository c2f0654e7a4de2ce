import { expect, test } from 'vitest';
import { createDropClassifier } from './drop.js';

const LABELS = ['angry', 'happy', 'sad'];
const window = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));

test('answers with probabilities that are a function of the window alone', async () => {
  const classifier = createDropClassifier(LABELS);
  await classifier.start();
  const first = await classifier.classify(window);
  await classifier.classify(window.map((value) => value + 1));
  expect(await classifier.classify(window)).toEqual(first);
  expect(first.length).toBe(LABELS.length);
  expect(first.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  await classifier.close();
});

test('hears every value', async () => {
  const classifier = createDropClassifier(LABELS);
  const whole = await classifier.classify(window);
  for (const index of window.keys()) {
    const touched = window.map((value, i) => (i === index ? value + 1 : value));
    expect(await classifier.classify(touched), `value ${index}`).not.toEqual(whole);
  }
});

test('tells how long it took', async () => {
  const told: number[] = [];
  await createDropClassifier(LABELS, (ms) => told.push(ms)).classify(window);
  expect(told.length).toBe(1);
});
