import { Worker } from 'node:worker_threads';
import { UndertoneError } from '../../errors.js';
import type { PreparedClip } from './manifest.js';
import { type PrepareContext, type PrepareTask, prepareClip } from './prepare-clip.js';
import { answerOf, type PrepareAnswer } from './prepare-worker.js';

/** Receives each result as it comes; results of one task never come twice. */
export interface PrepareOutcome {
  done(record: PreparedClip): Promise<void>;
  /** The recording itself can't be used (UT_AUDIO_…): the others go on without it. */
  leftOut(task: PrepareTask, message: string): void;
}

/**
 * Runs all tasks, in worker threads or (threads = 0) here; resolves when each has been answered. Whatever goes wrong
 * beside an unusable recording ends all of it.
 */
export async function runTasks(
  tasks: readonly PrepareTask[],
  context: PrepareContext,
  threads: number,
  outcome: PrepareOutcome,
): Promise<void> {
  const queue = queueOf(tasks);
  if (threads === 0) return serve(queue, outcome, (task) => answerOf(prepareClip(task, context)));
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => openThread(context));
  try {
    await Promise.all(workers.map(({ ask }) => serve(queue, outcome, ask)));
  } finally {
    queue.return();
    await Promise.all(workers.map(({ close }) => close()));
  }
}

/** One queue for all threads; once it has been returned it holds nothing for any of them. */
function* queueOf(tasks: readonly PrepareTask[]): Generator<PrepareTask, void> {
  yield* tasks;
}

async function serve(
  queue: Iterator<PrepareTask, void>,
  outcome: PrepareOutcome,
  ask: (task: PrepareTask) => Promise<PrepareAnswer>,
): Promise<void> {
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    const answer = await ask(next.value);
    if (answer.kind === 'done') await outcome.done(answer.record);
    else if (answer.code?.startsWith('UT_AUDIO_'))
      outcome.leftOut(next.value, `${answer.code}: ${answer.message}`);
    else throw errorOf(answer, next.value);
  }
}

function errorOf({ code, message }: Extract<PrepareAnswer, { kind: 'failed' }>, task: PrepareTask): Error {
  return code === null
    ? new Error(`${task.clip.path}: ${message}`)
    : new UndertoneError(code, message, { place: task.clip.path });
}

function openThread(context: PrepareContext) {
  const worker = new Worker(new URL('./prepare-worker.js', import.meta.url), { workerData: context });
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new UndertoneError('UT_INTERNAL', `a thread that prepares clips ended with code ${code}.`));
    });
  });
  // Whoever waits for an answer hears of it; between two answers nobody has to.
  ended.catch(() => {});
  const ask = (task: PrepareTask) => {
    const answer = new Promise<PrepareAnswer>((resolve) => worker.once('message', resolve));
    worker.postMessage(task);
    return Promise.race([answer, ended]);
  };
  return { ask, close: () => worker.terminate() };
}
