import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { frameFingerprintOf } from '../../features/index.js';
import { type Bundle, createClassifier, type EngineName, loadBundle } from '../../inference/index.js';
import { duplicateNotes, openDataset } from '../data/dataset.js';
import { renderCard } from '../evaluate/card/card.js';
import { evaluateBundle } from '../evaluate/evaluate-bundle.js';
import type { Evaluation } from '../evaluate/evaluation.js';
import { evaluationText, readEvaluation } from '../evaluate/evaluation-file.js';
import { headlineOf } from '../evaluate/headline.js';
import type { LineOptions } from '../evaluate/judge-bundle.js';
import { writeJudgements } from '../evaluate/judgements.js';
import { trainingProtocol } from '../evaluate/training-record.js';
import { writeFileAtomically } from '../files.js';
import { readOptimization } from '../optimize/read-optimization.js';
import { renderOptimization } from '../optimize/report.js';
import { drawConfusion } from '../pictures/confusion-picture.js';
import { PROTOCOLS, type ProtocolName } from '../protocols.js';

export interface EvaluateOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Directories written by `undertone prepare`. */
  readonly data: readonly string[];
  /** Default: the protocol that the bundle was trained by. */
  readonly protocol?: ProtocolName;
  /** Recordings and noise, to judge telephone lines too. Default: only the recordings as they were prepared. */
  readonly lines?: LineOptions;
  /** What computes the network. Default: `onnx`, as in the service. */
  readonly engine?: EngineName;
  /**
   * Where the card is written; results and pictures stand beside it. Default: `card.md` in the bundle, which is for
   * its own protocol alone.
   */
  readonly card?: string;
  /** Where what the model said of each clip is written, as JSON lines. Default: nowhere. */
  readonly judgements?: string;
  /** Told of what is odd and can be lived with. */
  readonly onWarning?: (text: string) => void;
  /** Told how many clips have been heard under all their conditions. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface EvaluateSummary {
  readonly evaluation: Evaluation;
  readonly card: string;
  /** Confusion matrices by clip, one a corpus. */
  readonly pictures: readonly string[];
}

/**
 * Judges a bundle on its protocol's test part, by an engine that serves it, and writes card, results and pictures.
 * @throws UT_TRAINING_BAD_DATA where the data was prepared for another front end, UT_TRAINING_BAD_OPTIONS, UT_INFERENCE_NO_TFJS, and those of loadBundle
 */
export async function evaluateModel(options: EvaluateOptions): Promise<EvaluateSummary> {
  const bundle = await loadBundle(options.bundle);
  const { protocol, seed } = protocolOf(options, bundle.training);
  const card = options.card ?? join(options.bundle, 'card.md');
  const dataset = await openDataset(options.data);
  if (dataset.fingerprint !== frameFingerprintOf(bundle.frontEnd)) {
    const detail = `it was prepared for another front end than that of ${bundle.name}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: options.data[0]! });
  }
  for (const note of duplicateNotes(dataset)) options.onWarning?.(note);
  await makeFolders([card, options.judgements]);
  const classifier = createClassifier(options.engine ?? 'onnx', { bundle });
  await classifier.start();
  try {
    const { lines = null, onProgress } = options;
    const run = { bundle, classifier, dataset, protocol, seed, lines, onProgress };
    const { evaluation, judgements } = await evaluateBundle(run);
    if (options.judgements !== undefined)
      await writeJudgements(options.judgements, bundle.labels, judgements);
    return await writeResults(options.bundle, bundle, evaluation, card);
  } finally {
    await classifier.close();
  }
}

/** Before anything is judged: what takes long is not to fail at its end. */
async function makeFolders(files: readonly (string | undefined)[]): Promise<void> {
  for (const file of files) if (file !== undefined) await mkdir(dirname(file), { recursive: true });
}

/**
 * Gives a bundle the card and the results of models that were trained alike on fewer people: one that trains on everybody
 * has nobody left to test it.
 * @param figures file that `undertone evaluate folds` wrote
 * @throws UT_TRAINING_BAD_DATA where it is none, or of other labels
 */
export async function takeFigures(folder: string, figures: string): Promise<EvaluateSummary> {
  const bundle = await loadBundle(folder);
  const evaluation = await readEvaluation(figures);
  if (evaluation.recipe === undefined || evaluation.labels.join() !== bundle.labels.join()) {
    const detail = `it is not of folds that tell apart ${bundle.labels.join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: figures });
  }
  return writeResults(folder, bundle, evaluation, join(folder, 'card.md'));
}

async function writeResults(
  source: string,
  bundle: Bundle,
  evaluation: Evaluation,
  card: string,
): Promise<EvaluateSummary> {
  const [folder, name] = [dirname(card), basename(card, '.md')];
  const prefix = name === 'card' ? '' : `${name}-`;
  const pictures = await writePictures(evaluation, bundle.labels, join(folder, `${prefix}confusion`));
  await writeFileAtomically(join(folder, `${prefix}evaluation.json`), evaluationText(evaluation));
  const picture = pictures[0] === undefined ? null : basename(pictures[0]);
  const optimized = await readOptimization(source, bundle);
  const optimization = optimized && renderOptimization(optimized);
  await writeFileAtomically(card, renderCard(bundle, evaluation, { picture, optimization }));
  return { evaluation, card, pictures };
}

function protocolOf(
  options: EvaluateOptions,
  training: Readonly<Record<string, unknown>>,
): { protocol: ProtocolName; seed: string } {
  const trainedBy = trainingProtocol(training);
  const protocol = options.protocol ?? trainedBy;
  if (protocol === null) {
    const detail = `the bundle names no protocol; choose one of ${Object.keys(PROTOCOLS).join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: 'protocol' });
  }
  if (trainedBy !== null && trainedBy !== protocol && options.card === undefined) {
    const detail = `the bundle was trained by ${trainedBy}: the card in it is not for ${protocol}. Name another file.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--card' });
  }
  const settings = training.settings as { readonly seed?: string } | undefined;
  return { protocol, seed: settings?.seed ?? '1' };
}

/** Removes what an evaluation has written into a bundle: it was of other weights than those that come now. */
export async function removeResults(bundle: string): Promise<void> {
  const names = await readdir(bundle).catch(() => []);
  const results = names.filter((name) =>
    /^(card\.md|report\.html|evaluation\.json|optimization\.json|confusion-\w+\.png)$/.test(name),
  );
  await Promise.all(results.map((name) => rm(join(bundle, name))));
}

/** One picture a corpus: `confusion-ravdess.png` beside `card.md`. */
async function writePictures(
  evaluation: Evaluation,
  labels: readonly string[],
  stem: string,
): Promise<string[]> {
  const { condition, corpora } = headlineOf(evaluation);
  return Promise.all(
    corpora.map(async ({ corpus, byClip }) => {
      const path = `${stem}-${corpus}.png`;
      const title = `${evaluation.modelId}: ${corpus}, ${condition}, by clip (spoken ↓, heard →)`;
      await writeFileAtomically(path, drawConfusion(byClip.confusion, labels, title));
      return path;
    }),
  );
}
