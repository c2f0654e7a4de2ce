import { DeltaKernel } from './deltas.js';
import { type FrontEnd, inputShapeOf } from './front-end.js';
import { type Picture, PicturePlan } from './picture.js';

/** dB value of silence: what a frame of zeros gives. Pads windows that have fewer frames than the model wants. */
export function silenceDb(frontEnd: FrontEnd): number {
  const reference = frontEnd.dbReference.kind === 'fixed' ? frontEnd.dbReference.value : 1;
  return 10 * Math.log10(frontEnd.amin / Math.max(frontEnd.amin, reference));
}

/**
 * Turns a window of dB frames into the model's input. Uses nothing outside the window.
 * Order: `dbReference: max` (librosa `ref=np.max`), `topDb` (librosa `power_to_db(top_db=…)`), Δ and ΔΔ, `normalization`
 * of each plane; `picture`.
 *
 * @param db Float32Array [windowFrames × nMels]; not kept, its values are lost. May be `out` where there is one plane
 *   and no picture.
 * @param out Float32Array of {@link inputShapeOf}, overwritten
 */
export function toModelInput(frontEnd: FrontEnd, db: Float32Array, out: Float32Array): void {
  limitRange(frontEnd, db);
  const { deltaWidth, picture } = frontEnd;
  if (picture) {
    normalize(frontEnd, db, 1);
    planOf(frontEnd, picture).apply(db, out);
    return;
  }
  if (deltaWidth === undefined) out.set(db);
  else kernelOf(frontEnd, deltaWidth).apply(db, out);
  normalize(frontEnd, out, inputShapeOf(frontEnd)[2]);
}

function normalize({ normalization }: FrontEnd, values: Float32Array, planes: number): void {
  for (let plane = 0; plane < planes; plane++) {
    if (normalization === 'standardize') standardize(values, plane, planes);
    if (normalization === 'minmax') minmax(values, plane, planes);
  }
}

/**
 * Space for the dB frames of a window that is about to become an input, [windowFrames × nMels]. One for each front end:
 * a window is made in one go on one thread, so legs that take turns never see each other's frames.
 */
export function sharedWindow(frontEnd: FrontEnd): Float32Array {
  const known = windows.get(frontEnd);
  if (known !== undefined) return known;
  const window = new Float32Array(frontEnd.windowFrames * frontEnd.nMels);
  windows.set(frontEnd, window);
  return window;
}

const windows = new WeakMap<FrontEnd, Float32Array>();
const plans = new WeakMap<FrontEnd, PicturePlan>();
const kernels = new WeakMap<FrontEnd, DeltaKernel>();

function planOf(frontEnd: FrontEnd, picture: Picture): PicturePlan {
  const plan = plans.get(frontEnd) ?? new PicturePlan(picture, frontEnd);
  plans.set(frontEnd, plan);
  return plan;
}

function kernelOf(frontEnd: FrontEnd, width: number): DeltaKernel {
  const kernel = kernels.get(frontEnd) ?? new DeltaKernel(width, frontEnd.nMels);
  kernels.set(frontEnd, kernel);
  return kernel;
}

function limitRange({ dbReference, topDb }: FrontEnd, db: Float32Array): void {
  let max = -Infinity;
  for (let i = 0; i < db.length; i++) max = Math.max(max, db[i]!);
  const shift = dbReference.kind === 'max' ? max : 0;
  const floor = topDb === null ? -Infinity : max - topDb;
  for (let i = 0; i < db.length; i++) db[i] = Math.max(db[i]!, floor) - shift;
}

function standardize(values: Float32Array, first: number, step: number): void {
  const count = values.length / step;
  let sum = 0;
  for (let i = first; i < values.length; i += step) sum += values[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = first; i < values.length; i += step) squares += (values[i]! - mean) ** 2;
  const scale = 1 / (Math.sqrt(squares / count) + 1e-6);
  for (let i = first; i < values.length; i += step) values[i] = (values[i]! - mean) * scale;
}

function minmax(values: Float32Array, first: number, step: number): void {
  let min = Infinity;
  let max = -Infinity;
  for (let i = first; i < values.length; i += step) {
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
  }
  const scale = max > min ? 1 / (max - min) : 0;
  for (let i = first; i < values.length; i += step) values[i] = (values[i]! - min) * scale;
}
