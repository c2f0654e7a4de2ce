import type { JSX } from 'preact';
import type { Hole, Point } from '../../timeline/index.js';
import { clockOf, percent, signed } from './format.js';
import { pieceClass } from './ribbon-view.js';
import { LABELS, labelWord, pieceMeaning, pieceWord } from './words.js';

/** Which moment the figures are of: the newest, the newest of a call that is over, the one under the pointer. */
export type Moment = 'Now' | 'Last' | 'At';

/** What one window says, in figures: the newest, or the one under the pointer. */
export function Readout(props: { readonly point: Point | undefined; readonly moment: Moment }): JSX.Element {
  const { point, moment } = props;
  if (point === undefined) return <p class="readout quiet">The first window needs two seconds of audio.</p>;
  return (
    <dl class="readout" data-testid="readout">
      <Item name={moment} value={clockOf(point.endMs)} />
      <div class="readout-label">
        <dt>Heard</dt>
        <dd>
          <span class={`swatch ${pieceClass(kindOf(point))}`} />
          {describe(point)}
        </dd>
      </div>
      <Item name="Next likeliest" value={runnerUp(point)} />
      <Item name="Valence" value={point.valence === null ? '–' : signed(point.valence)} />
      <Item name="Arousal" value={point.arousal === null ? '–' : signed(point.arousal)} />
      <Item name="Loudness" value={`${point.loudnessDbfs.toFixed(0).replace('-', '−')} dB`} />
      <Item name="Speech" value={percent(point.voicedShare)} />
    </dl>
  );
}

/** What is said while nothing is judged. */
export function HoleReadout(props: { readonly hole: Hole; readonly moment: Moment }): JSX.Element {
  const { hole, moment } = props;
  const look = { kind: hole.reason, label: null };
  return (
    <dl class="readout" data-testid="readout">
      <Item name={moment} value={clockOf(hole.endMs)} />
      <div class="readout-label">
        <dt>Heard</dt>
        <dd>
          <span class={`swatch ${pieceClass(look)}`} />
          {pieceWord(look)}: {pieceMeaning(look)}
        </dd>
      </div>
    </dl>
  );
}

/** A window's label and how sure it is, in words. */
export function describe(point: Point): string {
  if (point.label === null) return 'No speech';
  if (point.label === 'uncertain' || point.confidence === null) return labelWord(point.label);
  return `${labelWord(point.label)}, ${percent(point.confidence)} sure`;
}

function Item({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function kindOf(point: Point): Parameters<typeof pieceClass>[0] {
  if (point.label === null) return { kind: 'silent', label: null };
  if (point.label === 'uncertain') return { kind: 'uncertain', label: null };
  return { kind: 'emotion', label: point.label };
}

function runnerUp(point: Point): string {
  const { probabilities } = point;
  if (probabilities === null) return '–';
  const others = LABELS.filter((label) => label !== point.label);
  const best = others.reduce((a, b) => ((probabilities[b] ?? 0) > (probabilities[a] ?? 0) ? b : a));
  return `${labelWord(best)} ${percent(probabilities[best] ?? 0)}`;
}
