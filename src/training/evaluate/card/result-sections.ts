import { HEADLINE } from '../conditions.js';
import type { ConditionResult, EvaluatedCorpus, Evaluation } from '../evaluation.js';
import { calibrationNote, foldsNote, headlineOf, independenceOf } from '../headline.js';
import type { ItemsResult } from '../result.js';
import { percent, range } from '../text-report.js';
import { table } from './markdown.js';

/** The figures that stand first: UA of whole clips on a telephone line, and whether their voices are new. */
export function headlineSection(evaluation: Evaluation): string[] {
  const { condition, corpora } = headlineOf(evaluation);
  const { title, text } = independenceOf(evaluation);
  const line =
    condition === HEADLINE.name
      ? `Heard through ${condition}, as a telephone call is.`
      : 'No telephone line was judged: these are the recordings as they were prepared.';
  return [
    '## In short',
    '',
    `**${title}** ${text} ${line}`,
    '',
    ...paragraph(foldsNote(evaluation)),
    ...table(
      ['corpus', 'clips', 'UA', '95 % interval', 'WA', 'macro F1'],
      corpora.map(({ corpus, byClip }) => [corpus, ...summary(byClip)]),
    ),
    'UA is the mean recall of the classes, WA the share of all items. A clip is called by the mean of its windows.',
    intervalNote(corpora),
    '',
    ...foldNotes(corpora),
  ];
}

const paragraph = (text: string | null) => (text === null ? [] : [text, '']);

const summary = ({ items, unweightedAccuracy, interval, accuracy, macroF1 }: ItemsResult) => [
  String(items),
  percent(unweightedAccuracy),
  range(interval),
  percent(accuracy),
  percent(macroF1),
];

function intervalNote(corpora: readonly EvaluatedCorpus[]): string {
  const drawn = corpora.map(
    ({ corpus, byClip }) => `${corpus} ${byClip.interval.groups} ${byClip.interval.over}`,
  );
  return `Intervals by the bootstrap over ${drawn.join(', ')}.`;
}

function foldNotes(corpora: readonly EvaluatedCorpus[]): string[] {
  return corpora.flatMap(({ corpus, folds }) => {
    if (folds === null) return [];
    const { mean, standardDeviation, byFold } = folds;
    const spread = `${percent(mean)} ± ${(standardDeviation * 100).toFixed(1)} (standard deviation)`;
    return [
      `${corpus}: ${byFold.length} folds, a model each; UA by clip ${spread}: ${byFold.map(percent).join(', ')}.`,
      '',
    ];
  });
}

/** Classes, confusion and speakers under the headline's condition. */
export function resultSection(evaluation: Evaluation, picture: string | null): string[] {
  const { condition, corpora } = headlineOf(evaluation);
  return [
    `## Results: ${condition}`,
    '',
    'A window is what a live call is classified by; a point is what is published of it: smoothed over the windows before it.',
    '',
    ...table(
      ['corpus', 'items', 'UA', '95 % interval', 'WA', 'macro F1'],
      corpora.flatMap(({ corpus, byClip, byPoint, byWindow }) => [
        [`${corpus}, by clip`, ...summary(byClip)],
        [`${corpus}, by point`, ...summary(byPoint)],
        [`${corpus}, by window`, ...summary(byWindow)],
      ]),
    ),
    ...corpora.flatMap(corpusTables),
    ...(picture === null ? [] : [`![Confusion matrix](${picture})`, '']),
  ];
}

function corpusTables({ corpus, byClip, bySpeaker }: EvaluatedCorpus): string[] {
  const labels = byClip.perClass.map(({ label }) => label);
  return [
    `### ${corpus}, by clip`,
    '',
    ...table(
      ['class', 'items', 'precision', 'recall', 'F1'],
      byClip.perClass.map(({ label, support, precision, recall, f1 }) => [
        label,
        String(support),
        ...[precision, recall, f1].map(percent),
      ]),
    ),
    ...table(
      ['spoken \\ heard', ...labels],
      byClip.confusion.map((row, i) => [labels[i]!, ...row.map(String)]),
    ),
    ...table(
      ['speaker', 'clips', 'UA', 'WA'],
      bySpeaker.map(({ speaker, clips, unweightedAccuracy, accuracy }) => [
        speaker,
        String(clips),
        percent(unweightedAccuracy),
        percent(accuracy),
      ]),
    ),
  ];
}

/** UA as telephony changes the recordings. */
export function conditionSection(conditions: readonly ConditionResult[]): string[] {
  if (conditions.length < 2) return [];
  const names = conditions[0]!.corpora.map(({ corpus }) => corpus);
  return [
    '## On the line',
    '',
    'UA by clip with its interval, then by window, as telephony changes the recordings.',
    '',
    ...table(
      ['condition', ...names],
      conditions.map(({ condition, corpora }) => [condition, ...corpora.map(conditionCell)]),
    ),
  ];
}

function conditionCell({ byClip, byWindow }: EvaluatedCorpus): string {
  return `${percent(byClip.unweightedAccuracy)} (${range(byClip.interval)}); ${percent(byWindow.unweightedAccuracy)}`;
}

/** Whether the model's sureness can be believed, and what is left where it may say that it does not know. */
export function surenessSection(evaluation: Evaluation): string[] {
  const { condition, corpora } = headlineOf(evaluation);
  const rows = corpora.flatMap(({ corpus, byClip, byPoint }) => [
    surenessRow(`${corpus}, by clip`, byClip),
    surenessRow(`${corpus}, by point`, byPoint),
  ]);
  return [
    '## How sure it is',
    '',
    `${condition}, ${calibrationNote(evaluation)}. ECE: mean distance of confidence and accuracy, 15 bins (Guo et al. 2017). AURC: area under the curve of error over coverage. Kept: items at least as sure as the threshold of \`uncertain\`.`,
    '',
    ...table(['items', 'ECE', 'NLL', 'Brier', 'AURC', 'kept', 'right of these'], rows),
    'Of the points, the surest, and how many of these are right:',
    '',
    ...table(
      ['corpus', ...COVERAGES.map((coverage) => `${coverage * 100} %`)],
      corpora.map(({ corpus, byPoint }) => [
        corpus,
        ...COVERAGES.map((coverage) => percent(accuracyAt(byPoint, coverage))),
      ]),
    ),
  ];
}

const COVERAGES = [0.25, 0.5, 0.75, 1];

function surenessRow(name: string, { reliability, coverage }: ItemsResult): string[] {
  const { ece, nll, brier } = reliability;
  const { confident, aurc } = coverage;
  return [
    name,
    percent(ece),
    ...[nll, brier, aurc].map((value) => value.toFixed(3)),
    percent(confident.coverage),
    percent(confident.precision),
  ];
}

/** Accuracy at the first point of the curve that keeps so many of the items. */
function accuracyAt({ coverage }: ItemsResult, share: number): number | null {
  return coverage.curve.find((point) => point.coverage >= share - 1e-9)?.accuracy ?? null;
}
