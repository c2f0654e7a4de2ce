import { factsOf } from '../../corpora/facts.js';
import { HEADLINE } from '../../evaluate/conditions.js';
import type { EvaluatedCorpus, Evaluation } from '../../evaluate/evaluation.js';
import { foldsNote, headlineOf, independenceOf } from '../../evaluate/headline.js';
import { percent, range } from '../../evaluate/text-report.js';
import { type Html, html } from '../html.js';
import { hundredths } from '../parts.js';

/** Head of the page: which model, whether its test can be believed, and the figures that count. */
export function header(name: string, modelId: string, evaluation: Evaluation): Html {
  const { condition, corpora } = headlineOf(evaluation);
  const { kind, title, text } = independenceOf(evaluation);
  const heard =
    condition === HEADLINE.name
      ? `Heard through ${condition}, as a telephone call is.`
      : 'No telephone line was judged: these are the recordings as they were prepared.';
  return html`<header>
<p class="eyebrow">What this model hears, and how often it is right</p>
<h1>${name}</h1>
<p class="muted"><code>${modelId}</code></p>
<p class="verdict ${kind}"><span><strong>${title}</strong> ${text}</span></p>
${foldsText(foldsNote(evaluation))}<div class="headline">${corpora.map(score)}</div>
<p class="muted">${heard} UA is the mean recall of the classes; a clip is called by the mean of its windows.</p>
</header>`;
}

const foldsText = (note: string | null) => (note === null ? null : html`<p>${note.replaceAll('`', '')}</p>`);

function score({ corpus, byClip, byWindow }: EvaluatedCorpus): Html {
  const { interval } = byClip;
  return html`<dl class="score">
<dt>${factsOf(corpus).title}: UA by clip</dt>
<dd class="big">${hundredths(byClip.unweightedAccuracy)} <small>%</small></dd>
<dd>95 % interval ${range(interval)}, over ${interval.groups} ${interval.over}</dd>
<dd class="muted">${byClip.items} clips, WA ${percent(byClip.accuracy)}; single windows: UA ${percent(byWindow.unweightedAccuracy)}</dd>
</dl>`;
}
