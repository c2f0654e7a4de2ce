import type { EvaluatedCorpus, Evaluation } from '../../evaluate/evaluation.js';
import { calibrationNote, headlineOf } from '../../evaluate/headline.js';
import type { ItemsResult } from '../../evaluate/result.js';
import { percent } from '../../evaluate/text-report.js';
import { coverageChart } from '../charts/coverage-chart.js';
import { reliabilityChart } from '../charts/reliability-chart.js';
import { type Html, html } from '../html.js';
import { figure, hundredths, type Section, table } from '../parts.js';

/** Whether the model's sureness can be believed, and what is left where it may keep silent. */
export function surenessSection(evaluation: Evaluation): Section {
  const { condition, corpora } = headlineOf(evaluation);
  const body = html`<p>${condition}, point by point as a call's timeline publishes them, smoothed; ${calibrationNote(evaluation).replaceAll('`', '')}.</p>
<div class="columns">${corpora.map(reliabilityFigure)}${coverageFigure(corpora)}
${table('All figures', ['items', 'ECE %', 'NLL', 'Brier', 'AURC', 'kept %', 'right of these %'], corpora.flatMap(rows))}</div>`;
  return { id: 'sureness', title: 'How sure it is', body };
}

function reliabilityFigure({ corpus, byPoint: { reliability } }: EvaluatedCorpus): Html {
  const rows = reliability.bins
    .filter(({ items }) => items > 0)
    .map(({ from, to, items, confidence, accuracy }) => [
      `${hundredths(from)}–${hundredths(to)}`,
      items,
      hundredths(confidence),
      hundredths(accuracy),
    ]);
  return figure(
    reliabilityChart(`${corpus}: share that is right by confidence`, reliability),
    `${corpus}: expected calibration error ${percent(reliability.ece)} in 15 bins. The strokes are the gaps; pale bars hold few points.`,
    table('Bins', ['confidence %', 'points', 'mean confidence %', 'right %'], rows),
  );
}

function coverageFigure(corpora: readonly EvaluatedCorpus[]): Html {
  const series = corpora.map(({ corpus, byPoint }) => ({ name: corpus, coverage: byPoint.coverage }));
  const rows = series.flatMap(({ name, coverage }) =>
    coverage.curve.map((point) => [
      name,
      hundredths(point.coverage),
      hundredths(point.threshold),
      hundredths(point.accuracy),
    ]),
  );
  return figure(
    coverageChart('Share that is right by the share of windows that is kept', series),
    'Keeping only the surest points. The dot is where the model itself says “uncertain” of the rest.',
    table('Points', ['corpus', 'kept %', 'least confidence %', 'right %'], rows),
  );
}

function rows({ corpus, byClip, byPoint }: EvaluatedCorpus): string[][] {
  return [row(`${corpus}, by clip`, byClip), row(`${corpus}, by point`, byPoint)];
}

function row(name: string, { reliability, coverage }: ItemsResult): string[] {
  const { ece, nll, brier } = reliability;
  const { confident, aurc } = coverage;
  const decimals = [nll, brier, aurc].map((value) => value.toFixed(3));
  return [
    name,
    hundredths(ece),
    ...decimals,
    hundredths(confident.coverage),
    hundredths(confident.precision),
  ];
}
