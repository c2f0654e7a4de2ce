import { Worker } from 'node:worker_threads';
import type { PreparedClip } from './manifest.js';
import { type PrepareTask, prepareClip } from './prepare-clip.js';
import { openContext, type PrepareAnswer, type PrepareWorkerData } from './prepare-worker.js';

/** Receives each result as it comes; results of one task never come twice. */
export interface PrepareOutcome {
  done(record: PreparedClip): Promise<void>;
  failed(task: PrepareTask, message: string): void;
}

/** Runs all tasks, in worker threads or (threads = 0) here; resolves when each has been answered. */
export async function runTasks(
  tasks: readonly PrepareTask[],
  data: PrepareWorkerData,
  threads: number,
  outcome: PrepareOutcome,
): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  if (threads === 0) return runHere(queue, data, outcome);
  await Promise.all(Array.from({ length: threads }, () => runThread(queue, data, outcome)));
}

async function runHere(
  queue: Iterator<PrepareTask>,
  data: PrepareWorkerData,
  outcome: PrepareOutcome,
): Promise<void> {
  const context = await openContext(data);
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    await prepareClip(next.value, context).then(
      (record) => outcome.done(record),
      (error: unknown) => outcome.failed(next.value as PrepareTask, String(error)),
    );
  }
}

/** The threads share one queue; each takes the next task when it has answered the last. */
async function runThread(
  queue: Iterator<PrepareTask>,
  data: PrepareWorkerData,
  outcome: PrepareOutcome,
): Promise<void> {
  const worker = new Worker(new URL('./prepare-worker.js', import.meta.url), { workerData: data });
  try {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const answer = await ask(worker, next.value);
      if (answer.kind === 'done') await outcome.done(answer.record);
      else outcome.failed(next.value, answer.message);
    }
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker, task: PrepareTask): Promise<PrepareAnswer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: PrepareAnswer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(task);
  });
}
