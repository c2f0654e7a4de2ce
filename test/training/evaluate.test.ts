import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { encodeWav } from '../../src/audio/index.js';
import { DEFAULT_FRONT_END } from '../../src/features/index.js';
import { EMOTIONS } from '../../src/inference/index.js';
import { HEADLINE, LINE_CONDITIONS, NOISE_SNRS_DB } from '../../src/training/evaluate/conditions.js';
import { evaluationOf } from '../../src/training/evaluate/evaluation.js';
import { evaluationText } from '../../src/training/evaluate/evaluation-file.js';
import { type ClipJudgement, readJudgements } from '../../src/training/evaluate/judgements.js';
import {
  evaluateModel,
  type Optimization,
  prepareCorpus,
  takeFigures,
  writeReport,
} from '../../src/training/index.js';
import { writeTestBundle } from '../support/bundle.js';
import { noise } from '../support/noise.js';

// Each test loads engines; on a busy machine their threads take long to begin.
vi.setConfig({ testTimeout: 120_000 });

/** Of each speaker: enough for a random draw to leave some for the test. */
const CLIPS = 6;

let root: string;
const path = (name: string) => join(root, name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-evaluate-'));
  for (const speaker of ['OAF', 'YAF']) {
    const folder = path(`tess/${speaker}_sad`);
    await mkdir(folder, { recursive: true });
    for (let clip = 0; clip < CLIPS; clip++) {
      const samples = noise(8000, speaker.charCodeAt(0) + 7 * clip).map((sample) => sample / 8);
      const wav = encodeWav({ sampleRateHz: 8000, channels: [samples] }, 's16le');
      await writeFile(join(folder, `clip-${clip}.wav`), wav);
    }
  }
  const corpus = {
    corpus: 'tess' as const,
    corpusFolder: path('tess'),
    out: path('prepared'),
    variants: 0,
    threads: 0,
  };
  await prepareCorpus(corpus);
  await writeTestBundle(path('bundle'));
  await writeTestBundle(path('other'), 1, { ...DEFAULT_FRONT_END, hopLength: 100 });
});
afterAll(() => rm(root, { recursive: true }));

it('judges any bundle by a protocol that is named, into a card of another name', async () => {
  const { evaluation, pictures } = await evaluateModel({
    bundle: path('bundle'),
    data: [path('prepared')],
    protocol: 'tess-cross-speaker',
    card: path('report/tess.md'),
  });
  expect(evaluation.conditions.map(({ condition }) => condition)).toEqual(['as prepared']);
  expect(evaluation.conditions[0]!.corpora[0]!.byClip.items).toBe(CLIPS);
  expect(pictures).toEqual([path('report/tess-confusion-tess.png')]);
});

it('keeps the card of a bundle for the protocol that it was trained by', async () => {
  const bundle = path('trained');
  await writeTestBundle(bundle);
  const json = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8'));
  const training = { protocol: 'tess-cross-speaker', fold: 'oaf-to-yaf' };
  await writeFile(join(bundle, 'bundle.json'), JSON.stringify({ ...json, training }));
  const options = { bundle, data: [path('prepared')], protocol: 'tess-random' as const };
  await expect(evaluateModel(options)).rejects.toMatchObject({
    code: 'UT_TRAINING_BAD_OPTIONS',
    place: '--card',
  });
  const { evaluation, card } = await evaluateModel({ ...options, card: path('report/reverse.md') });
  expect(evaluation).toMatchObject({ trainedBy: 'tess-cross-speaker', leaks: true });
  expect(await readFile(card, 'utf8')).toContain('Trained by `tess-cross-speaker`, judged by `tess-random`');
  expect((await evaluateModel({ bundle, data: options.data })).evaluation.leaks).toBe(false);
});

it('refuses data prepared for another front end', async () => {
  const evaluated = evaluateModel({
    bundle: path('other'),
    data: [path('prepared')],
    protocol: 'tess-cross-speaker',
  });
  await expect(evaluated).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_DATA', place: path('prepared') });
});

it('asks for a protocol where the bundle names none', async () => {
  const evaluated = evaluateModel({ bundle: path('bundle'), data: [path('prepared')] });
  await expect(evaluated).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_OPTIONS', place: 'protocol' });
});

it('refuses a folder that was never prepared', async () => {
  const evaluated = evaluateModel({
    bundle: path('bundle'),
    data: [path('tess')],
    protocol: 'tess-cross-speaker',
  });
  await expect(evaluated).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_DATA', place: path('tess') });
});

it('needs the recordings to judge telephone lines', async () => {
  const lines = { corpora: {}, noiseFolder: path('tess/OAF_sad'), noiseClips: 1 };
  const options = {
    bundle: path('bundle'),
    data: [path('prepared')],
    protocol: 'tess-cross-speaker' as const,
    lines,
  };
  await expect(evaluateModel(options)).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_OPTIONS' });
});

