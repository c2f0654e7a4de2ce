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

function cell(count: number, total: number, own: boolean): Html {
  const share = total === 0 ? 0 : count / total;
  const shade = share > 0.55 ? 'dark' : 'pale';
  return html`<td class="${shade}${own ? ' own' : ''}" style="--share:${Math.round(share * 100)}%">${count}</td>`;
}
