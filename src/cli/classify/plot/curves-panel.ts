import { type Entry, isHole } from '../entry.js';
import { drawGrid, type TimeAxis } from './axis.js';
import { type Box, line, type Pen, write } from './canvas.js';
import { FAINT_INK, GRID } from './palette.js';

/** Both curves of a leg on one scale, −1 … 1. */
export const CURVES = [
  { field: 'valence', colour: '#1f6f8b', name: 'valence', meaning: 'unpleasant − … + pleasant' },
  { field: 'arousal', colour: '#d98324', name: 'arousal', meaning: 'calm − … + excited' },
] as const;

export function drawCurves(pen: Pen, entries: readonly Entry[], axis: TimeAxis, box: Box): void {
  drawGrid(pen, axis, box);
  for (const level of [-1, 0, 1]) {
    const y = levelY(level, box);
    line(pen, [box.x, y], [box.x + box.width, y], level === 0 ? FAINT_INK : GRID);
    const text = level === 0 ? '0' : level > 0 ? '+1' : '−1';
    write(pen, text, box.x - 8, y, { size: 10, colour: FAINT_INK, align: 'right', baseline: 'middle' });
  }
  for (const { field, colour } of CURVES) drawCurve(pen, entries, field, colour, axis, box);
}

function drawCurve(
  pen: Pen,
  entries: readonly Entry[],
  field: 'valence' | 'arousal',
  colour: string,
  axis: TimeAxis,
  box: Box,
): void {
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = 2;
  pen.lineJoin = 'round';
  pen.beginPath();
  let isDown = false;
  for (const entry of entries) {
    const value = isHole(entry) ? null : entry[field];
    if (value === null) isDown = false;
    else {
      const [x, y] = [axis.x(entry.endMs), levelY(value, box)];
      if (isDown) pen.lineTo(x, y);
      else pen.moveTo(x, y);
      isDown = true;
    }
  }
  pen.stroke();
  drawDots(pen, entries, field, axis, box);
}

/** Dots show single windows, as long as they stay apart. */
function drawDots(
  pen: Pen,
  entries: readonly Entry[],
  field: 'valence' | 'arousal',
  axis: TimeAxis,
  box: Box,
): void {
  if (entries.length * 6 > box.width) return;
  for (const entry of entries) {
    const value = isHole(entry) ? null : entry[field];
    if (value === null) continue;
    pen.beginPath();
    pen.arc(axis.x(entry.endMs), levelY(value, box), 2.6, 0, 2 * Math.PI);
    pen.fill();
  }
}

function levelY(level: number, box: Box): number {
  return box.y + (box.height * (1 - level)) / 2;
}
