import { bundleDirectory } from '../../dist/app/bundle-directory.js';
import { WindowStream } from '../../dist/features/index.js';
import { loadBundle } from '../../dist/inference/index.js';
import { CHUNK_MS } from './audio.mjs';

const BUNDLE = bundleDirectory({ bundle: process.env.UNDERTONE_BENCH_BUNDLE ?? null });
const windows = new WindowStream((await loadBundle(BUNDLE)).frontEnd);

/** The `model` section with an engine: one thread classifies. */
export const modelWith = (engine) => ({ bundle: BUNDLE, engine, threads: 1 });

/** Windows that so many chunks of a call complete. */
export const windowsIn = (chunks) =>
  windows.windowsEndingBy((chunks * CHUNK_MS * windows.sampleRateHz) / 1000);

/** The chunk of a call, counted from 0, that completes a window. */
export const lastChunkOf = (windowIndex) => Math.ceil(windows.endMs(windowIndex) / CHUNK_MS) - 1;
