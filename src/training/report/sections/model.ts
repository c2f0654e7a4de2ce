import { type Limit, limitsOf } from '../../evaluate/card/limits.js';
import {
  type CardedBundle,
  DATA_HEAD,
  dataRows,
  modelFacts,
  protocolLine,
} from '../../evaluate/card/model-section.js';
import type { Evaluation } from '../../evaluate/evaluation.js';
import { html } from '../html.js';
import { type Section, table } from '../parts.js';

/** What the model is, who trained it and who tested it. */
export function modelSection(bundle: CardedBundle, evaluation: Evaluation): Section {
  const body = html`<ul>${modelFacts(bundle).map((fact) => html`<li>${plain(fact)}</li>`)}</ul>
<h3>Data and protocol</h3>
<p>${plain(protocolLine(evaluation))}</p>
${table('Clips by corpus, with the licences of the recordings', DATA_HEAD, dataRows(bundle, evaluation))}`;
  return { id: 'model', title: 'Model and data', body };
}

/** What nobody may forget who uses the model. */
export function limitsSection(bundle: CardedBundle, evaluation: Evaluation): Section {
  const item = ({ title, text }: Limit) => html`<li><strong>${title}</strong> ${plain(text)}</li>`;
  return {
    id: 'limits',
    title: 'Limits and licences',
    body: html`<ul>${limitsOf(bundle, evaluation).map(item)}</ul>`,
  };
}

/** Text of the card, without its marks for code. */
const plain = (text: string) => text.replaceAll('`', '');
