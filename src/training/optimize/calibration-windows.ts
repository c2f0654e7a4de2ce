import { type FrontEnd, inputLengthOf } from '../../features/index.js';
import { type Dataset, loadVariants } from '../data/dataset.js';
import { cutWindow, randomStart } from '../data/windows.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { Random } from '../random.js';

/** Windows by which a network's activations are measured. */
export const CALIBRATION_WINDOWS = 256;

/**
 * Windows as training takes them, without masks: one of each clip drawn, of a copy of it drawn, at a place drawn.
 * @param clips of speakers that the network was trained or chosen by
 * @returns at most {@link CALIBRATION_WINDOWS} inputs of the model
 */
export async function drawWindows(
  dataset: Dataset,
  clips: readonly PreparedClip[],
  frontEnd: FrontEnd,
  seed: string,
): Promise<Float32Array[]> {
  const random = new Random(`${seed}/calibration`);
  const windows: Float32Array[] = [];
  for (const clip of random.shuffle(clips).slice(0, CALIBRATION_WINDOWS)) {
    const variant = random.pick(await loadVariants(dataset, clip));
    const window = new Float32Array(inputLengthOf(frontEnd));
    cutWindow(variant, randomStart(variant, frontEnd, random), frontEnd, window);
    windows.push(window);
  }
  return windows;
}
