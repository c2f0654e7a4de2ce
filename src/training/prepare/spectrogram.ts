import { type FrontEnd, LogMel } from '../../features/index.js';

/** dB frames of a whole clip: Float32 [frames × nMels], by the front end that serves live calls. */
export interface Spectrogram {
  readonly frames: number;
  readonly nMels: number;
  readonly db: Float32Array;
}

/** @param samples mono, at the front end's sample rate */
export function spectrogramOf(samples: Float32Array, frontEnd: FrontEnd): Spectrogram {
  const logMel = new LogMel(frontEnd);
  const rows: Float32Array[] = [];
  const keep = (_: number, frame: Float32Array) => rows.push(frame.slice());
  logMel.push(samples, keep);
  logMel.flush(keep);
  const db = new Float32Array(rows.length * frontEnd.nMels);
  rows.forEach((row, i) => {
    db.set(row, i * frontEnd.nMels);
  });
  return { frames: rows.length, nMels: frontEnd.nMels, db };
}

/** Frames quieter than the loudest frame by more than this are silence before or after the speech. */
const VOICE_RANGE_DB = 35;

/**
 * The stretch from the first to the last frame that is near the loudest one. Corpora begin and end in silence;
 * pauses inside the speech belong to it.
 */
export function voiceSpan({ frames, nMels, db }: Spectrogram): { fromFrame: number; toFrame: number } {
  const levels = Array.from({ length: frames }, (_, i) => levelOf(db.subarray(i * nMels, (i + 1) * nMels)));
  const threshold = Math.max(...levels) - VOICE_RANGE_DB;
  const fromFrame = levels.findIndex((level) => level >= threshold);
  const toFrame = levels.findLastIndex((level) => level >= threshold) + 1;
  return { fromFrame: Math.max(0, fromFrame), toFrame };
}

/** Level of a frame in dB: the sum of its bands' powers. */
function levelOf(frame: Float32Array): number {
  let power = 0;
  for (const db of frame) power += 10 ** (db / 10);
  return 10 * Math.log10(power);
}
