import type { TrainingClip } from '../data/batches.js';
import { type Dataset, loadClip, loadVariants } from '../data/dataset.js';
import type { PreparedClip } from '../prepare/manifest.js';
import type { SpokenLabel } from '../vocabulary.js';
import type { ValidationClip } from './validator.js';

/** Files that are read at once. */
const READERS = 16;

/**
 * The recordings of clips in their order, with their changed copies or alone.
 * @param labels in the order of the model's outputs
 */
export function loadTrainingClips(
  dataset: Dataset,
  clips: readonly PreparedClip[],
  labels: readonly SpokenLabel[],
  copies: boolean,
): Promise<TrainingClip[]> {
  return mapInGroups(clips, async (clip) => ({
    label: labels.indexOf(clip.label),
    variants: copies ? await loadVariants(dataset, clip) : [await loadClip(dataset, clip)],
  }));
}

/** The unchanged recordings of clips, in their order. */
export function loadRecordings(
  dataset: Dataset,
  clips: readonly PreparedClip[],
  labels: readonly SpokenLabel[],
): Promise<ValidationClip[]> {
  return mapInGroups(clips, async (clip) => ({
    label: labels.indexOf(clip.label),
    clip: await loadClip(dataset, clip),
  }));
}

async function mapInGroups<T, U>(items: readonly T[], map: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let from = 0; from < items.length; from += READERS) {
    results.push(...(await Promise.all(items.slice(from, from + READERS).map(map))));
  }
  return results;
}
