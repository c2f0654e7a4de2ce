import type { JSX } from 'preact';
import { clockOf, percent } from './format.js';
import type { Piece } from './ribbon.js';
import { pieceMeaning, pieceWord } from './words.js';

export interface RibbonProps {
  readonly pieces: readonly Piece[];
  /** Media time at the left and at the right edge. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Words in the pieces that are wide enough. */
  readonly withWords?: boolean;
}

/** Pieces of a timeline side by side; each differs from every other by colour and by pattern. */
export function Ribbon({ pieces, fromMs, toMs, withWords = false }: RibbonProps): JSX.Element {
  const shown = pieces.filter((piece) => piece.endMs > fromMs && piece.startMs < toMs);
  const place = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * 100;
  return (
    <div class={withWords ? 'ribbon ribbon-big' : 'ribbon'} data-testid="ribbon" data-pieces={shown.length}>
      {shown.map((piece) => {
        const left = Math.max(0, place(piece.startMs));
        const width = Math.min(100, place(piece.endMs)) - left;
        return (
          <div
            key={piece.startMs}
            class={`piece ${pieceClass(piece)}`}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={pieceTitle(piece)}
          >
            {withWords && <PieceWord word={pieceWord(piece)} />}
          </div>
        );
      })}
    </div>
  );
}

/** The class that gives a piece its colour and its pattern. */
export function pieceClass(piece: Pick<Piece, 'kind' | 'label'>): string {
  return piece.kind === 'emotion' ? `is-${piece.label}` : `is-${piece.kind}`;
}

/** Shown where the piece is wide enough for it; the style sheet knows two widths. */
function PieceWord({ word }: { readonly word: string }): JSX.Element {
  return <span class={word.length <= 6 ? 'piece-word piece-word-short' : 'piece-word'}>{word}</span>;
}

function pieceTitle(piece: Piece): string {
  const span = `${clockOf(piece.startMs)}–${clockOf(piece.endMs)}`;
  const sure = piece.confidence === null ? '' : `, ${percent(piece.confidence)} sure`;
  const meaning = pieceMeaning(piece);
  return `${span} ${pieceWord(piece)}${sure}${meaning === undefined ? '' : `: ${meaning}`}`;
}
