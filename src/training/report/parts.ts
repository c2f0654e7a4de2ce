import { type Content, type Html, html } from './html.js';

/** A part of the page with a heading that the contents link to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A table whose first column names the rows. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(tableRow)}</tbody>
</table></div>`;
}

function tableRow([name, ...cells]: readonly Content[]): Html {
  return html`<tr><th scope="row">${name ?? null}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

/** A chart with its words, and the numbers behind it. */
export function figure(chart: Html, caption: Content, numbers: Html): Html {
  return html`<figure>
${chart}
<figcaption>${caption}</figcaption>
<details><summary>The numbers</summary>${numbers}</details>
</figure>`;
}

/** A share, as 12.3 without its sign: columns say that they are in %. */
export function hundredths(share: number | null): string {
  return share === null ? '–' : (share * 100).toFixed(1);
}
