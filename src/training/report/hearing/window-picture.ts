import { createCanvas } from '@napi-rs/canvas';
import { heatColour } from '../../pictures/canvas.js';

/** Colours a place: red, green, blue, opacity, each 0…255. */
type Paint = (frame: number, band: number) => readonly [number, number, number, number];

/** A PNG with a pixel for each place, time to the right, low bands below, as an address that needs no file. */
function pictureOf(frames: number, bands: number, paint: Paint): string {
  const canvas = createCanvas(frames, bands);
  const context = canvas.getContext('2d');
  const image = context.createImageData(frames, bands);
  for (let band = 0; band < bands; band++)
    for (let frame = 0; frame < frames; frame++)
      image.data.set(paint(frame, band), ((bands - 1 - band) * frames + frame) * 4);
  context.putImageData(image, 0, 0);
  return `data:image/png;base64,${canvas.toBuffer('image/png').toString('base64')}`;
}

/** The first plane of an input: what was heard. @param input Float32 [frames × bands × planes] */
export function spectrogramPicture(
  input: Float32Array,
  [frames, bands, planes]: readonly [number, number, number],
): string {
  const heard = Float32Array.from({ length: frames * bands }, (_, i) => input[i * planes]!);
  const low = heard.reduce((a, b) => Math.min(a, b), Infinity);
  const high = heard.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = high > low ? 1 / (high - low) : 0;
  return pictureOf(frames, bands, (frame, band) => [
    ...heatColour((heard[frame * bands + band]! - low) * scale),
    255,
  ]);
}

/** What speaks for the class, from nothing to the strongest place. @param drops Float32 [frames × bands] */
export function occlusionPicture(drops: Float32Array, frames: number, bands: number): string {
  const highest = drops.reduce((a, b) => Math.max(a, b), 1e-6);
  return pictureOf(frames, bands, (frame, band) => {
    const share = Math.max(0, drops[frame * bands + band]!) / highest;
    return [43, 214, 199, Math.round(225 * share)];
  });
}
