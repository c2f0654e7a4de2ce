import type { Reliability } from '../../evaluate/reliability.js';
import { type Html, html, px } from '../html.js';
import { endLabels, line, plot, plotX, plotY, SHARE_TICKS } from './plot.js';

/** How often the model is right, by how sure it is: bars on the diagonal are those of a model that can be believed. */
export function reliabilityChart(title: string, { bins }: Reliability): Html {
  const axes = {
    title,
    xTitle: 'confidence, %',
    yTitle: 'right, %',
    xTicks: SHARE_TICKS,
    yTicks: SHARE_TICKS,
  };
  const items = Math.max(1, ...bins.map((bin) => bin.items));
  const bars = bins.flatMap(({ from, to, accuracy, confidence, items: count }) => {
    if (accuracy === null || confidence === null) return [];
    const [left, width] = [plotX(from) + 1, plotX(to) - plotX(from) - 2];
    // A bin that few items fall into says little: it is paler.
    const weight = 0.25 + 0.75 * Math.sqrt(count / items);
    return html`<rect class="fill" opacity="${weight.toFixed(2)}" x="${px(left)}" width="${px(width)}" y="${px(plotY(accuracy))}" height="${px(plotY(0) - plotY(accuracy))}"/>
<path class="gap" d="M${px(left + width / 2)} ${px(plotY(accuracy))}V${px(plotY(confidence))}"/>`;
  });
  return plot(axes, [
    bars,
    line(
      [
        [0, 0],
        [1, 1],
      ],
      'diagonal',
    ),
    endLabels([{ y: 1, text: 'as sure as right', className: 'muted' }]),
  ]);
}
