import type { Coverage } from '../../evaluate/coverage.js';
import { type Html, html, px } from '../html.js';
import { endLabels, line, type Point, plot, plotX, plotY, SHARE_TICKS } from './plot.js';

export interface CoverageSeries {
  readonly name: string;
  readonly coverage: Coverage;
}

/** How often the model is right where it may keep silent about what it is least sure of; a dot marks its own threshold. */
export function coverageChart(title: string, series: readonly CoverageSeries[]): Html {
  const axes = {
    title,
    xTitle: 'kept, %',
    yTitle: 'right, %',
    xTicks: SHARE_TICKS,
    yTicks: SHARE_TICKS,
  };
  const ends = series.map(({ name, coverage }, i) => ({
    y: coverage.curve.at(-1)?.accuracy ?? 0,
    text: name,
    className: `series-${i + 1}`,
  }));
  return plot(axes, [series.map(curve), endLabels(ends)]);
}

function curve({ coverage: { curve, confident } }: CoverageSeries, i: number): Html {
  const points = curve.map(({ coverage, accuracy }): Point => [coverage, accuracy]);
  const dot =
    confident.precision === null
      ? null
      : html`<circle class="dot series-${i + 1}" cx="${px(plotX(confident.coverage))}" cy="${px(plotY(confident.precision))}" r="5"/>`;
  return html`${line(points, `series-${i + 1}`)}${dot}`;
}
