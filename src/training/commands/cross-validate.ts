import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { type Bundle, createOnnxClassifier, loadBundle } from '../../inference/index.js';
import { type Dataset, duplicateNotes, openDataset } from '../data/dataset.js';
import type { Calibration } from '../evaluate/calibration.js';
import { renderFolds } from '../evaluate/card/card.js';
import { calibrationOf, crossCalibrate } from '../evaluate/cross-calibration.js';
import { type Evaluation, evaluationOf } from '../evaluate/evaluation.js';
import { evaluationText } from '../evaluate/evaluation-file.js';
import { judgeBundle, type LineOptions } from '../evaluate/judge-bundle.js';
import { type ClipJudgement, readJudgements, writeJudgements } from '../evaluate/judgements.js';
import { mergeLabels } from '../evaluate/merge-labels.js';
import { noisesInTraining } from '../evaluate/training-record.js';
import { writeFileAtomically } from '../files.js';
import type { RunListener } from '../fit/run.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { noiseNames } from '../prepare/noises.js';
import { type Fold, type ProtocolName, protocolOf } from '../protocols.js';
import type { TrainingRecipe } from '../recipes.js';
import { splitBy } from '../split.js';
import { type FoldModels, modelsOfFolds } from './fold-models.js';
import { trainBundle } from './train.js';

export interface CrossValidateOptions {
  /** Directories written by `undertone prepare`. */
  readonly data: readonly string[];
  readonly protocol: ProtocolName;
  /** Names of the folds to be done; what is reported is theirs alone. Default: all. */
  readonly only?: readonly string[];
  readonly recipe: TrainingRecipe;
  /** Stands in names and titles. */
  readonly recipeName: string;
  /**
   * A folder for each fold: its run, its bundle, and what it said of its test clips. Whatever is there is not done again. A bundle
   * without a run, made of a model of this fold by another command, is judged as it is.
   */
  readonly runs: string;
  /** Markdown file with the figures; `….json` stands beside it. */
  readonly card: string;
  /** Recordings and noise, to judge telephone lines too. */
  readonly lines: LineOptions | null;
  /** Share of confident windows that shall be right. Default 0.75. */
  readonly wantedPrecision?: number;
  /** No further fold is begun, and no further epoch, after so long; the same call goes on. */
  readonly maxMinutes?: number;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  readonly listener?: RunListener;
  readonly onWarning?: (text: string) => void;
  readonly onFold?: (name: string, state: 'training' | 'judging' | 'done') => void;
}

/** `….json`: an evaluation over all folds, and what a model of the same recipe may be calibrated by. */
export interface CrossValidation extends Evaluation {
  /** The recipe, or the name of the models where another command made them. */
  readonly recipe: string;
  /** Learnt from the test clips of all folds: for a model of the same recipe that trains on everybody. */
  readonly calibration: Calibration;
}

export interface CrossValidateSummary {
  /** `null` where the time was over before all folds were judged. */
  readonly result: CrossValidation | null;
  readonly card: string;
  readonly foldsDone: number;
  readonly folds: number;
}

