import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/index.js';
import {
  type CrossValidateOptions,
  crossValidate,
  foldsToTrain,
  ofWidth,
  optimizeBundle,
  prepareCorpus,
  RECIPES,
} from '../../src/training/index.js';
import { BUZZ_FOLDERS, plantBuzzCorpus } from '../support/buzz-corpus.js';
import { noise } from '../support/noise.js';
import { runProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';

const CLIPS = 2 * 4 * BUZZ_FOLDERS.length;

describeWith(['tfjs'], 'folds', () => {
  let root: string;
  const options = (changes: Partial<CrossValidateOptions> = {}): CrossValidateOptions => ({
    data: [join(root, 'data')],
    protocol: 'tess-cross-speaker',
    recipe: {
      ...ofWidth(RECIPES.quarter, 1 / 16),
      settings: { ...RECIPES.quarter.settings, epochs: 1, batchSize: 14 },
    },
    recipeName: 'small',
    runs: join(root, 'runs'),
    card: join(root, 'figures', 'folds.md'),
    lines: null,
    ...changes,
  });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'undertone-folds-'));
    await plantBuzzCorpus(join(root, 'tess'));
    const corpusFolder = join(root, 'tess');
    await prepareCorpus({ corpus: 'tess', corpusFolder, out: join(root, 'data'), variants: 0, threads: 0 });
  }, 120_000);
  afterAll(() => rm(root, { recursive: true }));

  it('are each trained, judged on speakers of their own, pooled, and not done twice', {
    timeout: 180_000,
  }, async () => {
    const states: string[] = [];
    const onFold = (name: string, state: string) => states.push(`${name} ${state}`);
    const { result, card } = await crossValidate(options({ onFold }));
    const [tess] = result!.conditions[0]!.corpora;
    expect(result).toMatchObject({ foldCount: 2, leaks: false, recipe: 'small' });
    expect(tess!.byClip.items).toBe(CLIPS);
    expect(tess!.bySpeaker.map(({ speaker }) => speaker)).toEqual(['tess/OAF', 'tess/YAF']);
    expect(states.filter((state) => state.endsWith('done'))).toEqual(['oaf-to-yaf done', 'yaf-to-oaf done']);
    expect(await readFile(card, 'utf8')).toContain('2 folds, a model each');

    const checkpoint = join(root, 'runs', 'oaf-to-yaf', 'checkpoint.bin');
    const before = (await stat(checkpoint)).mtimeMs;
    const again = await crossValidate(options());
    expect(again.result!.conditions).toEqual(result!.conditions);
    expect((await stat(checkpoint)).mtimeMs).toBe(before);
  });

  it('of models that another command made are judged as they are, under the name of these models', {
    timeout: 180_000,
  }, async () => {
    const runs = join(root, 'made');
    for (const fold of ['oaf-to-yaf', 'yaf-to-oaf']) {
      await optimizeBundle({
        bundle: join(root, 'runs', fold, 'bundle'),
        data: [join(root, 'data')],
        name: 'integers',
        out: join(runs, fold, 'bundle'),
        int8: {},
      });
    }
    const states: string[] = [];
    const onFold = (name: string, state: string) => states.push(`${name} ${state}`);
    const { result, card } = await crossValidate(
      options({ runs, onFold, card: join(root, 'figures', 'made.md') }),
    );
    expect(states.filter((state) => state.endsWith('training'))).toEqual([]);
    expect(result).toMatchObject({ foldCount: 2, recipe: 'integers' });
    expect(await readFile(card, 'utf8')).toContain('# tess-cross-speaker, integers\n');
    expect(existsSync(join(runs, 'oaf-to-yaf', 'run.json'))).toBe(false);
    expect(await foldsToTrain(options({ runs }))).toEqual([]);

    const bundle = (fold: string) => join(runs, fold, 'bundle');
    await writeFile(join(bundle('yaf-to-oaf'), 'bundle.json'), 'torn');
    await expect(foldsToTrain(options({ runs }))).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_JSON' });
    await rm(bundle('yaf-to-oaf'), { recursive: true });
    await expect(foldsToTrain(options({ runs }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      message: expect.stringContaining('oaf-to-yaf is of integers, that of yaf-to-oaf is of recipe small'),
    });
    await cp(bundle('oaf-to-yaf'), bundle('yaf-to-oaf'), { recursive: true });
    await expect(foldsToTrain(options({ runs }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      message: expect.stringContaining('not of tess-cross-speaker, yaf-to-oaf'),
    });
  });

  it('of which the time is over are said to be open, and no figures are written', async () => {
    const late = await crossValidate(options({ maxMinutes: 0, card: join(root, 'late.md') }));
    expect(late).toMatchObject({ result: null, foldsDone: 0, folds: 2 });
    await expect(stat(join(root, 'late.md'))).rejects.toThrow();
  });

  it('that a protocol does not have, or in which nobody is tested, are refused', async () => {
    const code = 'UT_TRAINING_BAD_OPTIONS';
    await expect(crossValidate(options({ only: ['fold-9'] }))).rejects.toMatchObject({
      code,
      place: '--fold',
    });
    const none = options({ protocol: 'speakers-5fold', only: ['fold-5'] });
    await expect(crossValidate(none)).rejects.toMatchObject({ code, place: '--protocol' });
  });

  it('that test the same clips are taken one at a time: pooled, each would be calibrated by its own test', async () => {
    const corpusFolder = join(root, 'ravdess');
    for (const [take, actor] of ['01', '02', '17'].entries()) {
      const samples = noise(8000 + 100 * take, take);
      const wav = encodeWav({ sampleRateHz: 8000, channels: [samples.map((v) => v / 4)] }, 's16le');
      await mkdir(join(corpusFolder, `Actor_${actor}`), { recursive: true });
      await writeFile(join(corpusFolder, `Actor_${actor}`, `03-01-05-01-01-01-${actor}.wav`), wav);
    }
    const out = join(root, 'actors');
    await prepareCorpus({ corpus: 'ravdess', corpusFolder, out, variants: 0, threads: 0 });
    const curve = options({ protocol: 'learning-curve', data: [out] });
    await expect(foldsToTrain(curve)).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      place: '--fold',
      message: expect.stringContaining('Name one fold at a time'),
    });
    expect(await foldsToTrain({ ...curve, only: ['actors-4'] })).toEqual(['actors-4']);
  });

  describe('by the command, in a process each', { timeout: 180_000 }, () => {
    const command = (runs: string, card: string) =>
      runProgram([
        ...['evaluate', 'folds', join(root, 'data'), '--protocol', 'tess-cross-speaker', '--parallel', '2'],
        ...['--width', '0.0625', '--epochs', '1', '--batch-size', '14', '--runs', runs, '--card', card],
      ]);

    it('are pooled as they are in one process', async () => {
      const card = join(root, 'figures', 'processes.md');
      const { code, stdout, stderr } = await command(join(root, 'processes'), card);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`Card: ${card}`);
      expect(stderr).toMatch(/^oaf-to-yaf {2}epoch 1\/1/m);
      expect(stderr).toMatch(/^yaf-to-oaf {2}epoch 1\/1/m);
      expect(await readFile(card, 'utf8')).toContain('2 folds, a model each');
    });

    it('end with the name of the one that failed, and no figures are written', async () => {
      const runs = join(root, 'broken');
      await mkdir(join(runs, 'yaf-to-oaf'), { recursive: true });
      await writeFile(join(runs, 'yaf-to-oaf', 'run.json'), '{}');
      const { code, stderr } = await command(runs, join(root, 'broken.md'));
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/^yaf-to-oaf {2}.*UT_TRAINING_BAD_CHECKPOINT/m);
      expect(stderr).toMatch(/UT_TRAINING_FOLD_FAILED.*\n.*yaf-to-oaf|yaf-to-oaf.*UT_TRAINING_FOLD_FAILED/);
      await expect(stat(join(root, 'broken.md'))).rejects.toThrow();
    });
  });
});
