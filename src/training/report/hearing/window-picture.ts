import { createCanvas } from '@napi-rs/canvas';
import { heatColour } from '../../pictures/canvas.js';
import type { Orientation } from './orientation.js';

/** Colours a place: red, green, blue, opacity, each 0…255. */
type Paint = (place: number) => readonly [number, number, number, number];

/** A PNG with a pixel for each place, time to the right, low tones below, as an address that needs no file. */
function pictureOf({ times, tones, indexOf }: Orientation, paint: Paint): string {
  const canvas = createCanvas(times, tones);
  const context = canvas.getContext('2d');
  const image = context.createImageData(times, tones);
  for (let tone = 0; tone < tones; tone++)
    for (let time = 0; time < times; time++)
      image.data.set(paint(indexOf(time, tone)), ((tones - 1 - tone) * times + time) * 4);
  context.putImageData(image, 0, 0);
  return `data:image/png;base64,${canvas.toBuffer('image/png').toString('base64')}`;
}

/** The first plane of an input: what was heard. @param input Float32 [rows × columns × planes] */
export function spectrogramPicture(input: Float32Array, planes: number, orientation: Orientation): string {
  const heard = Float32Array.from({ length: input.length / planes }, (_, i) => input[i * planes]!);
  const low = heard.reduce((a, b) => Math.min(a, b), Infinity);
  const high = heard.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = high > low ? 1 / (high - low) : 0;
  return pictureOf(orientation, (place) => [...heatColour((heard[place]! - low) * scale), 255]);
}

/** What speaks for the class, from nothing to the strongest place. @param drops Float32 [rows × columns] */
export function occlusionPicture(drops: Float32Array, orientation: Orientation): string {
  const highest = drops.reduce((a, b) => Math.max(a, b), 1e-6);
  return pictureOf(orientation, (place) => {
    const share = Math.max(0, drops[place]!) / highest;
    return [43, 214, 199, Math.round(225 * share)];
  });
}
