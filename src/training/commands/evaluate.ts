import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { frameFingerprintOf } from '../../features/index.js';
import { type Bundle, createOnnxClassifier, loadBundle } from '../../inference/index.js';
import { duplicateNotes, openDataset } from '../data/dataset.js';
import { renderCard } from '../evaluate/card.js';
import { type Evaluation, evaluateBundle } from '../evaluate/evaluate-bundle.js';
import { trainingProtocol } from '../evaluate/training-record.js';
import { writeFileAtomically } from '../files.js';
import { drawConfusion } from '../pictures/confusion-picture.js';
import { PROTOCOLS, type ProtocolName } from '../protocols.js';

export interface EvaluateOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Directories written by `undertone prepare`. */
  readonly data: readonly string[];
  /** Default: the protocol that the bundle was trained by. */
  readonly protocol?: ProtocolName;
  /** Folders of the recordings and of noise, to judge line conditions too. Default: only the clean recordings. */
  readonly lines?: { readonly corpora: Readonly<Record<string, string>>; readonly noiseFolder: string };
  /**
   * Where the card is written; results and pictures stand beside it. Default: `card.md` in the bundle, which is for
   * its own protocol alone.
   */
  readonly card?: string;
  /** Told of what is odd and can be lived with. */
  readonly onWarning?: (text: string) => void;
  readonly onProgress?: (condition: string, done: number, total: number) => void;
}

export interface EvaluateSummary {
  readonly evaluation: Evaluation;
  readonly card: string;
  /** Confusion matrices by clip, one a corpus. */
  readonly pictures: readonly string[];
}

/**
 * Judges a bundle on its protocol's test part, by the engine that serves it, and writes card, results and pictures.
 * @throws UT_TRAINING_BAD_DATA where the data was prepared for another front end, UT_TRAINING_BAD_OPTIONS, and those of loadBundle
 */
export async function evaluateModel(options: EvaluateOptions): Promise<EvaluateSummary> {
  const bundle = await loadBundle(options.bundle);
  const { protocol, seed } = protocolOf(options, bundle.training);
  const dataset = await openDataset(options.data);
  if (dataset.fingerprint !== frameFingerprintOf(bundle.frontEnd)) {
    const detail = `it was prepared for another front end than that of ${bundle.name}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: options.data[0]! });
  }
  for (const note of duplicateNotes(dataset)) options.onWarning?.(note);
  const classifier = createOnnxClassifier({ bundle });
  await classifier.start();
  try {
    const progress = options.onProgress === undefined ? {} : { onProgress: options.onProgress };
    const lines = options.lines ?? null;
    const evaluation = await evaluateBundle({
      bundle,
      classifier,
      dataset,
      protocol,
      seed,
      lines,
      ...progress,
    });
    return await writeResults(bundle, evaluation, options.card ?? join(options.bundle, 'card.md'));
  } finally {
    await classifier.close();
  }
}

async function writeResults(bundle: Bundle, evaluation: Evaluation, card: string): Promise<EvaluateSummary> {
  const [folder, name] = [dirname(card), basename(card, '.md')];
  const prefix = name === 'card' ? '' : `${name}-`;
  await mkdir(folder, { recursive: true });
  const pictures = await writePictures(evaluation, bundle.labels, join(folder, `${prefix}confusion`));
  await writeFileAtomically(
    join(folder, `${prefix}evaluation.json`),
    `${JSON.stringify(evaluation, null, 2)}\n`,
  );
  const shown = pictures[0] === undefined ? null : basename(pictures[0]);
  await writeFileAtomically(card, renderCard(bundle, evaluation, shown));
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
  const results = names.filter((name) => /^(card\.md|evaluation\.json|confusion-\w+\.png)$/.test(name));
  await Promise.all(results.map((name) => rm(join(bundle, name))));
}

/** One picture a corpus: `confusion-ravdess.png` beside `card.md`. */
async function writePictures(
  { modelId, conditions }: Evaluation,
  labels: readonly string[],
  stem: string,
): Promise<string[]> {
  return Promise.all(
    conditions[0]!.corpora.map(async ({ corpus, byClip }) => {
      const path = `${stem}-${corpus}.png`;
      const title = `${modelId}: ${corpus}, by clip (spoken ↓, heard →)`;
      await writeFileAtomically(path, drawConfusion(byClip.confusion, labels, title));
      return path;
    }),
  );
}
