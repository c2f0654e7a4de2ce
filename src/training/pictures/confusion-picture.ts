import type { Confusion } from '../evaluate/metrics.js';
import { drawPng } from './canvas.js';

const CELL = { width: 62, height: 34 };
const LEFT = 92;
const TOP = 56;
const MARGIN = 14;

/** A confusion matrix: a row for what was spoken, a column for what was heard; shade is the share of the row. */
export function drawConfusion(confusion: Confusion, labels: readonly string[], title: string): Buffer {
  const width = LEFT + labels.length * CELL.width + MARGIN;
  const height = TOP + labels.length * CELL.height + MARGIN;
  return drawPng(width, height, (context) => {
    context.fillStyle = '#000000';
    context.fillText(title, MARGIN, 20);
    context.textBaseline = 'middle';
    labels.forEach((label, i) => {
      context.textAlign = 'center';
      context.fillText(label, LEFT + (i + 0.5) * CELL.width, TOP - 12);
      context.textAlign = 'right';
      context.fillText(label, LEFT - 8, TOP + (i + 0.5) * CELL.height);
    });
    context.textAlign = 'center';
    confusion.forEach((row, y) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      row.forEach((count, x) => {
        const share = total === 0 ? 0 : count / total;
        const [left, top] = [LEFT + x * CELL.width, TOP + y * CELL.height];
        context.fillStyle = `rgb(${blue(share)})`;
        context.fillRect(left + 1, top + 1, CELL.width - 2, CELL.height - 2);
        context.fillStyle = share > 0.55 ? '#ffffff' : '#000000';
        context.fillText(String(count), left + CELL.width / 2, top + CELL.height / 2);
      });
    });
  });
}

/** White to dark blue. */
function blue(share: number): string {
  return [245 - 237 * share, 248 - 200 * share, 255 - 148 * share].map(Math.round).join(',');
}
