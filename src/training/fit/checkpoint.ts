import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { UndertoneError } from '../../errors.js';
import { writeFileAtomically } from '../files.js';
import type { StoppingState } from './schedule.js';
import type { Stepper } from './step.js';

/**
 * Everything that training needs to go on after epoch `epoch` as if it had never stopped. Random draws need no state:
 * each epoch's are seeded by its number.
 */
export interface Checkpoint {
  readonly epoch: number;
  readonly weights: readonly Float32Array[];
  readonly averages: readonly Float32Array[];
  readonly averagedSteps: number;
  readonly optimizer: Awaited<ReturnType<Stepper['state']>>;
  readonly stopping: StoppingState;
  /** The averaged weights of the best epoch so far. */
  readonly best: readonly Float32Array[];
}

interface CheckpointFile extends Checkpoint {
  readonly format: 1;
  /** The settings that decide the numbers: another run's checkpoint is refused. */
  readonly settings: string;
}

const pathOf = (folder: string) => join(folder, 'checkpoint.bin');

export async function saveCheckpoint(
  folder: string,
  settings: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const file: CheckpointFile = { format: 1, settings, ...checkpoint };
  await writeFileAtomically(pathOf(folder), serialize(file));
}

/** The checkpoint of a run folder; `null` where there is none. @throws UT_TRAINING_BAD_CHECKPOINT */
export async function loadCheckpoint(folder: string, settings: string): Promise<Checkpoint | null> {
  const bytes = await readFile(pathOf(folder)).catch(() => null);
  if (bytes === null) return null;
  const file = parse(bytes, pathOf(folder));
  if (file.settings !== settings) {
    const detail = 'it belongs to a run with other settings.';
    throw new UndertoneError('UT_TRAINING_BAD_CHECKPOINT', detail, { place: pathOf(folder) });
  }
  return file;
}

function parse(bytes: Buffer, place: string): CheckpointFile {
  try {
    const file = deserialize(bytes) as CheckpointFile;
    if (file.format === 1) return file;
    throw new Error(`format ${String(file.format)}`);
  } catch (cause) {
    throw new UndertoneError('UT_TRAINING_BAD_CHECKPOINT', `it is no checkpoint (${String(cause)}).`, {
      place,
      cause,
    });
  }
}
