import type { FrontEnd } from './front-end.js';

/** dB value of silence: what a frame of zeros gives. Pads windows that have fewer frames than the model wants. */
export function silenceDb(frontEnd: FrontEnd): number {
  const reference = frontEnd.dbReference.kind === 'fixed' ? frontEnd.dbReference.value : 1;
  return 10 * Math.log10(frontEnd.amin / Math.max(frontEnd.amin, reference));
}

/**
 * Turns a window of dB frames into the model's input, in place. Uses nothing outside the window.
 * Order: `dbReference: max` (librosa `ref=np.max`), `topDb` (librosa `power_to_db(top_db=…)`), `normalization`.
 *
 * @param window Float32Array [windowFrames × nMels]
 */
export function normalizeWindow(frontEnd: FrontEnd, window: Float32Array): void {
  let max = -Infinity;
  for (let i = 0; i < window.length; i++) max = Math.max(max, window[i]!);
  const shift = frontEnd.dbReference.kind === 'max' ? max : 0;
  const floor = frontEnd.topDb === null ? -Infinity : max - frontEnd.topDb;
  for (let i = 0; i < window.length; i++) window[i] = Math.max(window[i]!, floor) - shift;
  if (frontEnd.normalization === 'standardize') standardize(window);
  if (frontEnd.normalization === 'minmax') minmax(window);
}

function standardize(window: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < window.length; i++) sum += window[i]!;
  const mean = sum / window.length;
  let squares = 0;
  for (let i = 0; i < window.length; i++) squares += (window[i]! - mean) ** 2;
  const scale = 1 / (Math.sqrt(squares / window.length) + 1e-6);
  for (let i = 0; i < window.length; i++) window[i] = (window[i]! - mean) * scale;
}

function minmax(window: Float32Array): void {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < window.length; i++) {
    min = Math.min(min, window[i]!);
    max = Math.max(max, window[i]!);
  }
  const scale = max > min ? 1 / (max - min) : 0;
  for (let i = 0; i < window.length; i++) window[i] = (window[i]! - min) * scale;
}
