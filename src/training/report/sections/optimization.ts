import { describeFilters } from '../../../inference/index.js';
import type { Build, Optimization } from '../../optimize/report.js';
import { type Content, html } from '../html.js';
import { hundredths, type Section, table } from '../parts.js';

/** What making the model small has cost. */
export function optimizationSection(optimization: Optimization | null): Section | null {
  if (optimization === null) return null;
  const { builds, calibration, judgedOn, protocol, fold } = optimization;
  const heard =
    judgedOn === 'test'
      ? 'speakers that no build was trained by'
      : 'the training speakers: the accuracies say nothing about new people';
  const head = [
    'build',
    'filters',
    'MB',
    'ms a window',
    'same label %',
    'corpus',
    'UA %',
    'WA %',
    'UA by window %',
  ];
  const body = html`<p>Judged on ${heard} (${protocol}, ${fold}). One thread, the builds in turn. Activations were measured on ${calibration.windows} windows of speakers that trained or calibrated the model.</p>
${table('Builds, in the order in which they were made; the last is this bundle', head, builds.flatMap(rows))}`;
  return { id: 'optimization', title: 'Made small', body };
}

function rows({ step, filters, bytes, windowMs, sameLabel, accuracy }: Build): Content[][] {
  return accuracy.map(({ corpus, byClip, byWindow }) => [
    step,
    describeFilters(filters),
    (bytes / 1e6).toFixed(2),
    windowMs.toFixed(2),
    hundredths(sameLabel),
    corpus,
    hundredths(byClip.unweightedAccuracy),
    hundredths(byClip.accuracy),
    hundredths(byWindow.unweightedAccuracy),
  ]);
}
