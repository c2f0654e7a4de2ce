import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { loadBundle } from '../../inference/index.js';
import { isRun } from '../fit/run.js';
import { type ProtocolName, protocolOf } from '../protocols.js';

/** Whose models the folds of a protocol are judged by. */
export interface FoldModels {
  /** The recipe, or the name of the models where another command made them. */
  readonly name: string;
  /** As by `optimize`, of a model of each fold: they are judged as they are, and nothing is trained. */
  readonly areMadeElsewhere: boolean;
}

interface Asked {
  readonly protocol: ProtocolName;
  readonly recipeName: string;
  readonly runs: string;
}

/**
 * All of them are models of one kind: others can't be pooled.
 * @param names of the folds
 * @throws UT_TRAINING_BAD_OPTIONS where they are not, or where a bundle is of another fold; those of loadBundle
 */
export async function modelsOfFolds(asked: Asked, names: readonly string[]): Promise<FoldModels> {
  const made = await Promise.all(names.map((name) => madeElsewhere(asked, name)));
  const kinds = made.map((name) => name ?? `recipe ${asked.recipeName}`);
  const other = kinds.findIndex((kind) => kind !== kinds[0]);
  if (other < 0) return { name: made[0] ?? asked.recipeName, areMadeElsewhere: made[0] !== null };
  const detail = `the model of ${names[0]} is of ${kinds[0]}, that of ${names[other]} is of ${kinds[other]}: figures of different models can't be pooled. Give each kind a folder of its own.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--runs' });
}

/** Name of the bundle where no run trained it; `null` where one did or will. */
async function madeElsewhere({ runs, protocol }: Asked, fold: string): Promise<string | null> {
  const folder = join(runs, fold, 'bundle');
  if (await isRun(join(runs, fold))) return null;
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const { name, training } = await loadBundle(folder);
  const { modelsOf = protocol } = protocolOf(protocol);
  if (training.protocol === modelsOf && training.fold === fold) return name;
  const detail = `the model there is not of ${modelsOf}, ${fold}. Move it, or name another folder.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: folder });
}
