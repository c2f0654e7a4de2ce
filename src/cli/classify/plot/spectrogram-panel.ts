import { createCanvas } from '@napi-rs/canvas';
import { bandEdgesHz, type FrontEnd } from '../../../features/index.js';
import { type Box, line, type Pen, write } from './canvas.js';
import { FAINT_INK, paintHeat } from './palette.js';
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
