import { UndertoneError } from '../../errors.js';
import { compileInt8, type KerasModel, vgg16Of, writeKerasArchive } from '../../inference/index.js';
import { pruneFilters } from './prune.js';
import { chooseFilters, type FilterImportance } from './rank-filters.js';

/** How much is to go: a share of all filters, or as much as makes the file fit. */
export type PruneTarget = { readonly share: number } | { readonly bytes: number };

/** The share is found to this. */
const SHARE_STEP = 1 / 256;

/**
 * Prunes a model to a target; its weights are not trained again.
 * @param int8 whether the bytes are those of the integer build
 * @throws UT_TRAINING_BAD_OPTIONS where the share is none, or no share gives so small a file
 */
export async function shrink(
  model: KerasModel,
  importance: FilterImportance,
  target: PruneTarget,
  int8: boolean,
): Promise<KerasModel> {
  const pruned = (share: number) => pruneFilters(model, chooseFilters(importance, share));
  if ('share' in target) {
    if (target.share > 0 && target.share < 1) return pruned(target.share);
    const detail = `${target.share} where a share between 0 and 1 is needed.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--prune' });
  }
  const bytesAt = (share: number) => bytesOf(pruned(share), int8);
  let [tooLittle, enough] = [0, 1];
  const least = await bytesAt(enough);
  if (least > target.bytes) {
    const detail = `${target.bytes} bytes are too few: of this model ${least} remain at least.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--target-bytes' });
  }
  while (enough - tooLittle > SHARE_STEP) {
    const middle = (tooLittle + enough) / 2;
    if ((await bytesAt(middle)) > target.bytes) tooLittle = middle;
    else enough = middle;
  }
  return pruned(enough);
}

async function bytesOf(model: KerasModel, int8: boolean): Promise<number> {
  if (!int8) return (await writeKerasArchive(model)).length;
  const network = vgg16Of(model, `model "${model.name}"`);
  return compileInt8(
    network,
    network.architecture.filters.map(() => 1),
  ).length;
}
