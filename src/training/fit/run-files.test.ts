import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { appendLog, type EpochLog, rewindLog } from './run-log.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

const checkpoint: Checkpoint = {
  epoch: 4,
  weights: [Float32Array.of(1, 2), Float32Array.of(3)],
  averages: [Float32Array.of(1.5, 2), Float32Array.of(3)],
  averagedSteps: 12,
  optimizer: [{ name: 'iter', shape: [], data: Float32Array.of(12) }],
  stopping: { bestEpoch: 3, bestScore: 0.6, stopped: false },
  best: [Float32Array.of(9, 9), Float32Array.of(9)],
};

describe('checkpoints', () => {
  it('come back as they were saved, and leave nothing half-written behind', async () => {
    await saveCheckpoint(folder, 'settings', { ...checkpoint, epoch: 3 });
    await saveCheckpoint(folder, 'settings', checkpoint);
    expect(await loadCheckpoint(folder, 'settings')).toMatchObject(checkpoint);
    expect(await readdir(folder)).toEqual(['checkpoint.bin']);
  });

  it('of a fresh folder are none', async () => {
    expect(await loadCheckpoint(folder, 'settings')).toBeNull();
  });

  it('of other settings are refused', async () => {
    await saveCheckpoint(folder, 'settings', checkpoint);
    await expect(loadCheckpoint(folder, 'others')).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CHECKPOINT',
    });
  });

  it('that are damaged are refused with their place', async () => {
    await writeFile(join(folder, 'checkpoint.bin'), 'rubbish');
    await expect(loadCheckpoint(folder, 'settings')).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CHECKPOINT',
      place: join(folder, 'checkpoint.bin'),
    });
  });
});

describe('the log of a run', () => {
  const line = (epoch: number): EpochLog => ({
    epoch,
    steps: 1,
    loss: 1,
    accuracy: 0,
    validation: null,
    learningRate: 0.001,
    best: false,
    seconds: 1,
    tensors: 1,
    rssBytes: 1,
  });

  it('loses what was logged after the checkpoint, and a line cut short', async () => {
    for (const epoch of [1, 2, 3]) await appendLog(folder, line(epoch));
    await appendFile(join(folder, 'log.jsonl'), '{"epoch":4,"st');
    await rewindLog(folder, 2);
    await appendLog(folder, line(3));
    const lines = (await readFile(join(folder, 'log.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((text) => (JSON.parse(text) as EpochLog).epoch)).toEqual([1, 2, 3]);
  });
});
