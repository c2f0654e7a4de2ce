import type { JSX } from 'preact';
import { clockOf, percent } from './format.js';
import type { Piece } from './ribbon.js';
import { pieceClass } from './ribbon-view.js';
import { pieceMeaning, pieceWord } from './words.js';

/** Rows shown, the newest. */
const MAX_ROWS = 100;

/** The ribbon as words, for whoever reads rather than looks. */
export function PieceTable({ pieces }: { readonly pieces: readonly Piece[] }): JSX.Element {
  const newestFirst = pieces.slice(-MAX_ROWS).reverse();
  return (
    <details class="piece-table" data-testid="piece-table">
      <summary>The timeline as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Heard</th>
            <th scope="col">Sure</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((piece) => (
            <tr key={piece.startMs}>
              <td>{clockOf(piece.startMs)}</td>
              <td>{clockOf(piece.endMs)}</td>
              <td>
                <span class={`swatch ${pieceClass(piece)}`} />
                {[pieceWord(piece), pieceMeaning(piece)].filter(Boolean).join(': ')}
              </td>
              <td>{piece.confidence === null ? '–' : percent(piece.confidence)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
