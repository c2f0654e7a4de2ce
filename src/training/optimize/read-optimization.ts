import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { Bundle } from '../../inference/index.js';
import { OPTIMIZATION_FILE, type Optimization } from './report.js';

/**
 * What was done to make a bundle small; `null` where nothing was, or where the file is of other weights.
 * @throws UT_TRAINING_BAD_DATA where the file is damaged
 */
export async function readOptimization(
  folder: string,
  { modelId }: Pick<Bundle, 'modelId'>,
): Promise<Optimization | null> {
  const place = join(folder, OPTIMIZATION_FILE);
  const text = await readFile(place, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const optimization = JSON.parse(text) as Optimization;
    return optimization.builds.at(-1)?.modelId === modelId ? optimization : null;
  } catch (cause) {
    const detail = `it is no table of builds (${(cause as Error).message}). Run \`undertone optimize\` again.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place, cause });
  }
}
