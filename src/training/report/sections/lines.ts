import { noiseMeans } from '../../evaluate/card/noise-section.js';
import { NOISE_SNRS_DB } from '../../evaluate/conditions.js';
import type { Evaluation } from '../../evaluate/evaluation.js';
import type { NoiseLevel, NoiseResult } from '../../evaluate/noise-grid.js';
import { range } from '../../evaluate/text-report.js';
import { groupBy } from '../../group.js';
import { bar } from '../charts/bar.js';
import { noiseChart } from '../charts/noise-chart.js';
import { type Html, html } from '../html.js';
import { figure, hundredths, type Section, table } from '../parts.js';

/** UA as telephony changes the recordings. */
export function lineSection({ conditions }: Evaluation): Section | null {
  if (conditions.length < 2) return null;
  const names = conditions[0]!.corpora.map(({ corpus }) => corpus);
  const tables = names.map((name, i) => {
    const rows = conditions.map(({ condition, corpora }) => {
      const { byClip, byWindow } = corpora[i]!;
      return [
        condition,
        bar(byClip.unweightedAccuracy, byClip.interval),
        hundredths(byClip.unweightedAccuracy),
        range(byClip.interval),
        hundredths(byWindow.unweightedAccuracy),
      ];
    });
    return table(`${name}: UA in %`, ['condition', '', 'by clip', '95 % interval', 'by window'], rows);
  });
  const body = html`<p>The same test clips, as they reach the model through telephone lines. The whisker is the interval.</p>${tables}`;
  return { id: 'lines', title: 'On the line', body };
}

/** UA over noise. */
export function noiseSection({ noise }: Evaluation): Section | null {
  if (noise.length === 0) return null;
  const corpora = [...groupBy(noise, ({ corpus }) => corpus)];
  const body = html`<p>Each recording of noise, mixed under G.711 µ-law so that speech lies this far above it. Thin lines are single recordings.</p>
<div class="columns">${corpora.map(([corpus, results]) => noiseFigure(corpus, results))}</div>`;
  return { id: 'noise', title: 'In noise', body };
}

function noiseFigure(corpus: string, results: readonly NoiseResult[]): Html {
  const means = noiseMeans(results);
  // The mean of all says nothing more where all are of one kind.
  const shown = means.length > 2 ? means.slice(0, 2) : means.slice(0, 1);
  const named = shown.map(({ kind, levels }) => ({ title: kind, levels }));
  const numbers = table(
    'UA by clip, %',
    ['noise', 'in training', ...NOISE_SNRS_DB.map((snrDb) => `${snrDb} dB`)],
    [
      ...means.map(({ title, levels }) => [title, '', ...levels.map(cell)]),
      ...results.map(({ noise, heard, levels }) => [noise, known(heard), ...levels.map(cell)]),
    ],
  );
  const title = `${corpus}: unweighted accuracy over noise`;
  return figure(
    noiseChart(title, results, named),
    `${corpus}, ${results[0]!.clips} clips, ${results.length} noises.`,
    numbers,
  );
}

const cell = ({ byClip }: NoiseLevel) => hundredths(byClip);
const known = (heard: boolean | null) => (heard === null ? 'not stated' : heard ? 'yes' : 'no');