it('says what the model said of each clip under each condition, and of which noise it was heard', async () => {
  const { evaluation } = await evaluateModel({
    bundle: path('bundle'),
    data: [path('prepared')],
    protocol: 'tess-cross-speaker',
    card: path('lines/card.md'),
    judgements: path('lines/judgements.jsonl'),
    lines: { corpora: { tess: path('tess') }, noiseFolder: path('tess/OAF_sad'), noiseClips: 2 },
  });
  const { labels, judgements } = await readJudgements(path('lines/judgements.jsonl'));
  const conditions = evaluation.conditions.map(({ condition }) => condition);
  expect(labels).toEqual(evaluation.labels);
  expect(conditions).toEqual(LINE_CONDITIONS.map(({ name }) => name));
  expect(judgements).toHaveLength(CLIPS * conditions.length + 2 * CLIPS * NOISE_SNRS_DB.length);
  expect(evaluation.noise).toHaveLength(CLIPS);
  expect(evaluation.noise[0]).toMatchObject({ noise: 'clip-0', heard: null, clips: 2 });
  const of = (name: string) => judgements.filter(({ condition }) => condition === name);
  const windowsOf = (name: string) => of(name).map(({ windows }) => windows);
  // The recordings are of 8 kHz: nothing is lost where nothing more was there.
  expect(windowsOf('8 kHz')).toEqual(windowsOf('16 kHz'));
  expect(windowsOf('G.711 µ-law')).not.toEqual(windowsOf('8 kHz'));
  const report = await writeReport({
    bundle: path('bundle'),
    data: [path('prepared')],
    evaluation: path('lines/evaluation.json'),
    beside: [],
    out: path('lines/report.html'),
  });
  expect(await readFile(report, 'utf8')).toContain('tess/YAF, clip ');
});

it('a report is of an evaluation of the same weights, by this version', async () => {
  const write = (name: string, content: unknown) => writeFile(path(name), JSON.stringify(content));
  await write('old.json', { modelId: 'test' });
  await write('foreign.json', { formatVersion: 2, foldCount: 1, modelId: 'other@0' });
  const code = 'UT_TRAINING_BAD_DATA';
  for (const name of ['old.json', 'foreign.json', 'none.json']) {
    const written = writeReport({ bundle: path('bundle'), data: [], evaluation: path(name), beside: [] });
    await expect(written).rejects.toMatchObject({ code, place: path(name) });
  }
});

it('a bundle that trained on everybody gets the card of folds that were trained alike', async () => {
  const facts = {
    modelId: 'quarter (2 models)',
    labels: [...EMOTIONS],
    protocol: 'tess-cross-speaker',
    description: 'one trains, the other tests, in turn.',
    trainedBy: 'tess-cross-speaker',
    leaks: false,
    noises: [],
    noisesHeard: null,
    duplicates: 0,
    seed: '1',
  };
  const fold = (speaker: string): ClipJudgement[] => [
    {
      condition: HEADLINE.name,
      corpus: 'tess',
      clip: speaker,
      speaker,
      label: 'sad',
      uncertainBelow: 0.4,
      windows: [EMOTIONS.map((label) => Number(label === 'sad'))],
    },
  ];
  const folds = { ...evaluationOf(facts, [fold('tess/OAF'), fold('tess/YAF')]), recipe: 'small' };
  const modelId = await writeTestBundle(path('everybody'));
  await writeFile(path('everybody/optimization.json'), JSON.stringify(optimizationOf(modelId)));
  await writeFile(path('folds.json'), evaluationText(folds));
  const { card } = await takeFigures(path('everybody'), path('folds.json'));
  expect(await readFile(card, 'utf8')).toContain('These are the figures of 2 models, one for each fold');
  expect(await readFile(card, 'utf8')).toContain('after calibration');
  const report = await writeReport({ bundle: path('everybody'), data: [], beside: [path('folds.json')] });
  const page = await readFile(report, 'utf8');
  expect(page).toContain('100.0 ± 0.0');
  expect(page).toContain('<td>7.25</td>');
  expect(await readFile(card, 'utf8')).toContain('## Made small');
  await writeFile(path('everybody/optimization.json'), JSON.stringify(optimizationOf('other@0')));
  await takeFigures(path('everybody'), path('folds.json'));
  expect(await readFile(card, 'utf8')).not.toContain('## Made small');
  await writeFile(path('part.json'), evaluationText({ ...folds, foldCount: 1 }));
  await takeFigures(path('everybody'), path('part.json'));
  expect(await readFile(card, 'utf8')).toContain('These are the figures of one model, trained by');
  expect(await readFile(card, 'utf8')).toContain('not calibrated');
  await writeReport({ bundle: path('everybody'), data: [], beside: [] });
  const { recipe: _, ...ofBundle } = folds;
  await writeFile(path('one.json'), evaluationText(ofBundle));
  await expect(takeFigures(path('everybody'), path('one.json'))).rejects.toMatchObject({
    code: 'UT_TRAINING_BAD_DATA',
    place: path('one.json'),
  });
});

function optimizationOf(modelId: string): Optimization {
  const shares = { unweightedAccuracy: 0.5, accuracy: 0.5 };
  const filters = [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512];
  const accuracy = [{ corpus: 'tess', clips: 2, byClip: shares, byWindow: shares }];
  const build = { step: 'int8', modelId, filters, bytes: 1e6, windowMs: 7.25, sameLabel: 1, accuracy };
  const calibration = { windows: 9, seed: '1' };
  return { protocol: 'release', fold: 'everyone', judgedOn: 'train', calibration, builds: [build] };
}
