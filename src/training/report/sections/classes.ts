import type { EvaluatedCorpus, Evaluation } from '../../evaluate/evaluation.js';
import { headlineOf } from '../../evaluate/headline.js';
import { bar } from '../charts/bar.js';
import { confusionTable } from '../charts/confusion-table.js';
import { type Html, html } from '../html.js';
import { hundredths, type Section, table } from '../parts.js';

/** Which classes are taken for which. */
export function classSection(evaluation: Evaluation): Section {
  const { condition, corpora } = headlineOf(evaluation);
  const body = html`<p>${condition}, by clip. A row is what was played, a column what was heard.</p>
${corpora.map(classes)}`;
  return { id: 'classes', title: 'What is taken for what', body };
}

function classes({ corpus, byClip }: EvaluatedCorpus): Html {
  const rows = byClip.perClass.map(({ label, support, precision, recall, f1 }) => [
    label,
    support,
    hundredths(precision),
    hundredths(recall),
    recall === null ? '' : bar(recall),
    hundredths(f1),
  ]);
  return html`<div class="flow">
${confusionTable(`${corpus}: confusions`, byClip)}
${table(`${corpus}: classes`, ['class', 'clips', 'precision %', 'recall %', '', 'F1 %'], rows)}
</div>`;
}

/** How far the figures hold for each speaker, and how far apart folds lie. */
export function speakerSection(evaluation: Evaluation): Section {
  const { condition, corpora } = headlineOf(evaluation);
  const tables = corpora.map(({ corpus, bySpeaker }) => {
    const rows = bySpeaker.map(({ speaker, clips, unweightedAccuracy, accuracy }) => [
      speaker,
      bar(unweightedAccuracy),
      hundredths(unweightedAccuracy),
      hundredths(accuracy),
      clips,
    ]);
    return table(`${corpus}, by clip`, ['speaker', '', 'UA %', 'WA %', 'clips'], rows);
  });
  const body = html`<p>${condition}. A caller is one person: a mean over people hides for whom it does not work.</p>
<div class="flow">${tables}</div>`;
  return { id: 'speakers', title: 'Speaker by speaker', body };
}
