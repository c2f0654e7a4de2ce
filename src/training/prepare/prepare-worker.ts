import { parentPort, workerData } from 'node:worker_threads';
import { errorCodeOf } from '../../errors.js';
import type { PreparedClip, PreparedSettings } from './manifest.js';
import { loadNoises } from './noises.js';
import { type PrepareTask, prepareClip } from './prepare-clip.js';

/** What a worker thread is started with. */
export interface PrepareWorkerData {
  readonly folder: string;
  readonly settings: PreparedSettings;
  readonly noiseFolder: string | null;
}

/** One answer to each task, in the order of the tasks. */
export type PrepareAnswer =
  | { readonly kind: 'done'; readonly record: PreparedClip }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Loads what all clips share. */
export async function openContext({ folder, settings, noiseFolder }: PrepareWorkerData) {
  const rate = settings.frontEnd.sampleRateHz;
  const noises =
    noiseFolder === null
      ? new Map<string, Float32Array>()
      : await loadNoises(noiseFolder, settings.noises, rate);
  return { folder, settings, noises };
}

if (parentPort !== null) {
  const port = parentPort;
  const context = openContext(workerData as PrepareWorkerData);
  port.on('message', async (task: PrepareTask) => {
    const answer = await context
      .then((opened) => prepareClip(task, opened))
      .then(
        (record): PrepareAnswer => ({ kind: 'done', record }),
        (error: unknown): PrepareAnswer => ({
          kind: 'failed',
          code: errorCodeOf(error),
          message: String(error),
        }),
      );
    port.postMessage(answer);
  });
}
