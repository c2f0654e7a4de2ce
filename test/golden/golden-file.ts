import { readFileSync } from 'node:fs';
import type { FrontEnd } from '../../src/features/index.js';

export const GOLDEN_FOLDER = new URL('.', import.meta.url);

/** Cases that make_golden.py writes, as they stand in the file names. */
export const GOLDEN_CASES = ['default', '22k-centered-max', '16k-htk', '8k-magnitude', '8k-deltas'] as const;

export interface GoldenFile {
  readonly librosa: string;
  readonly seconds: number;
  /** Sum of the absolute 16-bit values of the signal. */
  readonly checksum: number;
  readonly frontEnd: FrontEnd;
  /** dB against 1, without top_db [frames][nMels]. */
  readonly frames: readonly (readonly number[])[];
  /** The input made of the first windowFrames of them [windowFrames][nMels × planes]. */
  readonly window: readonly (readonly number[])[];
}

export function goldenName(name: string): string {
  return `log-mel.${name}.json`;
}

export function readGolden(file: URL | string): GoldenFile {
  return JSON.parse(readFileSync(file, 'utf8')) as GoldenFile;
}

/**
 * The greatest difference, as a share of full scale: the range (largest minus smallest value) of `expected`.
 */
export function worstError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const range = Math.max(...expected) - Math.min(...expected);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(actual[i]! - value)), 0) / range;
}
