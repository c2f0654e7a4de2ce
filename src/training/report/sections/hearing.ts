import { percent } from '../../evaluate/text-report.js';
import type { HeardWindow } from '../hearing/hearing.js';
import { type Html, html } from '../html.js';
import { hundredths, type Section } from '../parts.js';

/** Spectrograms of some windows, and the places their labels rest on. */
export function hearingSection(windows: readonly HeardWindow[]): Section | null {
  if (windows.length === 0) return null;
  const body = html`<p>Of each label, the window of which the model is surest: time to the right, high tones above, loud is light. Below it the same window, with the places marked that the label rests on: the brighter, the more probability is lost when they are hidden.</p>
<div class="windows">${windows.map(windowFigure)}</div>`;
  return { id: 'hearing', title: 'What it hears', body };
}

function windowFigure({
  label,
  actual,
  probability,
  source,
  spectrogram,
  occlusion,
  strongest,
}: HeardWindow): Html {
  const played = actual === null ? '' : `, played as ${actual}`;
  const where = `around ${strongest.seconds.toFixed(1)} s and ${Math.round(strongest.hz / 10) * 10} Hz`;
  return html`<figure class="window">
<h3>${label}, ${percent(probability)} sure${played}</h3>
<div class="pair">
<img src="${spectrogram}" alt="Spectrogram of the window">
<div class="stack"><img src="${spectrogram}" alt=""><img src="${occlusion}" alt="The label rests most on what is heard ${where}"></div>
</div>
<figcaption>${source}. Most depends on what is heard ${where}: without it the probability falls by ${hundredths(strongest.drop)} points.</figcaption>
</figure>`;
}
