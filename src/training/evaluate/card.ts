import type { Bundle } from '../../inference/index.js';
import { CORPUS_FACTS } from '../corpora/facts.js';
import type { CorpusName } from '../corpora/index.js';
import type { ConditionResult, Evaluation } from './evaluate-bundle.js';
import type { CorpusResult } from './evaluation.js';
import type { Metrics } from './metrics.js';
import { percent } from './text-report.js';

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

function dataSection(
  { training }: CardedBundle,
  { protocol, description, conditions }: Evaluation,
): string[] {
  const parts = (training.clips ?? {}) as Readonly<Record<string, Readonly<Record<string, number>>>>;
  const corpora = [...new Set(Object.values(parts).flatMap((counts) => Object.keys(counts)))];
  const rows = corpora.map((corpus) => {
    const facts = CORPUS_FACTS[corpus as CorpusName];
    const count = (part: string) => parts[part]?.[corpus] ?? 0;
    return `| ${facts.title} | ${facts.speech} | ${count('train')} | ${count('validation')} | ${count('test')} | ${facts.licence} | ${facts.reference} |`;
  });
  const judged = conditions[0]!.corpora.map(({ corpus }) => corpus).join(', ');
  return [
    '## Data and protocol',
    '',
    `Protocol \`${protocol}\`: ${description}`,
    '',
    '| corpus | speech | clips: training | validation | test | licence | reference |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Epoch ${training.bestEpoch} of ${training.epochs} was kept. Judged on: ${judged}.`,
    '',
  ];
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
    `Of its windows ${percent(confident.coverage)} are at least as sure as the threshold; of these ${percent(confident.precision)} are right.`,
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

function limitSection({ training }: CardedBundle, { leaks, noises }: Evaluation): string[] {
  const clips = (training.clips ?? {}) as Readonly<Record<string, Readonly<Record<string, number>>>>;
  const licences = Object.keys(clips.train ?? {}).map((corpus) => CORPUS_FACTS[corpus as CorpusName].licence);
  return [
    '## Limits',
    '',
    '- **Acted speech.** The model has learnt how actors play emotions. Spontaneous speech on a real call is subtler; expect less than the figures above.',
    ...(leaks
      ? [
          '- **The test leaks.** Its clips were drawn at random, so its speakers and words occur in training. It says nothing about new speakers.',
        ]
      : []),
    `- Few speakers and languages: ${Object.keys(clips.train ?? {})
      .map((corpus) => CORPUS_FACTS[corpus as CorpusName].speech)
      .join('; ')}.`,
    '- Age, accent, health and culture change how emotion sounds; none of them was balanced or measured.',
    ...(noises.length === 0
      ? []
      : [`- Noise in the table above is of kinds that training did not hold: ${noises.join(', ')}.`]),
    `- Licences of the training data: ${[...new Set(licences)].join('; ')}. The weights are for research and evaluation; other use needs data that allows it.`,
    '- A result is a suggestion to a person, never a finding about one. Do not use it on employees (EU AI Act, Art. 5(1)(f)).',
    '',
  ];
}
