import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UndertoneError } from '../../errors.js';
import { argumentsOfFold } from './fold-arguments.js';

export interface FoldProcesses {
  /** Names of the folds, each of which gets a process. */
  readonly folds: readonly string[];
  /** Processes at once. */
  readonly parallel: number;
  /** Holds a folder for each fold. */
  readonly runs: string;
  readonly maxMinutes: number | undefined;
  /** Asks the processes to save and end. */
  readonly signal: AbortSignal;
}

/**
 * Two steps of training on one thread each take as long as one step on two threads: the small layers leave a second thread
 * idle. What was set from outside stays.
 */
const ONE_THREAD = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: '1' };

/**
 * Trains and judges folds by this same command, once for each of them.
 * @returns how many are done: all, or fewer where the time was over
 * @throws UT_TRAINING_FOLD_FAILED where a process ended with an error, UT_TRAINING_INTERRUPTED
 */
export async function trainFoldsInProcesses(options: FoldProcesses): Promise<number> {
  const { folds, parallel, runs, maxMinutes, signal } = options;
  const deadline = Date.now() + (maxMinutes ?? Infinity) * 60_000;
  const waiting = [...folds];
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const work = async () => {
    for (let fold = waiting.shift(); fold !== undefined && !ended.aborted; fold = waiting.shift()) {
      const minutesLeft = maxMinutes === undefined ? undefined : (deadline - Date.now()) / 60_000;
      if (minutesLeft !== undefined && minutesLeft <= 0) return;
      await trainFold(fold, figuresOf(runs, fold), minutesLeft, ended).catch((error: unknown) => {
        stop.abort();
        throw error;
      });
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: parallel }, work));
  if (signal.aborted)
    throw new UndertoneError('UT_TRAINING_INTERRUPTED', 'each fold is saved where it said so.');
  const failed = workers.find((worker) => worker.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return folds.filter((fold) => existsSync(figuresOf(runs, fold))).length;
}

/** Is written when the fold is done. */
const figuresOf = (runs: string, fold: string) => join(runs, fold, 'figures.md');

async function trainFold(
  fold: string,
  card: string,
  maxMinutes: number | undefined,
  ended: AbortSignal,
): Promise<void> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, ...argumentsOfFold(process.argv.slice(1), { fold, card, maxMinutes })],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...ONE_THREAD, ...process.env } },
  );
  sayAs(fold, child.stderr);
  const interrupt = () => child.kill('SIGINT');
  ended.addEventListener('abort', interrupt);
  const code = await exitOf(child).finally(() => ended.removeEventListener('abort', interrupt));
  if (code === 0 || ended.aborted) return;
  const detail = `the process of ${fold} ended with ${code}; it says why above.`;
  throw new UndertoneError('UT_TRAINING_FOLD_FAILED', detail, { place: fold });
}

function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal!));
  });
}

/** Lines of several processes stay whole, and say whose they are. */
function sayAs(fold: string, lines: Readable): void {
  createInterface({ input: lines }).on('line', (line) => process.stderr.write(`${fold}  ${line}\n`));
}
