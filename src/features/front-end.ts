import { createHash } from 'node:crypto';
import { channelsOf, type Picture } from './picture.js';

/**
 * Every parameter between PCM and the model's input. Stored with the model; two front ends with the same
 * fingerprint produce the same numbers from the same samples.
 */
export interface FrontEnd {
  readonly sampleRateHz: number;
  /** FFT length in samples, a power of two. */
  readonly nFft: number;
  /** Length of the Hann window (periodic), centred in `nFft`. */
  readonly winLength: number;
  /** Samples between frames. */
  readonly hopLength: number;
  /** `true` pads nFft/2 zeros before the first sample (librosa `center=True, pad_mode="constant"`). */
  readonly center: boolean;
  readonly nMels: number;
  readonly fMinHz: number;
  readonly fMaxHz: number;
  /** Mel formula (librosa `htk`). */
  readonly melScale: 'slaney' | 'htk';
  /** Filter normalisation (librosa `norm`): `slaney` gives each filter unit area. */
  readonly melNorm: 'slaney' | 'none';
  /** 2 = power, 1 = magnitude spectrogram. */
  readonly power: 1 | 2;
  /** `fixed`: 10·log10(max(S, amin)/ref); `max`: ref is the window's largest value (librosa `ref=np.max`). */
  readonly dbReference: { readonly kind: 'fixed'; readonly value: number } | { readonly kind: 'max' };
  /** Floor of S before the logarithm. */
  readonly amin: number;
  /** Values more than this many dB under the window's largest are raised to it; `null` = no floor. */
  readonly topDb: number | null;
  /** Frames that are classified at once, and frames between two windows. */
  readonly windowFrames: number;
  readonly windowHopFrames: number;
  /** Per window, each plane by itself: `standardize` = (x − mean) / (std + 1e-6); `minmax` = to 0…1; `none`. */
  readonly normalization: 'standardize' | 'minmax' | 'none';
  /**
   * Frames over which slope and curvature are estimated, odd, at least 3 (librosa `feature.delta`). Where it is given, the
   * input has three planes (static, Δ, ΔΔ) instead of one.
   */
  readonly deltaWidth?: number;
  /** Where it is given, the model takes a picture of the window, of that size. Not together with `deltaWidth`. */
  readonly picture?: Picture;
}

/** The streaming default: telephone band, 16 ms hop, 2.048 s windows every 0.512 s. */
export const DEFAULT_FRONT_END: FrontEnd = {
  sampleRateHz: 8000,
  nFft: 256,
  winLength: 256,
  hopLength: 128,
  center: false,
  nMels: 64,
  fMinHz: 0,
  fMaxHz: 4000,
  melScale: 'slaney',
  melNorm: 'slaney',
  power: 2,
  dbReference: { kind: 'fixed', value: 1 },
  amin: 1e-10,
  topDb: 60,
  windowFrames: 128,
  windowHopFrames: 32,
  normalization: 'standardize',
};

/** Rows, columns and channels of the model's input; its values lie in this order, channels last. */
export function inputShapeOf(frontEnd: FrontEnd): readonly [rows: number, columns: number, channels: number] {
  const { picture } = frontEnd;
  if (picture) return [picture.height, picture.width, channelsOf(picture)];
  return [frontEnd.windowFrames, frontEnd.nMels, frontEnd.deltaWidth === undefined ? 1 : 3];
}

/** Values of one input of the model. */
export function inputLengthOf(frontEnd: FrontEnd): number {
  const [rows, columns, channels] = inputShapeOf(frontEnd);
  return rows * columns * channels;
}

/** Fields that turn frames into an input; all others decide the frames themselves. */
const WINDOW_FIELDS: readonly string[] = [
  'dbReference',
  'topDb',
  'windowFrames',
  'windowHopFrames',
  'normalization',
  'deltaWidth',
  'picture',
] satisfies (keyof FrontEnd)[];

/** Like {@link fingerprintOf}, over what decides the dB frames alone: inputs of several kinds are made of the same frames. */
export function frameFingerprintOf(frontEnd: FrontEnd): string {
  const fields = Object.entries(frontEnd).filter(([name]) => !WINDOW_FIELDS.includes(name));
  // A frame is computed against a fixed reference whatever the window's is; only its value counts.
  const reference = frontEnd.dbReference.kind === 'fixed' ? frontEnd.dbReference.value : 1;
  return sha256Of([...fields, ['dbReferenceValue', reference]]);
}

/** SHA-256 over the fields in alphabetical order: equal fingerprints, equal features. */
export function fingerprintOf(frontEnd: FrontEnd): string {
  return sha256Of(Object.entries(frontEnd));
}

function sha256Of(fields: readonly (readonly [string, unknown])[]): string {
  const ordered = inOrder(fields).map(([name, value]) => [
    name,
    name === 'picture' ? inOrder(Object.entries(value as Picture)) : value,
  ]);
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
}

function inOrder(fields: readonly (readonly [string, unknown])[]): (readonly [string, unknown])[] {
  return [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
}
