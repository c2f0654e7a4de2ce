import { type Content, type Html, html, px } from '../html.js';

/** A plot whose axes are shares or categories from 0 to 1; y grows upwards. */
export interface Plot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

const SIZE = { width: 520, height: 340 };
const MARGIN = { left: 48, right: 132, top: 12, bottom: 44 };
const INNER = {
  width: SIZE.width - MARGIN.left - MARGIN.right,
  height: SIZE.height - MARGIN.top - MARGIN.bottom,
};

/** From shares to places in the drawing. */
export const plotX = (share: number) => MARGIN.left + share * INNER.width;
export const plotY = (share: number) => MARGIN.top + (1 - share) * INNER.height;

/** Axes and grid, with marks drawn over them. */
export function plot({ title, xTitle, yTitle, xTicks, yTicks }: Plot, marks: Content): Html {
  const bottom = plotY(0);
  return html`<svg class="plot" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${title}">
${yTicks.map(
  ({ at, text }) => html`<path class="grid" d="M${px(plotX(0))} ${px(plotY(at))}H${px(plotX(1))}"/>
<text class="tick" x="${px(plotX(0) - 8)}" y="${px(plotY(at) + 4)}" text-anchor="end">${text}</text>`,
)}
${xTicks.map(
  ({ at, text }) =>
    html`<text class="tick" x="${px(plotX(at))}" y="${px(bottom + 18)}" text-anchor="middle">${text}</text>`,
)}
<path class="axis" d="M${px(plotX(0))} ${px(bottom)}H${px(plotX(1))}"/>
${marks}
<text class="axis-title" x="${px(plotX(0.5))}" y="${SIZE.height - 6}" text-anchor="middle">${xTitle}</text>
<text class="axis-title" transform="translate(12 ${px(plotY(0.5))}) rotate(-90)" text-anchor="middle">${yTitle}</text>
</svg>`;
}

/** Ticks at 0, 20, … 100 %. */
export const SHARE_TICKS: readonly Tick[] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({
  at,
  text: `${Math.round(at * 100)}`,
}));

export type Point = readonly [x: number, y: number];

/** A line through points, of a class of the style sheet. */
export function line(points: readonly Point[], className: string): Html {
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(plotX(x))} ${px(plotY(y))}`).join('');
  return html`<path class="line ${className}" d="${path}"/>`;
}

const LABEL_HEIGHT = 13;

/** Names at the right ends of lines, moved apart where they would lie over each other. */
export function endLabels(
  ends: readonly { readonly y: number; readonly text: string; readonly className: string }[],
): Html[] {
  const sorted = [...ends].sort((a, b) => b.y - a.y);
  let lowest = -Infinity;
  return sorted.map(({ y, text, className }) => {
    const at = Math.max(plotY(y) + 4, lowest + LABEL_HEIGHT);
    lowest = at;
    return html`<text class="end ${className}" x="${px(plotX(1) + 8)}" y="${px(at)}">${text}</text>`;
  });
}
