import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filtersAt, loadBundle, loadFloat32, writeBundle } from '../../src/inference/index.js';
import {
  evaluateModel,
  type Optimization,
  type OptimizeOptions,
  optimizeBundle,
  prepareCorpus,
  renderOptimization,
} from '../../src/training/index.js';
import { testBundle } from '../support/bundle.js';
import { plantBuzzCorpus } from '../support/buzz-corpus.js';
import { describeWith } from '../support/requirements.js';

let root: string;

const options = (name: string, changes: Partial<OptimizeOptions> = {}): OptimizeOptions => ({
  bundle: join(root, 'whole'),
  data: [join(root, 'prepared')],
  out: join(root, name),
  name,
  protocol: 'tess-random',
  now: () => 0,
  ...changes,
});

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-optimize-'));
  await plantBuzzCorpus(join(root, 'tess'));
  const out = join(root, 'prepared');
  await prepareCorpus({ corpus: 'tess', corpusFolder: join(root, 'tess'), out, variants: 1, threads: 0 });
  await writeBundle(join(root, 'whole'), testBundle());
}, 120_000);
afterAll(() => rm(root, { recursive: true }));

const optimizationOf = async (name: string): Promise<Optimization> =>
  JSON.parse(await readFile(join(root, name, 'optimization.json'), 'utf8'));

describe('undertone optimize', () => {
  test('computes a bundle in integers, and says what that cost', { timeout: 120_000 }, async () => {
    const { modelId, optimization } = await optimizeBundle(options('int8', { int8: {} }));
    const bundle = await loadBundle(join(root, 'int8'));
    expect(bundle.modelId).toBe(modelId);
    expect(bundle.optimized?.kind).toBe('int8');
    expect(await optimizationOf('int8')).toEqual(optimization);
    expect(optimization.judgedOn).toBe('other-test');
    const [before, after] = optimization.builds;
    expect(before).toMatchObject({ step: 'before', sameLabel: 1, filters: filtersAt(1 / 16) });
    expect(before!.modelId).toBe((await loadBundle(join(root, 'whole'))).modelId);
    expect(after).toMatchObject({ step: 'int8', modelId });
    expect(after!.bytes).toBeLessThan(before!.bytes / 3);
    expect(after!.sameLabel).toBeGreaterThan(0.5);
    expect(after!.windowMs).toBeGreaterThan(0);
    expect(after!.accuracy[0]).toMatchObject({ corpus: 'tess', clips: before!.accuracy[0]!.clips });
    const section = renderOptimization(optimization);
    expect(section).toContain('| int8 | filters × 0.0625 |');
    expect(section).not.toMatch(/undefined|NaN/);
  });

  test('gives the same integers each time, others with another seed', { timeout: 120_000 }, async () => {
    const idOf = async (name: string, seed: string) =>
      (await optimizeBundle(options(name, { name: 'again', int8: {}, seed }))).modelId;
    const first = await idOf('again-1', '1');
    expect(await idOf('again-2', '1')).toBe(first);
    expect(await idOf('again-3', '2')).not.toBe(first);
  });

  test('leaves the float32 weights out where asked; evaluate runs what is left', {
    timeout: 120_000,
  }, async () => {
    const int8 = { withoutFloat32: 'undertone train data --name whole' };
    const { modelId } = await optimizeBundle(options('alone', { int8 }));
    expect((await readdir(join(root, 'alone'))).sort()).toEqual([
      'bundle.json',
      'model.int8.onnx',
      'optimization.json',
    ]);
    const { evaluation, card } = await evaluateModel({
      bundle: join(root, 'alone'),
      data: [join(root, 'prepared')],
      protocol: 'tess-random',
    });
    expect(evaluation.modelId).toBe(modelId);
    expect(await readFile(card, 'utf8')).toContain(renderOptimization(await optimizationOf('alone')).trim());
    await expect(
      optimizeBundle(options('twice', { bundle: join(root, 'alone'), int8: {} })),
    ).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_MISSING_FILE' });
  });

  test.each<[string, Partial<OptimizeOptions>, RegExp]>([
    ['nothing to do', {}, /nothing is to be done/],
    ['no protocol', { int8: {}, protocol: undefined as never }, /names no protocol/],
    ['a protocol of other labels', { int8: {}, protocol: 'ravdess-5fold', fold: 'fold-1' }, /calm/],
    ['a fold that is not there', { int8: {}, protocol: 'ravdess-7', fold: 'x' }, /fold must be named/],
    [
      'a share that is none',
      { prune: { target: { share: 1.5 }, run: 'never' } },
      /1.5 where a share between 0 and 1/,
    ],
    ['too few bytes', { prune: { target: { bytes: 100 }, run: 'never' } }, /100 bytes are too few/],
  ])('refuses %s', { timeout: 60_000 }, async (_, changes, message) => {
    await expect(optimizeBundle(options('refused', changes))).rejects.toThrow(message);
  });

  test('does not prune a bundle in its own folder', async () => {
    const prune = { target: { share: 0.5 }, run: join(root, 'run') };
    const optimizing = optimizeBundle(options('whole', { prune }));
    await expect(optimizing).rejects.toThrow(/folder of its own/);
  });
});

describeWith(['tfjs'], 'undertone optimize with training', () => {
  test('prunes to a size, trains the rest again, then computes it in integers', {
    timeout: 300_000,
  }, async () => {
    const bytes = 60_000;
    const prune = { target: { bytes }, run: join(root, 'pruned-run'), epochs: 1 };
    const { optimization } = await optimizeBundle(options('pruned', { prune, int8: {} }));
    const [before, pruned, int8] = optimization.builds;
    expect(optimization.builds.map(({ step }) => step)).toEqual(['before', 'pruned', 'int8']);
    expect(int8!.bytes).toBeLessThanOrEqual(bytes);
    expect(pruned!.filters.every((filters, at) => filters <= before!.filters[at]!)).toBe(true);
    expect(pruned!.bytes).toBeLessThan(before!.bytes);
    const { network } = await loadFloat32(join(root, 'pruned'));
    expect(network.architecture.filters).toEqual(int8!.filters);
  });

  test('keeps what the whole model was calibrated by, where the protocol has nobody to calibrate with', {
    timeout: 300_000,
  }, async () => {
    const uncertain = { threshold: 0.45, precision: 0.76, coverage: 0.8 };
    const calibration = { temperature: 1.2, points: 9, wantedPrecision: 0.75, uncertain };
    const bundle = join(root, 'calibrated');
    await writeBundle(bundle, { ...testBundle(), training: { calibration } });
    const prune = { target: { share: 0.3 }, run: join(root, 'calibrated-run'), epochs: 1 };
    const protocol = { protocol: 'speakers-5fold', fold: 'fold-1' } as const;
    await optimizeBundle(options('kept', { bundle, prune, ...protocol }));
    const kept = await loadBundle(join(root, 'kept'));
    expect(kept.calibration.temperature).toBe(1.2);
    expect(kept.thresholds.uncertain).toBe(0.45);
    expect(kept.training.calibration).toEqual(calibration);
  });
});
