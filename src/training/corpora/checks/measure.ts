import { type AudioClip, containerOf, mixDownClip } from '../../../audio/index.js';
import { envelopeOf } from './envelope.js';
import { highBandDb } from './high-band.js';

/** What can be measured of a recording without knowing what it should be. */
export interface RecordingFacts {
  /** See {@link envelopeOf}. */
  readonly envelope: readonly number[];
  readonly container: 'wav' | 'aiff' | 'flac';
  readonly sampleRateHz: number;
  readonly channels: number;
  /** True of two channels with the same samples. */
  readonly sameChannels: boolean;
  readonly durationMs: number;
  /** Level of the loudest 20 ms, dB relative to full scale, one decimal; −120 and below is −120. */
  readonly loudestDbfs: number;
  /** Share of the samples that stand at full scale, three and more in a row; four decimals. */
  readonly clippedShare: number;
  /** See {@link highBandDb}; one decimal. */
  readonly highBandDb: number | null;
}

const BLOCK_SECONDS = 0.02;
const QUIETEST_DBFS = -120;

/** @param bytes the file that `clip` was decoded from */
export function measureRecording(bytes: Uint8Array, clip: AudioClip, place: string): RecordingFacts {
  const { sampleRateHz, channels } = clip;
  const mono = mixDownClip(channels);
  const high = highBandDb(mono, sampleRateHz);
  const loudest = loudestDbfs(mono, Math.round(sampleRateHz * BLOCK_SECONDS));
  return {
    envelope: envelopeOf(mono),
    container: containerOf(bytes, place)!,
    sampleRateHz,
    channels: channels.length,
    sameChannels: channels.length > 1 && channels[0]!.every((x, i) => x === channels[1]![i]),
    durationMs: Math.round((mono.length * 1000) / sampleRateHz),
    loudestDbfs: rounded(Math.max(QUIETEST_DBFS, loudest), 1),
    clippedShare: rounded(Math.max(...channels.map(clippedShare)), 4),
    highBandDb: high === null ? null : rounded(high, 1),
  };
}

const rounded = (x: number, decimals: number): number => Math.round(x * 10 ** decimals) / 10 ** decimals;

/** @param block samples; a recording that is shorter is one block */
function loudestDbfs(samples: Float32Array, block: number): number {
  let loudest = 0;
  for (let at = 0; at === 0 || at + block <= samples.length; at += block) {
    const part = samples.subarray(at, at + block);
    let power = 0;
    for (const x of part) power += x * x;
    loudest = Math.max(loudest, power / part.length);
  }
  return 10 * Math.log10(loudest);
}

/** Just below full scale, because µ-law ends at 0.98 of it. */
const FULL_SCALE = 0.98;
const RUN = 3;

/** Samples in runs of equal values at full scale: a wave that was cut off is flat there, a loud one is not. */
function clippedShare(samples: Float32Array): number {
  let clipped = 0;
  let run = 1;
  for (let i = 1; i <= samples.length; i++) {
    if (samples[i] === samples[i - 1]) {
      run++;
      continue;
    }
    if (run >= RUN && Math.abs(samples[i - 1]!) >= FULL_SCALE) clipped += run;
    run = 1;
  }
  return clipped / samples.length;
}
