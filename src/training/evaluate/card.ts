import type { Bundle } from '../../inference/index.js';
import { factsOf } from '../corpora/facts.js';
import type { ConditionResult, Evaluation } from './evaluate-bundle.js';
import type { CorpusResult } from './evaluation.js';
import type { Metrics } from './metrics.js';
import { percent } from './text-report.js';
import { clipCounts } from './training-record.js';

/** What the card says of the bundle itself. */
export type CardedBundle = Pick<
  Bundle,
  'name' | 'modelId' | 'labels' | 'frontEnd' | 'calibration' | 'thresholds' | 'training'
> & {
  readonly network: Pick<Bundle['network'], 'architecture'>;
};

/** The model card in Markdown. Every number comes from the bundle or from the evaluation. */
export function renderCard(bundle: CardedBundle, evaluation: Evaluation, picture: string | null): string {
  const [clean] = evaluation.conditions;
  return [
    `# ${bundle.name}`,
    '',
    `Model \`${bundle.modelId}\`. Written by \`undertone evaluate\`; not edited by hand.`,
    '',
    ...modelSection(bundle),
    ...dataSection(bundle, evaluation),
    ...resultSection(clean!, picture),
    ...conditionSection(evaluation.conditions),
    ...limitSection(bundle, evaluation),
  ].join('\n');
}

function modelSection({
  network: { architecture },
  labels,
  frontEnd,
  calibration,
  thresholds,
}: CardedBundle): string[] {
  const windowMs = (frontEnd.windowFrames * frontEnd.hopLength * 1000) / frontEnd.sampleRateHz;
  const hopMs = (frontEnd.windowHopFrames * frontEnd.hopLength * 1000) / frontEnd.sampleRateHz;
  const { width, batchNorm, head } = architecture;
  return [
    '## Model',
    '',
    `- VGG16, filters × ${width}, ${batchNorm ? 'with' : 'without'} batch normalisation, ${head.pooling} pooling, hidden layers: ${head.dense.join(', ') || 'none'}`,
    `- Input: ${frontEnd.windowFrames} frames × ${frontEnd.nMels} Mel bands at ${frontEnd.sampleRateHz} Hz: ${windowMs} ms, a window every ${hopMs} ms`,
    `- Outputs: ${labels.join(', ')}`,
    `- Temperature ${calibration.temperature}; less sure than ${thresholds.uncertain} is \`uncertain\`${precisionNote(thresholds.uncertain)}`,
    '',
  ];
}

function precisionNote(threshold: number): string {
  return threshold === 0 ? ' (not calibrated: the protocol leaves nobody to calibrate with)' : '';
}

function dataSection({ training }: CardedBundle, evaluation: Evaluation): string[] {
  const { duplicates, conditions } = evaluation;
  const judged = conditions[0]!.corpora;
  const [train, validation] = [clipCounts(training, 'train'), clipCounts(training, 'validation')];
  const test = Object.fromEntries(judged.map(({ corpus, byClip }) => [corpus, byClip.items]));
  const rows = Object.keys({ ...train, ...validation, ...test }).map((corpus) => {
    const { title, speech, licence, reference } = factsOf(corpus);
    const counts = [train, validation, test].map((part) => part[corpus] ?? 0).join(' | ');
    return `| ${title} | ${speech} | ${counts} | ${licence} | ${reference} |`;
  });
  return [
    '## Data and protocol',
    '',
    protocolLine(evaluation),
    '',
    '| corpus | speech | clips: training | validation | test | licence | reference |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `${epochNote(training)} Judged on: ${judged.map(({ corpus }) => corpus).join(', ')}.`,
    '',
    ...(duplicates === 0 ? [] : [`Recordings that the data hold under several names: ${duplicates}.`, '']),
  ];
}

function protocolLine({ trainedBy, protocol, description }: Evaluation): string {
  if (trainedBy === protocol) return `Protocol \`${protocol}\`: ${description}`;
  const trained =
    trainedBy === null ? 'By which protocol it was trained is not stated' : `Trained by \`${trainedBy}\``;
  return `${trained}, judged by \`${protocol}\`: ${description}`;
}

function epochNote({ epochs, bestEpoch }: CardedBundle['training']): string {
  if (epochs === undefined || bestEpoch === undefined) return 'How long it was trained is not stated.';
  return `Epoch ${bestEpoch} of ${epochs} was kept.`;
}

