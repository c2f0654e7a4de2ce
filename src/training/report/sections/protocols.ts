import type { Evaluation } from '../../evaluate/evaluation.js';
import { headlineOf, independenceOf } from '../../evaluate/headline.js';
import { range } from '../../evaluate/text-report.js';
import { html } from '../html.js';
import { hundredths, type Section, table } from '../parts.js';

/** The figures of other protocols beside each other. */
export function protocolSection(evaluations: readonly Evaluation[]): Section | null {
  if (evaluations.length < 2) return null;
  const rows = evaluations.flatMap((evaluation) => {
    const { condition, corpora } = headlineOf(evaluation);
    return corpora.map(({ corpus, byClip, folds }) => [
      evaluation.protocol,
      NEW_VOICES[independenceOf(evaluation).kind],
      corpus,
      condition,
      byClip.items,
      hundredths(byClip.unweightedAccuracy),
      range(byClip.interval),
      hundredths(byClip.accuracy),
      folds === null ? '–' : `${hundredths(folds.mean)} ± ${hundredths(folds.standardDeviation)}`,
    ]);
  });
  const head = [
    'protocol',
    'new speakers',
    'corpus',
    'condition',
    'clips',
    'UA %',
    '95 % interval',
    'WA %',
    'folds',
  ];
  return {
    id: 'protocols',
    title: 'Protocols',
    body: html`<p>Who trains and who tests decides the figure as much as the model does. By clip; folds: mean and standard deviation of UA.</p>
${table('All protocols that were judged', head, rows)}`,
  };
}

const NEW_VOICES = { 'new-speakers': 'yes', leaks: 'no: leaks', 'not-known': 'not known' } as const;
