import { type FrontEnd, inputShapeOf } from '../../../features/index.js';
import { type Bundle, describeFilters } from '../../../inference/index.js';
import { factsOf } from '../../corpora/facts.js';
import type { Evaluation } from '../evaluation.js';
import { clipCounts } from '../training-record.js';
import { table } from './markdown.js';

/** What the card says of the bundle itself. */
export type CardedBundle = Pick<
  Bundle,
  'name' | 'modelId' | 'labels' | 'frontEnd' | 'calibration' | 'thresholds' | 'training'
> & {
  readonly network: Pick<Bundle['network'], 'architecture'>;
};

/** What the model is, a list item each. */
export function modelFacts({
  network: { architecture },
  labels,
  frontEnd,
  calibration,
  thresholds,
}: CardedBundle): string[] {
  const ms = (frames: number) => (frames * frontEnd.hopLength * 1000) / frontEnd.sampleRateHz;
  const { filters, batchNorm, head } = architecture;
  return [
    `VGG16, ${describeFilters(filters)}, ${batchNorm ? 'with' : 'without'} batch normalisation, ${head.pooling} pooling, hidden layers: ${head.dense.join(', ') || 'none'}`,
    `Input: ${frontEnd.windowFrames} frames × ${frontEnd.nMels} Mel bands${inputNote(frontEnd)} at ${frontEnd.sampleRateHz} Hz: ${ms(frontEnd.windowFrames)} ms, a window every ${ms(frontEnd.windowHopFrames)} ms`,
    `Outputs: ${labels.join(', ')}`,
    `Temperature ${calibration.temperature}; less sure than ${thresholds.uncertain} is \`uncertain\`${precisionNote(thresholds.uncertain)}`,
  ];
}

function inputNote(frontEnd: FrontEnd): string {
  if (frontEnd.deltaWidth !== undefined) return ', three planes (static, Δ, ΔΔ),';
  return frontEnd.picture === undefined ? '' : `, as a picture of ${inputShapeOf(frontEnd).join(' × ')},`;
}

export function modelSection(bundle: CardedBundle): string[] {
  return ['## Model', '', ...modelFacts(bundle).map((fact) => `- ${fact}`), ''];
}

function precisionNote(threshold: number): string {
  return threshold === 0 ? ' (not calibrated: the protocol leaves nobody to calibrate with)' : '';
}

export const DATA_HEAD = [
  'corpus',
  'speech',
  'clips: training',
  'validation',
  'test',
  'licence',
  'reference',
] as const;

/** What trained, chose and tested, a row a corpus. */
export function dataRows({ training }: Pick<CardedBundle, 'training'>, evaluation: Evaluation): string[][] {
  const [train, validation] = [clipCounts(training, 'train'), clipCounts(training, 'validation')];
  const test = Object.fromEntries(
    evaluation.conditions[0]!.corpora.map(({ corpus, byClip }) => [corpus, byClip.items]),
  );
  return Object.keys({ ...train, ...validation, ...test }).map((corpus) => {
    const { title, speech, licence, reference } = factsOf(corpus);
    const counts = [train, validation, test].map((part) => String(part[corpus] ?? 0));
    return [title, speech, ...counts, licence, reference];
  });
}

export function dataSection(bundle: CardedBundle, evaluation: Evaluation): string[] {
  const { duplicates, conditions } = evaluation;
  const judged = conditions[0]!.corpora.map(({ corpus }) => corpus);
  return [
    '## Data and protocol',
    '',
    protocolLine(evaluation),
    '',
    ...table(DATA_HEAD, dataRows(bundle, evaluation)),
    `${epochNote(bundle.training)} Judged on: ${judged.join(', ')}.`,
    '',
    ...(duplicates === 0 ? [] : [`Recordings that the data hold under several names: ${duplicates}.`, '']),
  ];
}

/** Who trained the model and who judged it. */
export function protocolLine({ trainedBy, protocol, description }: Evaluation): string {
  if (trainedBy === protocol) return `Protocol \`${protocol}\`: ${description}`;
  const trained =
    trainedBy === null ? 'By which protocol it was trained is not stated' : `Trained by \`${trainedBy}\``;
  return `${trained}, judged by \`${protocol}\`: ${description}`;
}

function epochNote({ epochs, bestEpoch }: CardedBundle['training']): string {
  if (epochs === undefined || bestEpoch === undefined) return 'How long it was trained is not stated.';
  return `Epoch ${bestEpoch} of ${epochs} was kept.`;
}
