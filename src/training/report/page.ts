import type { CardedBundle } from '../evaluate/card/model-section.js';
import type { Evaluation } from '../evaluate/evaluation.js';
import type { Optimization } from '../optimize/report.js';
import type { HeardWindow } from './hearing/hearing.js';
import { Html, html } from './html.js';
import type { Section } from './parts.js';
import { classSection, speakerSection } from './sections/classes.js';
import { header } from './sections/headline.js';
import { hearingSection } from './sections/hearing.js';
import { lineSection, noiseSection } from './sections/lines.js';
import { limitsSection, modelSection } from './sections/model.js';
import { optimizationSection } from './sections/optimization.js';
import { protocolSection } from './sections/protocols.js';
import { surenessSection } from './sections/sureness.js';

/** Everything that the page shows. */
export interface ReportParts {
  readonly bundle: CardedBundle;
  readonly evaluation: Evaluation;
  /** Evaluations by other protocols, to stand beside it. */
  readonly others: readonly Evaluation[];
  readonly windows: readonly HeardWindow[];
  /** `null` where the bundle was not made small. */
  readonly optimization: Optimization | null;
  /** The style sheet. */
  readonly styles: string;
}

/** The page: one file that asks for nothing from anywhere and runs no script. */
export function renderReport(parts: ReportParts): string {
  const { bundle, evaluation, others, windows, optimization, styles } = parts;
  const sections = [
    lineSection(evaluation),
    noiseSection(evaluation),
    surenessSection(evaluation),
    classSection(evaluation),
    speakerSection(evaluation),
    hearingSection(windows),
    protocolSection([evaluation, ...others]),
    optimizationSection(optimization),
    modelSection(bundle, evaluation),
    limitsSection(bundle, evaluation),
  ].filter((section) => section !== null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${bundle.name}: what it hears</title>
<style>${new Html(styles)}</style>
</head>
<body>
<div class="page">
${header(bundle.name, bundle.modelId, evaluation)}
<nav aria-label="Contents"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>${sections.map(sectionOf)}</main>
<footer>Written by <code>undertone report</code> from the bundle and its evaluation. A result is a suggestion to a person, never a finding about one.</footer>
</div>
</body>
</html>
`.text;
}

function sectionOf({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>`;
}
