import { createCanvas } from '@napi-rs/canvas';
import { bandEdgesHz, type FrontEnd } from '../../../features/index.js';
import { type Entry, isHole } from '../entry.js';
import type { Stretch } from '../stretches.js';
import { drawGrid, type TimeAxis } from './axis.js';
import { type Box, line, type Pen, widthOf, write } from './canvas.js';
import { COLOURS, FAINT_INK, GRID, HATCHED, INK, inkOn, paintHeat } from './palette.js';
import type { SpectrogramImage } from './spectrogram.js';

/** Range below the loudest level that is told apart. */
const RANGE_DB = 65;
const MARKED_HZ = [250, 500, 1000, 2000, 4000, 8000];

/** Time to the right, pitch up on the Mel scale, loud is light. */
export function drawSpectrogram(pen: Pen, image: SpectrogramImage, frontEnd: FrontEnd, box: Box): void {
  const canvas = createCanvas(image.columns, image.bands);
  const target = canvas.getContext('2d');
  const pixels = target.createImageData(image.columns, image.bands);
  for (let column = 0; column < image.columns; column++) {
    for (let band = 0; band < image.bands; band++) {
      const db = image.levels[column * image.bands + band]!;
      const at = ((image.bands - 1 - band) * image.columns + column) * 4;
      paintHeat(1 + (db - image.loudestDb) / RANGE_DB, pixels.data, at);
    }
  }
  target.putImageData(pixels, 0, 0);
  pen.drawImage(canvas, box.x, box.y, box.width, box.height);
  drawPitchMarks(pen, frontEnd, box);
}

function drawPitchMarks(pen: Pen, frontEnd: FrontEnd, box: Box): void {
  const centres = bandEdgesHz(frontEnd).slice(1, -1);
  for (const hz of MARKED_HZ.filter((mark) => mark <= frontEnd.fMaxHz)) {
    const above = centres.findIndex((centre) => centre >= hz);
    const band = above < 0 ? centres.length : above + 0.5;
    const y = box.y + box.height * (1 - band / centres.length);
    line(pen, [box.x - 4, y], [box.x, y], FAINT_INK);
    const text = hz >= 1000 ? `${hz / 1000} kHz` : `${hz} Hz`;
    write(pen, text, box.x - 8, y, { size: 10, colour: FAINT_INK, align: 'right', baseline: 'middle' });
  }
}

/** One block a stretch; its word where there is room. */
export function drawRibbon(pen: Pen, stretches: readonly Stretch[], axis: TimeAxis, box: Box): void {
  for (const stretch of stretches) {
    const x = axis.x(stretch.startMs);
    const width = axis.x(stretch.endMs) - x;
    pen.fillStyle = COLOURS[stretch.kind];
    pen.fillRect(x, box.y, width, box.height);
    if (HATCHED.has(stretch.kind)) hatch(pen, { ...box, x, width });
    const style = { size: 12, weight: 'bold' } as const;
    if (widthOf(pen, stretch.kind, style) + 10 > width) continue;
    const middle = box.y + box.height / 2;
    const colour = stretch.kind === 'silent' ? FAINT_INK : inkOn(stretch.kind);
    write(pen, stretch.kind, x + width / 2, middle, {
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

/** What the colours and curves mean, in one line. */
export function drawLegend(pen: Pen, stretches: readonly Stretch[], x: number, y: number): void {
  let at = x;
  for (const kind of new Set(stretches.map((stretch) => stretch.kind))) {
    pen.fillStyle = COLOURS[kind];
    pen.fillRect(at, y - 9, 11, 11);
    pen.strokeStyle = FAINT_INK;
    pen.lineWidth = 0.5;
    pen.strokeRect(at, y - 9, 11, 11);
    write(pen, kind, at + 16, y, { size: 11, colour: INK });
    at += 16 + widthOf(pen, kind, { size: 11 }) + 18;
  }
}