/**
 * Trains a model for each fold of a protocol, judges it on the fold's test speakers, and pools what all of them said.
 * @throws those of trainBundle and loadBundle; UT_TRAINING_BAD_OPTIONS where no fold has a test speaker in the data
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidateSummary> {
  const { now = Date.now } = options;
  const deadline = now() + (options.maxMinutes ?? Infinity) * 60_000;
  const dataset = await openDataset(options.data);
  for (const note of duplicateNotes(dataset)) options.onWarning?.(note);
  const asked = await whatIsAsked(options, dataset);
  const { folds } = asked;
  const { modelsOf } = protocolOf(options.protocol);
  if (modelsOf !== undefined) {
    const others = await Promise.all(folds.map((fold) => judgementsOfOthers(options, modelsOf, fold)));
    return writeFigures(options, await poolFolds(options, asked, others));
  }
  const judged: ClipJudgement[][] = [];
  for (const fold of folds) {
    const judgements = now() < deadline ? await judgeFold(options, asked, fold, deadline - now()) : null;
    if (judgements === null)
      return { result: null, card: options.card, foldsDone: judged.length, folds: folds.length };
    judged.push(judgements);
  }
  return writeFigures(options, await poolFolds(options, asked, judged));
}

async function writeFigures(
  options: CrossValidateOptions,
  result: CrossValidation,
): Promise<CrossValidateSummary> {
  const folds = result.foldCount;
  await mkdir(dirname(options.card), { recursive: true });
  const json = join(dirname(options.card), `${basename(options.card, '.md')}.json`);
  await writeFileAtomically(json, evaluationText(result));
  const { protocol, recipeName } = options;
  const models = result.recipe === recipeName ? `recipe ${recipeName}` : result.recipe;
  await writeFileAtomically(options.card, renderFolds(`${protocol}, ${models}`, result));
  return { result, card: options.card, foldsDone: folds, folds };
}

/**
 * Names of the folds that {@link crossValidate} trains models for; none where it judges another protocol's, or
 * what another command made.
 * @throws UT_TRAINING_BAD_DATA, UT_TRAINING_BAD_OPTIONS; those of loadBundle
 */
export async function foldsToTrain(options: CrossValidateOptions): Promise<string[]> {
  if (protocolOf(options.protocol).modelsOf !== undefined) return [];
  const { folds, models } = await whatIsAsked(options, await openDataset(options.data));
  return models.areMadeElsewhere ? [] : folds.map(({ name }) => name);
}

interface Asked {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  readonly models: FoldModels;
}

/** Refuses what can't be reported together before anything is trained. */
async function whatIsAsked(options: CrossValidateOptions, dataset: Dataset): Promise<Asked> {
  const folds = testedFolds(options, dataset);
  const names = folds.map(({ name }) => name);
  return { dataset, folds, models: await modelsOfFolds(options, names) };
}

