import { EMOTIONS } from '../../inference/index.js';
import type { TrainingClip } from '../data/batches.js';
import { type Dataset, loadClip, loadVariants } from '../data/dataset.js';
import type { PreparedClip } from '../prepare/manifest.js';
import type { ValidationClip } from './validator.js';

/** Files that are read at once. */
const READERS = 16;

const labelIndex = (clip: PreparedClip) => EMOTIONS.indexOf(clip.label);

/** All recordings and variants of clips, in their order. */
export function loadTrainingClips(dataset: Dataset, clips: readonly PreparedClip[]): Promise<TrainingClip[]> {
  return mapInGroups(clips, async (clip) => ({
    label: labelIndex(clip),
    variants: await loadVariants(dataset, clip),
  }));
}

/** The unchanged recordings of clips, in their order. */
export function loadRecordings(dataset: Dataset, clips: readonly PreparedClip[]): Promise<ValidationClip[]> {
  return mapInGroups(clips, async (clip) => ({
    label: labelIndex(clip),
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
