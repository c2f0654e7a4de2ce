import { UndertoneError } from '../../errors.js';
import type { FrontEnd } from '../../features/index.js';
import { parseFrontEnd } from '../../inference/index.js';

/** What is known of an imported model's front end; anything else is librosa's default. */
export type FrontEndSettings = Readonly<Record<string, unknown>>;

/** `librosa.feature.melspectrogram` and `power_to_db(ref=np.max)` as they are without arguments. */
const LIBROSA = {
  sampleRateHz: 22_050,
  nFft: 2048,
  hopLength: 512,
  center: true,
  nMels: 128,
  fMinHz: 0,
  melScale: 'slaney',
  melNorm: 'slaney',
  power: 2,
  dbReference: { kind: 'max' },
  amin: 1e-10,
  topDb: 80,
  normalization: 'minmax',
} as const;

const PICTURE = {
  range: [0, 1],
  fullScale: 255,
  levels: 'continuous',
  rows: 'low-band-first',
  resize: 'bilinear',
  preprocessing: 'none',
} as const;

/**
 * The front end of a model that takes pictures: the settings given, librosa's defaults, and a picture of the model's
 * size. `picture: null` means that the model takes the window itself.
 *
 * @param inputShape the model's input [height, width, channels]
 * @param windowSeconds length of the recordings that the model was trained on, where `windowFrames` is not given
 * @throws UT_TRAINING_BAD_OPTIONS where the length of a window is not known, UT_FEATURES_BAD_FRONT_END naming a field
 */
export function notebookFrontEnd(
  settings: FrontEndSettings,
  inputShape: readonly number[],
  windowSeconds: number | undefined,
  place: string,
): FrontEnd {
  const { picture, ...rest } = { ...LIBROSA, ...settings } as Record<string, unknown>;
  const rateHz = Number(rest.sampleRateHz);
  const known = {
    winLength: rest.nFft,
    fMaxHz: rateHz / 2,
    windowHopFrames: Math.max(1, Math.round(rateHz / Number(rest.hopLength))),
    ...rest,
    windowFrames: rest.windowFrames ?? framesIn(rest, windowSeconds, place),
  };
  if (picture === null) return parseFrontEnd(known, place);
  return parseFrontEnd({ ...known, picture: pictureOf(picture, inputShape) }, place);
}

function pictureOf(given: unknown, [height, width, channels]: readonly number[]): object {
  const colours = channels === 1 ? 'single' : 'grey';
  return { ...PICTURE, colours, height, width, ...(given as object | undefined) };
}

/** Frames of a recording: librosa pads half an FFT on both sides where it centres. */
function framesIn(
  { sampleRateHz, nFft, hopLength, center }: Record<string, unknown>,
  seconds: number | undefined,
  place: string,
): number {
  if (seconds === undefined) {
    const detail =
      'How long the recordings are that the model was trained on is not known: give --window-seconds, or windowFrames (the columns of the spectrogram before it was resized).';
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place });
  }
  const samples = Math.round(seconds * Number(sampleRateHz));
  return 1 + Math.floor((samples - (center ? 0 : Number(nFft))) / Number(hopLength));
}
