import { type Stretch, wordOf } from '../stretches.js';
import type { TimeAxis } from './axis.js';
import { type Box, line, type Pen, widthOf, write } from './canvas.js';
import { COLOURS, FAINT_INK, HATCHED, INK, inkOn } from './palette.js';

/** One block a stretch; its word where there is room. */
export function drawRibbon(pen: Pen, stretches: readonly Stretch[], axis: TimeAxis, box: Box): void {
  for (const stretch of stretches) {
    const x = axis.x(stretch.startMs);
    const width = axis.x(stretch.endMs) - x;
    pen.fillStyle = COLOURS[stretch.kind];
    pen.fillRect(x, box.y, width, box.height);
    if (HATCHED.has(stretch.kind)) hatch(pen, { ...box, x, width });
    const word = wordOf(stretch.kind);
    const style = { size: 12, weight: 'bold' } as const;
    if (widthOf(pen, word, style) + 10 > width) continue;
    const middle = box.y + box.height / 2;
    const colour = stretch.kind === 'silent' ? FAINT_INK : inkOn(stretch.kind);
    write(pen, word, x + width / 2, middle, {
      ...style,
      colour,
      align: 'center',
      baseline: 'middle',
    });
  }
}

function hatch(pen: Pen, box: Box): void {
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  for (let x = box.x - box.height; x < box.x + box.width; x += 6) {
    line(pen, [x, box.y + box.height], [x + box.height, box.y], FAINT_INK);
  }
  pen.restore();
}

/** What the colours mean, in one line. */
export function drawLegend(pen: Pen, stretches: readonly Stretch[], x: number, y: number): void {
  let at = x;
  for (const kind of new Set(stretches.map((stretch) => stretch.kind))) {
    pen.fillStyle = COLOURS[kind];
    pen.fillRect(at, y - 9, 11, 11);
    pen.strokeStyle = FAINT_INK;
    pen.lineWidth = 0.5;
    pen.strokeRect(at, y - 9, 11, 11);
    write(pen, wordOf(kind), at + 16, y, { size: 11, colour: INK });
    at += 16 + widthOf(pen, wordOf(kind), { size: 11 }) + 18;
  }
}
