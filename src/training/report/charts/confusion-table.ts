import type { Metrics } from '../../evaluate/metrics.js';
import { type Html, html } from '../html.js';

/** A confusion matrix: a table whose cells are the darker the more of their row they hold. */
export function confusionTable(caption: string, { confusion, perClass }: Metrics): Html {
  const labels = perClass.map(({ label }) => label);
  return html`<div class="scroll"><table class="confusion">
<caption>${caption}</caption>
<thead><tr><th scope="col">played ↓ heard →</th>${labels.map((label) => html`<th scope="col">${label}</th>`)}<th scope="col">clips</th></tr></thead>
<tbody>${confusion.map((row, i) => confusionRow(row, i, labels[i]!))}</tbody>
</table></div>`;
}

function confusionRow(row: readonly number[], own: number, label: string): Html {
  const total = row.reduce((sum, count) => sum + count, 0);
  return html`<tr><th scope="row">${label}</th>${row.map((count, i) => cell(count, total, i === own))}<td class="total">${total}</td></tr>`;
}

/** Shares of a row up to which a cell has the shade of that place; the style sheet has one more. */
const STEPS = [0, 0.15, 0.3, 0.5, 0.65, 0.85];

function cell(count: number, total: number, own: boolean): Html {
  const share = total === 0 ? 0 : count / total;
  const step = STEPS.filter((upTo) => share > upTo).length;
  return html`<td class="step-${step}${own ? ' own' : ''}">${count}</td>`;
}