function resultSection({ corpora }: ConditionResult, picture: string | null): string[] {
  return [
    '## Results',
    '',
    'A clip is called by the mean of its windows; a window is what a live call is classified by.',
    'UA is the mean recall of the classes, WA the share of all items.',
    '',
    '| corpus | items | UA | WA | macro F1 |',
    '|---|---|---|---|---|',
    ...corpora.flatMap(({ corpus, byClip, byWindow }) => [
      summaryRow(`${corpus}, by clip`, byClip),
      summaryRow(`${corpus}, by window`, byWindow),
    ]),
    '',
    ...corpora.flatMap(classTables),
    ...(picture === null ? [] : [`![Confusion matrix](${picture})`, '']),
  ];
}

const summaryRow = (name: string, { items, unweightedAccuracy, accuracy, macroF1 }: Metrics) =>
  `| ${name} | ${items} | ${percent(unweightedAccuracy)} | ${percent(accuracy)} | ${percent(macroF1)} |`;

function classTables({ corpus, byClip, confident }: CorpusResult): string[] {
  const labels = byClip.perClass.map(({ label }) => label);
  return [
    `### ${corpus}, by clip`,
    '',
    '| class | items | precision | recall | F1 |',
    '|---|---|---|---|---|',
    ...byClip.perClass.map(
      ({ label, support, precision, recall, f1 }) =>
        `| ${label} | ${support} | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} |`,
    ),
    '',
    `| spoken \\ heard | ${labels.join(' | ')} |`,
    `|---|${labels.map(() => '---|').join('')}`,
    ...byClip.confusion.map((row, i) => `| ${labels[i]} | ${row.join(' | ')} |`),
    '',
    `Of its windows, each by itself and before smoothing, ${percent(confident.coverage)} are at least as sure as the threshold; of these ${percent(confident.precision)} are right.`,
    '',
  ];
}

function conditionSection(conditions: readonly ConditionResult[]): string[] {
  if (conditions.length < 2) return [];
  const names = conditions[0]!.corpora.map(({ corpus }) => corpus);
  return [
    '## On the line',
    '',
    'UA by clip (by window) as telephony changes the recordings.',
    '',
    `| condition | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...conditions.map(({ condition, corpora }) => {
      const cells = corpora.map(
        ({ byClip, byWindow }) =>
          `${percent(byClip.unweightedAccuracy)} (${percent(byWindow.unweightedAccuracy)})`,
      );
      return `| ${condition} | ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

function limitSection({ training }: CardedBundle, evaluation: Evaluation): string[] {
  const corpora = Object.keys(clipCounts(training, 'train')).map(factsOf);
  const listed = (field: 'speech' | 'licence') =>
    [...new Set(corpora.map((facts) => facts[field]))].join('; ') || 'not stated';
  return [
    '## Limits',
    '',
    '- **Acted speech.** The model has learnt how actors play emotions. Spontaneous speech on a real call is subtler; expect less than the figures above.',
    ...leakLines(evaluation),
    `- Few speakers and languages: ${listed('speech')}.`,
    '- Age, accent, health and culture change how emotion sounds; none of them was balanced or measured.',
    ...noiseLines(evaluation),
    `- Licences of the training data: ${listed('licence')}. The weights are for research and evaluation; other use needs data that allows it.`,
    '- A result is a suggestion to a person, never a finding about one. Do not use it on employees (EU AI Act, Art. 5(1)(f)).',
    '',
  ];
}

function leakLines({ leaks, trainedBy, protocol }: Evaluation): string[] {
  if (leaks === false) return [];
  if (leaks === null) {
    return [
      '- **Whether the test leaks is not known.** The bundle does not say whose voices it was trained on.',
    ];
  }
  return trainedBy === protocol
    ? [
        '- **The test leaks.** Its clips were drawn at random, so its speakers and words occur in training. It says nothing about new speakers.',
      ]
    : [
        `- **The test leaks.** Speakers that \`${protocol}\` tests were heard in training by \`${trainedBy}\`. It says nothing about new speakers.`,
      ];
}

function noiseLines({ noises, noisesUnheard }: Evaluation): string[] {
  if (noises.length === 0) return [];
  const heard =
    noisesUnheard === null
      ? 'whether training held these recordings is not stated'
      : noisesUnheard
        ? 'recordings of noise that training did not hold'
        : 'training held these noises too';
  return [`- Noise in the table above: ${noises.join(', ')} (${heard}).`];
}
