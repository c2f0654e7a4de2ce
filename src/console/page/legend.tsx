import type { JSX } from 'preact';
import { pieceClass } from './ribbon-view.js';
import { LABELS, labelWord, pieceMeaning, pieceWord } from './words.js';

const OTHERS = ['uncertain', 'silent', 'gap', 'pause', 'overload', 'error'] as const;

/** What the colours and patterns stand for. */
export function Legend(): JSX.Element {
  return (
    <ul class="plain legend" aria-label="Legend">
      {LABELS.map((label) => (
        <li key={label}>
          <span class={`swatch ${pieceClass({ kind: 'emotion', label })}`} />
          {labelWord(label)}
        </li>
      ))}
      {OTHERS.map((kind) => (
        <li key={kind} title={pieceMeaning({ kind })}>
          <span class={`swatch ${pieceClass({ kind, label: null })}`} />
          {pieceWord({ kind, label: null })}
        </li>
      ))}
    </ul>
  );
}
