import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';

const FAMILY = 'DejaVu Sans';

/** Draws on a white canvas and gives the PNG. The font comes with the package, so pictures are alike everywhere. */
export function drawPng(width: number, height: number, draw: (context: SKRSContext2D) => void): Buffer {
  if (!GlobalFonts.has(FAMILY)) {
    GlobalFonts.registerFromPath(
      createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
      FAMILY,
    );
  }
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.font = `12px "${FAMILY}"`;
  draw(context);
  return canvas.toBuffer('image/png');
}

/** Stops of the map "magma" (matplotlib), dark to light. */
const MAGMA: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [59, 15, 112],
  [140, 41, 129],
  [222, 73, 104],
  [254, 159, 109],
  [252, 253, 191],
];

/** @param share 0 (dark) … 1 (light) @returns red, green, blue 0…255 */
export function heatColour(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (MAGMA.length - 1);
  const low = MAGMA[Math.floor(at)]!;
  const high = MAGMA[Math.ceil(at)]!;
  const mix = at - Math.floor(at);
  return [0, 1, 2].map((i) => Math.round(low[i]! + (high[i]! - low[i]!) * mix)) as [number, number, number];
}
