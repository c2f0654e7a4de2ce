import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { EpochLog } from '../fit/run-log.js';
import { describeEpoch, showProgress, showTraining } from './progress.js';

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
      'epoch 10/50  loss 1.235, accuracy 50.0 %  validation: loss 0.900, UA 68.5 %  rate 1.0e-3  30 s, at most 20 min left  best',
    );
  });

  it('leaves validation out where there is none', () => {
    expect(describeEpoch({ ...log, validation: null, best: false }, 50)).not.toMatch(/validation|best/);
  });
});

describe('a bar', () => {
  /** A terminal that remembers what was written to it. */
  function terminal() {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    return { stream: stream as unknown as NodeJS.WriteStream, written: () => String(stream.read() ?? '') };
  }
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  it('that is stopped before its end leaves no timer that keeps the process alive', () => {
    const before = timers();
    const { stream } = terminal();
    const bar = showProgress(stream, 'clips');
    bar.show(1, 3);
    expect(timers()).toBe(before + 1);
    bar.stop();
    bar.stop();
    expect(timers()).toBe(before);
    const training = showTraining(stream, 5);
    training.onStep(1, 1, 9, 1.5, 0.2);
    training.stop();
    expect(timers()).toBe(before);
  });

  it('never hides the cursor: Ctrl-C could not bring it back', () => {
    const { stream, written } = terminal();
    const bar = showProgress(stream, 'clips');
    bar.show(1, 2);
    bar.show(2, 2);
    const text = written();
    expect(text).toContain('clips');
    expect(text).not.toContain('\x1b[?25l');
  });
});
