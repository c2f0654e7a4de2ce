import type { FrontEnd } from '../../features/index.js';
import type { Spectrogram } from '../prepare/spectrogram.js';
import { drawPng, heatColour } from './canvas.js';

const SCALE = 3;
const MARGIN = { left: 8, top: 22, right: 8, bottom: 22 };
/** Range below the loudest value that is told apart. */
const RANGE_DB = 70;

/** A picture of a clip: time to the right, low bands below, loud is light. */
export function drawSpectrogram(spectrogram: Spectrogram, frontEnd: FrontEnd, title: string): Buffer {
  const { frames, nMels, db } = spectrogram;
  const width = Math.max(1, frames) * SCALE;
  const height = nMels * SCALE;
  const seconds = (frames * frontEnd.hopLength) / frontEnd.sampleRateHz;
  return drawPng(width + MARGIN.left + MARGIN.right, height + MARGIN.top + MARGIN.bottom, (context) => {
    const image = context.createImageData(width, height);
    fillPixels(image.data, db, frames, nMels);
    context.putImageData(image, MARGIN.left, MARGIN.top);
    context.fillStyle = '#000000';
    context.fillText(title, MARGIN.left, MARGIN.top - 7);
    context.fillText(`0–${seconds.toFixed(2)} s, ${nMels} Mel bands`, MARGIN.left, MARGIN.top + height + 15);
  });
}

/** @param pixels RGBA [nMels·SCALE × frames·SCALE] */
function fillPixels(pixels: Uint8ClampedArray, db: Float32Array, frames: number, nMels: number): void {
  let max = -Infinity;
  for (const value of db) max = Math.max(max, value);
  const width = frames * SCALE;
  for (let y = 0; y < nMels * SCALE; y++) {
    const band = nMels - 1 - Math.floor(y / SCALE);
    for (let x = 0; x < width; x++) {
      const value = db[Math.floor(x / SCALE) * nMels + band]!;
      pixels.set([...heatColour(1 + (value - max) / RANGE_DB), 255], (y * width + x) * 4);
    }
  }
}
