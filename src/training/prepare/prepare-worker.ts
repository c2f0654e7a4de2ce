import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, UndertoneError } from '../../errors.js';
import type { PreparedClip } from './manifest.js';
import { type PrepareContext, type PrepareTask, prepareClip } from './prepare-clip.js';

/** One answer to each task, in the order of the tasks. `code` is null for what Undertone did not raise itself. */
export type PrepareAnswer =
  | { readonly kind: 'done'; readonly record: PreparedClip }
  | { readonly kind: 'failed'; readonly code: ErrorCode | null; readonly message: string };

/** What came of a task, in a form that crosses threads. */
export function answerOf(work: Promise<PreparedClip>): Promise<PrepareAnswer> {
  return work.then(
    (record) => ({ kind: 'done', record }),
    (error: unknown) =>
      error instanceof UndertoneError
        ? { kind: 'failed', code: error.code, message: error.detail }
        : { kind: 'failed', code: null, message: String(error) },
  );
}

if (parentPort !== null) {
  const port = parentPort;
  port.on('message', async (task: PrepareTask) => {
    port.postMessage(await answerOf(prepareClip(task, workerData as PrepareContext)));
  });
}
