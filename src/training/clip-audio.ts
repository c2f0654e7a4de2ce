import { mixDownClip, readAudioFile, resampleClip } from '../audio/index.js';

/** One channel of samples, nominal range −1…1. */
export interface MonoAudio {
  readonly sampleRateHz: number;
  readonly samples: Float32Array;
}

/** Reads a recording and mixes its channels. */
export async function readMono(path: string): Promise<MonoAudio> {
  const clip = await readAudioFile(path);
  return { sampleRateHz: clip.sampleRateHz, samples: mixDownClip(clip.channels) };
}

/** The samples at another rate, converted as live audio is. */
export function clipAtRate(audio: MonoAudio, sampleRateHz: number): Float32Array {
  return resampleClip(audio.samples, audio.sampleRateHz, sampleRateHz);
}
