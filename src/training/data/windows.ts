import { type FrontEnd, sharedWindow, silenceDb, toModelInput } from '../../features/index.js';
import type { Random } from '../random.js';

/** dB frames of one recording and where speech lies in them. */
export interface VoicedFrames {
  /** Float32 [frames × nMels] */
  readonly db: Float32Array;
  readonly frames: number;
  readonly voice: { readonly fromFrame: number; readonly toFrame: number };
}

/** Share of a window that must be speech for the window to count as voiced. */
export const MIN_VOICED_SHARE = 0.4;

/**
 * Cuts the window that begins with frame `start` and makes it an input as serving does. Frames outside the recording are
 * silence, so `start` may be negative.
 * @param out Float32 of the front end's `inputShapeOf`, overwritten
 */
export function cutWindow(
  { db, frames }: VoicedFrames,
  start: number,
  frontEnd: FrontEnd,
  out: Float32Array,
): void {
  const { nMels, windowFrames } = frontEnd;
  const from = Math.max(0, start);
  const to = Math.min(frames, start + windowFrames);
  const window = sharedWindow(frontEnd);
  window.fill(silenceDb(frontEnd));
  if (to > from) window.set(db.subarray(from * nMels, to * nMels), (from - start) * nMels);
  toModelInput(frontEnd, window, out);
}

/** Frames of speech in the window that begins with frame `start`. */
export function voicedFramesIn({ voice }: VoicedFrames, start: number, windowFrames: number): number {
  return Math.max(0, Math.min(voice.toFrame, start + windowFrames) - Math.max(voice.fromFrame, start));
}

/**
 * First frames of the windows that serving would classify: one each hop, from the recording's beginning, as far as it
 * reaches. A recording shorter than a window gives one, padded at its end. Never empty: where speech is short,
 * the window that holds most of it is taken.
 */
export function servedStarts(clip: VoicedFrames, frontEnd: FrontEnd): number[] {
  const { windowFrames, windowHopFrames } = frontEnd;
  const starts: number[] = [];
  for (let start = 0; start === 0 || start + windowFrames <= clip.frames; start += windowHopFrames)
    starts.push(start);
  const held = (start: number) => voicedFramesIn(clip, start, windowFrames);
  const voiced = starts.filter((start) => held(start) >= MIN_VOICED_SHARE * windowFrames);
  if (voiced.length > 0) return voiced;
  return [starts.reduce((best, start) => (held(start) > held(best) ? start : best))];
}

/** First frame of a window for training: anywhere where it holds as much speech as served windows do. */
export function randomStart(clip: VoicedFrames, frontEnd: FrontEnd, random: Random): number {
  const { windowFrames } = frontEnd;
  const { fromFrame, toFrame } = clip.voice;
  const wanted = Math.min(Math.ceil(MIN_VOICED_SHARE * windowFrames), toFrame - fromFrame);
  const room = clip.frames - windowFrames;
  const [lowest, highest] = room >= 0 ? [0, room] : [room, 0];
  const earliest = Math.max(lowest, fromFrame + wanted - windowFrames);
  const latest = Math.min(highest, toFrame - wanted);
  return random.integer(Math.min(earliest, highest), Math.max(Math.min(earliest, highest), latest));
}
