import { describe, expect, it } from 'vitest';
import type { EpochLog } from '../fit/run-log.js';
import { describeEpoch } from './progress.js';

const log: EpochLog = {
  epoch: 10,
  steps: 50,
  loss: 1.23456,
  accuracy: 0.5,
  validation: { loss: 0.9, accuracy: 0.7, unweightedAccuracy: 0.685 },
  learningRate: 0.001,
  best: true,
  seconds: 30,
  tensors: 1,
  rssBytes: 1,
};

describe('the line of an epoch', () => {
  it('says how it went and how long the rest takes at most', () => {
    expect(describeEpoch(log, 50)).toBe(
      'epoch 10/50  loss 1.235, accuracy 50.0 %  validation: loss 0.900, UA 68.5 %  rate 0.001  30 s, at most 20 min left  best',
    );
  });

  it('leaves validation out where there is none', () => {
    expect(describeEpoch({ ...log, validation: null, best: false }, 50)).not.toMatch(/validation|best/);
  });
});
