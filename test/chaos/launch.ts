import type { Journal } from './journal.js';
import type { ChaosOptions } from './options.js';
import { type Stage, type Troupe, workerSettings } from './stage.js';
import { WorkerProcess } from './worker-process.js';

/** What one worker has for itself. */
export interface OwnWays {
  /** `path=value` */
  readonly settings?: readonly string[];
  readonly restartMs?: number;
}

export function createWorker(
  options: ChaosOptions,
  stage: Stage,
  troupe: Troupe,
  name: string,
  journal: Journal,
  { settings: own = [], ...ways }: OwnWays = {},
): WorkerProcess {
  const settings = [...workerSettings(options, stage, troupe, name), ...own];
  return new WorkerProcess({ name, program: options.program, settings, ...ways }, journal);
}