/** Folds of which somebody is there to be tested: speakers may be missing from the data. */
function testedFolds({ protocol, recipe, only }: CrossValidateOptions, dataset: Dataset): readonly Fold[] {
  const known = protocolOf(protocol);
  const unknown = only?.find((name) => !known.folds.some((fold) => fold.name === name));
  if (unknown !== undefined) {
    const names = known.folds.map(({ name }) => name).join(', ');
    const detail = `there is no fold "${unknown}": ${protocol} has ${names}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--fold' });
  }
  const { seed } = recipe.settings;
  const wanted = known.folds.filter(({ name }) => only?.includes(name) ?? true);
  const testsOf = (fold: Fold) => splitBy(known, fold, dataset.clips, seed).test;
  const folds = wanted.filter((fold) => testsOf(fold).length > 0);
  refuseSharedTests(protocol, folds.map(testsOf));
  if (folds.length > 0) return folds;
  const detail = `no prepared clip belongs to a test speaker of ${protocol}.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--protocol' });
}

/** Figures of clips that several models judge can't be pooled, and each model would be calibrated by its own test speakers. */
function refuseSharedTests(protocol: ProtocolName, tests: readonly (readonly PreparedClip[])[]): void {
  const ids = tests.flat().map(({ corpus, id }) => `${corpus}/${id}`);
  if (new Set(ids).size === ids.length) return;
  const detail = `several folds of ${protocol} test the same clips, so that their figures can't be pooled. Name one fold at a time.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--fold' });
}

/** Trains a fold's model and lets it judge the fold's test clips, uncalibrated; `null` where the time was over first. */
async function judgeFold(
  options: CrossValidateOptions,
  { dataset, models }: Asked,
  fold: Fold,
  leftMs: number,
): Promise<ClipJudgement[] | null> {
  const { data, protocol, recipe, recipeName, runs, listener, now, onFold } = options;
  const folder = join(runs, fold.name);
  if (models.areMadeElsewhere) return judgeWith(options, dataset, fold);
  onFold?.(fold.name, 'training');
  const trained = await trainBundle({
    data,
    protocol,
    fold: fold.name,
    recipe,
    name: `${recipeName}-${protocol}-${fold.name}`,
    run: folder,
    bundle: join(folder, 'bundle'),
    maxMinutes: leftMs / 60_000,
    ...(now === undefined ? {} : { now }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(listener === undefined ? {} : { listener }),
  });
  return trained.finished ? judgeWith(options, dataset, fold) : null;
}

async function judgeWith(
  options: CrossValidateOptions,
  dataset: Dataset,
  fold: Fold,
): Promise<ClipJudgement[]> {
  options.onFold?.(fold.name, 'judging');
  const judgements = await judgementsOf(options, dataset, fold, join(options.runs, fold.name, 'bundle'));
  options.onFold?.(fold.name, 'done');
  return judgements;
}

/** What a fold's model said, from its file where the same model has been asked the same before. */
async function judgementsOf(
  { protocol, recipe, lines }: CrossValidateOptions,
  dataset: Dataset,
  fold: Fold,
  folder: string,
): Promise<ClipJudgement[]> {
  const trained = await loadBundle(folder);
  const bundle: Bundle = { ...trained, calibration: { temperature: 1 }, thresholds: { uncertain: 0 } };
  const file = judgementsFile(folder, trained, lines);
  const known = await readJudgements(file).catch(() => null);
  if (known !== null) return known.judgements;
  const { seed } = recipe.settings;
  const { test: clips } = splitBy(protocolOf(protocol), fold, dataset.clips, seed);
  const classifier = createOnnxClassifier({ bundle });
  await classifier.start();
  try {
    const judgements = await judgeBundle({ bundle, classifier, dataset, clips, seed, lines });
    await writeJudgements(file, bundle.labels, judgements);
    return judgements;
  } finally {
    await classifier.close();
  }
}

/** Where a model's judgements are kept: another model, or other questions, have another file. */
function judgementsFile(folder: string, { modelId }: Bundle, lines: LineOptions | null): string {
  const asked = lines === null ? 'prepared' : `lines-${lines.noiseClips}`;
  return join(folder, '..', `judgements-${modelId.split('@')[1]}-${asked}.jsonl`);
}

/** What the models of another protocol said, under this one's labels. @throws UT_TRAINING_BAD_OPTIONS */
async function judgementsOfOthers(
  { protocol, runs, lines }: CrossValidateOptions,
  modelsOf: string,
  fold: Fold,
): Promise<ClipJudgement[]> {
  const { labels, merge = {} } = protocolOf(protocol);
  const folder = join(runs, fold.name, 'bundle');
  try {
    const known = await readJudgements(judgementsFile(folder, await loadBundle(folder), lines));
    return mergeLabels(known.judgements, known.labels, labels, merge);
  } catch (cause) {
    const detail = `${protocol} takes what the models of ${modelsOf} said, with the same --runs, --corpora and --noise-clips; of ${fold.name} nothing is there. Run that protocol first.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--runs', cause });
  }
}

async function poolFolds(
  options: CrossValidateOptions,
  { dataset, folds, models }: Asked,
  judged: readonly ClipJudgement[][],
): Promise<CrossValidation> {
  const { protocol, recipe, lines, wantedPrecision = 0.75 } = options;
  const { labels, description, leaks, modelsOf = protocol } = protocolOf(protocol);
  const { training } = await loadBundle(join(options.runs, folds[0]!.name, 'bundle'));
  const facts = {
    modelId: `${models.name} (${folds.length} models)`,
    labels,
    protocol,
    description,
    trainedBy: modelsOf,
    leaks,
    noises: lines === null ? [] : await noiseNames(lines.noiseFolder, []),
    noisesHeard: noisesInTraining(training),
    duplicates: dataset.duplicates.length,
    seed: recipe.settings.seed,
  };
  const calibrated = judged.length > 1 ? crossCalibrate(judged, labels, wantedPrecision) : judged;
  const calibration = calibrationOf(judged.flat(), labels, wantedPrecision);
  return { ...evaluationOf(facts, calibrated), recipe: models.name, calibration };
}
