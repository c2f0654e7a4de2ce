import { type Html, html, px } from '../html.js';

const WIDTH = 220;
const HEIGHT = 16;

/** A share as a bar from 0 to 1, with its interval as a whisker. The number stands beside it: it is hidden from readers. */
export function bar(share: number, interval?: { readonly low: number; readonly high: number }): Html {
  const x = (value: number) => px(value * WIDTH);
  const middle = HEIGHT / 2;
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
<rect class="track" width="${WIDTH}" height="${HEIGHT}" rx="3"/>
<rect class="fill" width="${x(share)}" height="${HEIGHT}" rx="3"/>
${
  interval === undefined
    ? null
    : html`<path class="whisker" d="M${x(interval.low)} ${middle}H${x(interval.high)}M${x(interval.low)} 4v8M${x(interval.high)} 4v8"/>`
}</svg>`;
}
