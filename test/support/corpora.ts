import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the speech corpora, which are never part of this repository. */
export const CORPORA = resolve(
  process.env.UNDERTONE_CORPORA ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url)),
);

/**
 * Whether tests on real recordings can run. Where they cannot, the suite is to be skipped (the reason is printed); in
 * CI that is an error.
 */
export function hasCorpora(): boolean {
  if (existsSync(CORPORA)) return true;
  const message = `no recordings in ${CORPORA}; name their folder: export UNDERTONE_CORPORA=/path/to/corpora`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`skipped: ${message}`);
  return false;
}

export function recording(...path: readonly string[]): string {
  return join(CORPORA, ...path);
}
