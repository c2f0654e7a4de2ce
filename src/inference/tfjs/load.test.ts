import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTfjs, setUpTensorFlow } from './load.js';

const before = { ...process.env };
beforeEach(() => {
  delete process.env.TF_NUM_INTRAOP_THREADS;
});
afterEach(() => {
  process.env = { ...before };
});

test.each(['23.0.0', '24.11.1'])('on Node %s it is refused before it is looked for', (node) => {
  expect(() => findTfjs(node)).toThrow(
    `UT_INFERENCE_NO_TFJS: @tensorflow/tfjs-node does not run on Node ${node}; use Node 20 or 22.`,
  );
});

test.each([
  ['nowhere', []],
  ['without its compiled part', ['src/inference/tfjs']],
])('a package that lies %s is said to be missing, with the command that brings it', (_, folders) => {
  const search = () => findTfjs('22.0.0', folders);
  expect(search).toThrow('UT_INFERENCE_NO_TFJS: @tensorflow/tfjs-node is not installed.');
  expect(search).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('node scripts/install-tfjs.mjs') }),
  );
});

test('what the operator has set for TensorFlow stays', () => {
  setUpTensorFlow({ TF_NUM_INTRAOP_THREADS: '1' });
  expect(process.env.TF_NUM_INTRAOP_THREADS).toBe('1');
  setUpTensorFlow({ TF_NUM_INTRAOP_THREADS: '4' });
  expect(process.env.TF_NUM_INTRAOP_THREADS).toBe('1');
});
